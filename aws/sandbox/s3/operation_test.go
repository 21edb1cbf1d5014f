package s3_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox/s3"
)

func TestOperationsHaveTheNamesOfTheAPI(t *testing.T) {
	for _, c := range []struct{ request, want string }{
		{"GET /", "ListBuckets"},
		{"PUT /b", "CreateBucket"},
		{"HEAD /b", "HeadBucket"},
		{"DELETE /b", "DeleteBucket"},
		{"GET /b", "ListObjects"},
		{"GET /b?list-type=2&prefix=x", "ListObjectsV2"},
		{"GET /b?versions", "ListObjectVersions"},
		{"GET /b?uploads", "ListMultipartUploads"},
		{"POST /b?delete", "DeleteObjects"},
		{"GET /b?location", "GetBucketLocation"},
		{"PUT /b?versioning=", "PutBucketVersioning"},
		{"PUT /b?replication", "PutBucketReplication"},
		{"DELETE /b?replication", "DeleteBucketReplication"},
		{"GET /b?lifecycle", "GetBucketLifecycleConfiguration"},
		{"DELETE /b?lifecycle", "DeleteBucketLifecycle"},
		{"GET /b?object-lock", "GetObjectLockConfiguration"},
		{"PUT /b?publicAccessBlock", "PutPublicAccessBlock"},
		{"PUT /b?metadataTable", ""},
		{"GET /b/k?torrent", ""},
		{"GET /b?x-foo=1", "ListObjects"},
		{"GET /b?list-type=2&metadata=true", "ListObjectsV2"},
		{"GET /b?lifecycle&withUpdatedAt=true", "GetBucketLifecycleConfiguration"},
		{"HEAD /b/k?If-Match=x&cachebuster", "HeadObject"},
		{"DELETE /b/k?x-foo=1&versionId=v", "DeleteObject"},
		{"PUT /b/k?acl&tagging", ""},
		{"POST /b/k?restore", "RestoreObject"},
		{"POST /b", "PostObject"},
		{"POST /b?metadataTable", ""},
		{"GET /b?ownershipControls", "GetBucketOwnershipControls"},
		{"HEAD /b/k?versionId=1", "HeadObject"},
		{"GET /b/k", "GetObject"},
		{"PUT /b/k", "PutObject"},
		{"DELETE /b/k", "DeleteObject"},
		{"PUT /b/k?tagging", "PutObjectTagging"},
		{"GET /b/k?attributes", "GetObjectAttributes"},
		{"PUT /b/k?legal-hold", "PutObjectLegalHold"},
		{"POST /b/k?uploads", "CreateMultipartUpload"},
		{"PUT /b/k?partNumber=1&uploadId=u", "UploadPart"},
		{"POST /b/k?uploadId=u", "CompleteMultipartUpload"},
		{"DELETE /b/k?uploadId=u", "AbortMultipartUpload"},
		{"GET /b/k?uploadId=u", "ListParts"},
		{"PUT /b/k copied", "CopyObject"},
		{"PUT /b/k?partNumber=1&uploadId=u copied", "UploadPartCopy"},
	} {
		method, target, _ := strings.Cut(c.request, " ")
		target, copied := strings.CutSuffix(target, " copied")
		r := httptest.NewRequest(method, target, nil)
		if copied {
			r.Header.Set("X-Amz-Copy-Source", "b/other")
		}
		if got := s3.Operation(r); got != c.want {
			t.Errorf("%s is %q, want %s", c.request, got, c.want)
		}
	}
}

// Every call of the SDK is sent, and what the sandbox takes it for must be that
// call or, if the sandbox does not know it, no other.
func TestEveryCallOfTheSDKIsTakenForItself(t *testing.T) {
	var sent *http.Request
	client := awss3.New(awss3.Options{
		Region: "eu-west-1", UsePathStyle: true, BaseEndpoint: aws.String("http://127.0.0.1"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""), RetryMaxAttempts: 1,
		HTTPClient: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = r
			return nil, errors.New("nobody answers")
		}),
	})
	known := 0
	for i := range reflect.TypeOf(client).NumMethod() {
		method := reflect.TypeOf(client).Method(i)
		if method.Type.NumIn() != 4 || method.Name == "WriteGetObjectResponse" { // that is another host's
			continue
		}
		input := reflect.New(method.Type.In(2).Elem())
		fill(input.Elem(), 0)
		sent = nil
		out := method.Func.Call([]reflect.Value{reflect.ValueOf(client), reflect.ValueOf(t.Context()), input})
		if sent == nil {
			if slices.Contains(s3.Operations(), method.Name) {
				t.Errorf("%s was not sent: %v", method.Name, out[1])
			}
			continue
		}
		want := ""
		if slices.Contains(s3.Operations(), method.Name) {
			want = method.Name
			known++
		}
		if got := s3.Operation(sent); got != want {
			t.Errorf("%s, %s %s, is taken for %q: its row is that of another sub-resource, or it is missing among the unserved of route.go", method.Name, sent.Method, sent.URL, got)
		}
	}
	if known < 50 {
		t.Errorf("only %d of the SDK's calls are known", known)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

// Do implements the SDK's HTTP client.
func (f roundTrip) Do(r *http.Request) (*http.Response, error) { return f(r) }

// own are the members that the SDK looks at itself.
var own = map[string]bool{"ContentLength": true, "ChecksumAlgorithm": true}

// fill gives the members of an input something to send, a list one element.
func fill(v reflect.Value, depth int) {
	if depth > 14 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1e9, 0)))
			return
		}
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() && !own[v.Type().Field(i).Name] {
				fill(field, depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), depth+1)
		}
	case reflect.String:
		v.SetString("bucket-x")
	case reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[io.Reader]() {
			v.Set(reflect.ValueOf(strings.NewReader("x")))
		}
	default: // stays as it is
	}
}
