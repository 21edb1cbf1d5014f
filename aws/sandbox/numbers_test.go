package sandbox_test

import (
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// beyond is 2^64 and more, which no integer of S3 holds.
const (
	beyond     = "18446744073709551616"
	wellBeyond = "99999999999999999999999999"
)

func TestARangeBeyondAllIntegersIsReadAsAnyOther(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	w.put("here", ireland, "k", "0123456789")
	w.put("here", ireland, "empty", "")
	for span, want := range map[string]struct {
		status int
		body   string
	}{
		"bytes=7-" + beyond:                   {206, "789"},
		"bytes=7-9223372036854775808":         {206, "789"},
		"bytes=-" + beyond:                    {206, "0123456789"},
		"bytes=000000000000000000000000007-8": {206, "78"},
		"bytes=" + beyond + "-":               {416, ""},
		"bytes=" + beyond + "-" + wellBeyond:  {416, ""},
		"bytes=" + wellBeyond + "-" + beyond:  {200, "0123456789"},
		"bytes=" + beyond + "-3":              {200, "0123456789"},
		"bytes=+1-3":                          {200, "0123456789"},
		"bytes=1-+3":                          {200, "0123456789"},
		"bytes=--3":                           {200, "0123456789"},
		"bytes=1-0x5":                         {200, "0123456789"},
		"bytes=1-3.5":                         {200, "0123456789"},
		"bytes=-":                             {200, "0123456789"},
		"bytes=" + beyond + "x-":              {200, "0123456789"},
	} {
		got := w.raw(rawRequest{method: "GET", path: "/here/k", header: map[string]string{"Range": span}})
		if got.status != want.status || want.body != "" && got.body != want.body {
			t.Errorf("%s: %d %q, want %d %q", span, got.status, got.body, want.status, want.body)
		}
		if want.status == 416 {
			got.want(t, 416, "InvalidRange", "The requested range is not satisfiable")
		}
	}
	w.raw(rawRequest{method: "GET", path: "/here/empty", header: map[string]string{"Range": "bytes=0-" + beyond}}).want(t, 416, "InvalidRange", "")
}

func TestANumberBeyondAllIntegersIsRefusedInTheWordsOfItsParameter(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	w.put("here", ireland, "k", "0123456789")
	begun, err := w.s3(ireland).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String("here"), Key: aws.String("up")})
	upload := *must(t, begun, err).UploadId
	for _, number := range []string{"2147483648", "9223372036854775808", beyond, wellBeyond} {
		for _, c := range []struct {
			method, path string
			header       map[string]string
			code         string
		}{
			{"GET", "/here?list-type=2&max-keys=" + number, nil, "InvalidArgument"},
			{"GET", "/here?versions&max-keys=" + number, nil, "InvalidArgument"},
			{"GET", "/here?uploads&max-uploads=" + number, nil, "InvalidArgument"},
			{"GET", "/?max-buckets=" + number, nil, "InvalidArgument"},
			{"GET", "/here/up?uploadId=" + upload + "&max-parts=" + number, nil, "InvalidArgument"},
			{"GET", "/here/up?uploadId=" + upload + "&part-number-marker=" + number, nil, "InvalidArgument"},
			{"GET", "/here/k?partNumber=" + number, nil, "InvalidArgument"},
			{"PUT", "/here/up?uploadId=" + upload + "&partNumber=" + number, nil, "InvalidArgument"},
			{"GET", "/here/k?attributes", map[string]string{"X-Amz-Object-Attributes": "ObjectParts", "X-Amz-Max-Parts": number}, "InvalidArgument"},
			{"GET", "/here/k?attributes", map[string]string{"X-Amz-Object-Attributes": "ObjectParts", "X-Amz-Part-Number-Marker": number}, "InvalidArgument"},
			{"PUT", "/here/up?partNumber=1&uploadId=" + upload, map[string]string{"X-Amz-Copy-Source": "/here/k", "X-Amz-Copy-Source-Range": "bytes=0-" + number}, "InvalidArgument"},
		} {
			w.raw(rawRequest{method: c.method, path: c.path, header: c.header}).want(t, 400, c.code, "")
		}
	}
	got := w.raw(rawRequest{method: "PUT", path: "/here/up?partNumber=1&uploadId=" + upload, header: map[string]string{"X-Amz-Copy-Source": "/here/k", "X-Amz-Copy-Source-Range": "bytes=0-" + beyond}})
	got.want(t, 400, "InvalidArgument", "Range specified is not valid for source object of size: 10")
	late := types.LifecycleRule{
		Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{ObjectSizeGreaterThan: aws.Int64(math.MaxInt64)},
		Expiration: &types.LifecycleExpiration{Days: aws.Int32(math.MaxInt32)},
	}
	_, err = w.s3(ireland).PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String("here"), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{late}},
	})
	must(t, 0, err)
	if out, err := w.head("here", ireland, "k", ""); err != nil || out.Expiration != nil {
		t.Errorf("%v, %v", out, err)
	}
}

func TestALengthBeyondAllIntegersIsTooLarge(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	for _, length := range []string{"5368709121", "9223372036854775807", beyond} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://127.0.0.1:9000/here/chunks", strings.NewReader("0\r\n\r\n"))
		must(t, request, err)
		request.Header.Set("X-Amz-Decoded-Content-Length", length)
		w.sign(request, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", ireland)
		w.send(request).want(t, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	}
}
