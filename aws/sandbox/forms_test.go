package sandbox_test

import (
	"encoding/base64"
	"hash/crc32"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// What other clients send in their own forms, and S3 takes.

func TestTheGlobalEndpointMakesBucketsElsewhere(t *testing.T) {
	w := quick(t)
	for constraint, region := range map[string]string{ireland: ireland, "EU": ireland, "us-west-2": "us-west-2"} {
		name := "from-afar-" + strings.ToLower(constraint)
		_, err := w.s3("us-east-1").CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(constraint)},
		})
		if err != nil {
			t.Errorf("%s: %v", constraint, err)
			continue
		}
		head, err := w.s3(region).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name})
		if err != nil || *head.BucketRegion != region {
			t.Errorf("%s: the bucket is not in %s: %v", constraint, region, err)
		}
		again := w.raw(rawRequest{method: http.MethodHead, path: "/" + name, region: "us-east-1"})
		if again.status != http.StatusMovedPermanently || again.header.Get("X-Amz-Bucket-Region") != region {
			t.Errorf("at the global endpoint HEAD says %d, %v", again.status, again.header)
		}
	}
	// Younger regions are none of the global endpoint's.
	w.raw(rawRequest{method: http.MethodPut, path: "/young", region: "us-east-1", body: constrained("ap-south-2")}).
		want(t, http.StatusBadRequest, "IllegalLocationConstraintException", "")
}

func constrained(region string) string {
	return "<CreateBucketConfiguration><LocationConstraint>" + region + "</LocationConstraint></CreateBucketConfiguration>"
}

func TestTheNamesOfTheGlobalEndpointLeadOn(t *testing.T) {
	w := quick(t)
	w.plainBucket("there", ireland)
	for host, status := range map[string]int{"there.s3.amazonaws.com": http.StatusTemporaryRedirect, "there.s3.us-east-1.amazonaws.com": http.StatusMovedPermanently} {
		answer := w.rawAt(host, rawRequest{method: http.MethodGet, path: "/k?x=1", region: "us-east-1"})
		if answer.status != status || answer.header.Get("X-Amz-Bucket-Region") != ireland {
			t.Errorf("%s: %d, %v", host, answer.status, answer.header)
		}
		if to := answer.header.Get("Location"); (to != "") != (status == http.StatusTemporaryRedirect) || to != "" && to != "https://there.s3.eu-west-1.amazonaws.com/k?x=1" {
			t.Errorf("%s leads to %q", host, to)
		}
	}
	w.rawAt("s3.us-east-1.amazonaws.com", rawRequest{method: http.MethodPut, path: "/regional", region: "us-east-1", body: constrained(ireland)}).
		want(t, http.StatusBadRequest, "IllegalLocationConstraintException", "")
	w.rawAt("s3.amazonaws.com", rawRequest{method: http.MethodPut, path: "/global", region: "us-east-1", body: constrained(ireland)}).
		want(t, http.StatusOK, "", "")
}

func TestParametersThatS3DoesNotKnowChangeNothing(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	for path, status := range map[string]int{
		"/box?x-foo=1": 200, "/box?list-type=2&metadata=true": 200, "/box?versions&metadata=true": 200, "/box/k?If-None-Match=*&x=": 200,
		"/box?lifecycle&withUpdatedAt=true": 404, "/box/k?torrent": 501, "/box?metadataTable": 501,
	} {
		if got := w.raw(rawRequest{method: http.MethodGet, path: path}); got.status != status {
			t.Errorf("%s is answered with %d: %s", path, got.status, got.body)
		}
	}
}

func TestListsTellTimesAsHeadersDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pass(1234567 * time.Microsecond)
		w := quick(t)
		w.bucket("box", ireland)
		w.put("box", ireland, "k", "content")
		head, err := w.head("box", ireland, "k", "")
		must(t, head, err)
		upload, err := w.s3(ireland).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String("box"), Key: aws.String("u")})
		must(t, upload, err)
		_, err = w.s3(ireland).UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: aws.String("box"), Key: aws.String("u"), UploadId: upload.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x"),
		})
		must(t, 0, err)
		times := regexp.MustCompile(`<(LastModified|CreationDate|Initiated)>([^<]*)<`)
		for _, path := range []string{"/", "/box", "/box?list-type=2", "/box?versions", "/box?uploads", "/box/u?uploadId=" + *upload.UploadId} {
			found := times.FindAllStringSubmatch(w.raw(rawRequest{method: http.MethodGet, path: path}).body, -1)
			if len(found) == 0 {
				t.Errorf("%s tells no time", path)
			}
			for _, f := range found {
				if !strings.HasSuffix(f[2], ".000Z") {
					t.Errorf("%s tells the %s %s", path, f[1], f[2])
				}
			}
		}
		list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("box")})
		if must(t, list, err); !list.Versions[0].LastModified.Equal(*head.LastModified) {
			t.Errorf("the list says %v, HEAD %v", list.Versions[0].LastModified, head.LastModified)
		}
	})
}

func TestVersionsThatNeverWereCannotBeDeleted(t *testing.T) {
	w := quick(t)
	w.bucket("box", ireland)
	const never = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	remove := func(id string) error {
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), VersionId: &id})
		return err
	}
	refused(t, remove(never), "InvalidArgument", "Invalid version id specified")
	id := *w.put("box", ireland, "k", "content").VersionId
	for range 2 { // what is gone is gone
		if err := remove(id); err != nil {
			t.Error(err)
		}
	}
	out, err := w.s3(ireland).DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("box"), Delete: &types.Delete{
		Objects: []types.ObjectIdentifier{{Key: aws.String("k"), VersionId: aws.String(never)}, {Key: aws.String("k"), VersionId: &id}},
	}})
	if must(t, out, err); len(out.Errors) != 1 || *out.Errors[0].Code != "NoSuchVersion" || len(out.Deleted) != 1 {
		t.Errorf("at once: %+v, %+v", out.Errors, out.Deleted)
	}
}

// uploads begins an upload of one part of three bytes, with a checksum header.
func (w *world) uploads(in s3.CreateMultipartUploadInput) (id, etag, sum string) {
	w.Helper()
	in.Bucket, in.Key = aws.String("box"), aws.String("k")
	created := w.raw(rawRequest{method: http.MethodPost, path: "/box/k?uploads", header: map[string]string{
		"X-Amz-Checksum-Algorithm": string(in.ChecksumAlgorithm), "X-Amz-Checksum-Type": string(in.ChecksumType),
	}})
	_, after, _ := strings.Cut(created.body, "<UploadId>")
	id, _, _ = strings.Cut(after, "<")
	digest := crc32.NewIEEE()
	_, _ = io.WriteString(digest, "abc")
	sum = base64.StdEncoding.EncodeToString(digest.Sum(nil))
	part := w.raw(rawRequest{method: http.MethodPut, path: "/box/k?partNumber=1&uploadId=" + id, body: "abc", header: map[string]string{"X-Amz-Checksum-Crc32": sum}})
	if got := part.header.Get("X-Amz-Checksum-Crc32"); got != sum || part.header.Get("X-Amz-Checksum-Crc64nvme") != "" {
		w.Errorf("the part's checksum comes back as %q, %v", got, part.header)
	}
	return id, part.header.Get("Etag"), sum
}

func TestAPartHasTheChecksumThatItsClientSent(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.uploads(s3.CreateMultipartUploadInput{})
	w.uploads(s3.CreateMultipartUploadInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
}

func TestCompositeChecksumsWithAndWithoutTheirNumber(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	for _, suffix := range []string{"", "-1", "-2"} {
		id, etag, sum := w.uploads(s3.CreateMultipartUploadInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})
		raw, err := base64.StdEncoding.DecodeString(sum)
		must(t, raw, err)
		digest := crc32.NewIEEE()
		_, _ = digest.Write(raw)
		whole := base64.StdEncoding.EncodeToString(digest.Sum(nil))
		answer := w.raw(rawRequest{
			method: http.MethodPost, path: "/box/k?uploadId=" + id, header: map[string]string{"X-Amz-Checksum-Crc32": whole + suffix},
			body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag><ChecksumCRC32>" + sum + "</ChecksumCRC32></Part></CompleteMultipartUpload>",
		})
		if suffix == "-2" {
			answer.want(t, http.StatusBadRequest, "BadDigest", "")
			continue
		}
		answer.want(t, http.StatusOK, "", "")
		got, err := w.s3(ireland).GetObjectAttributes(t.Context(), &s3.GetObjectAttributesInput{
			Bucket: aws.String("box"), Key: aws.String("k"), ObjectAttributes: []types.ObjectAttributes{"Checksum", "ObjectParts"},
		})
		if must(t, got, err); *got.Checksum.ChecksumCRC32 != whole || len(got.ObjectParts.Parts) != 1 || *got.ObjectParts.TotalPartsCount != 1 {
			t.Errorf("its attributes: %q, want %q, and %+v", *got.Checksum.ChecksumCRC32, whole, got.ObjectParts)
		}
	}
}

func TestTheAttributesOfAWholeChecksumListNoParts(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	for _, in := range []s3.CreateMultipartUploadInput{
		{}, {ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, ChecksumType: types.ChecksumTypeFullObject},
	} {
		id, etag, _ := w.uploads(in)
		w.raw(rawRequest{
			method: http.MethodPost, path: "/box/k?uploadId=" + id,
			body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag></Part></CompleteMultipartUpload>",
		}).want(t, http.StatusOK, "", "")
		got := w.raw(rawRequest{method: http.MethodGet, path: "/box/k?attributes", header: map[string]string{"X-Amz-Object-Attributes": "ObjectParts"}})
		if !strings.Contains(got.body, "<ObjectParts><PartsCount>1</PartsCount></ObjectParts>") {
			t.Errorf("it is told of as %s", got.body)
		}
	}
}

func TestAnEmptyBodyInChunksHasALength(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	endpoint, err := w.sandbox.Listen(t.Context(), "")
	must(t, endpoint, err)
	if status := w.chunked(endpoint, "/box/k", "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "0"); status != http.StatusOK {
		t.Errorf("it is answered with %d", status)
	}
}

func TestAChangeDuringAnUploadIsAConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := quick(t)
		w.plainBucket("box", ireland)
		for name, row := range map[string]struct {
			condition string
			before    bool
			meanwhile func()
			status    int
		}{
			"nothing":             {"If-Match", true, func() {}, 200},
			"the same again":      {"If-Match", true, func() { w.put("box", ireland, "k", "content") }, 409},
			"another":             {"If-Match", true, func() { w.put("box", ireland, "k", "other") }, 412},
			"deleted":             {"If-None-Match", true, func() { w.remove("box", "k") }, 409},
			"written":             {"If-None-Match", false, func() { w.put("box", ireland, "k", "content") }, 412},
			"there was none ever": {"If-None-Match", false, func() {}, 200},
		} {
			w.remove("box", "k")
			value := "*"
			if row.before {
				value = *w.put("box", ireland, "k", "content").ETag
			}
			if row.condition == "If-None-Match" {
				value = "*"
			}
			pass(time.Second)
			id, etag, _ := w.uploads(s3.CreateMultipartUploadInput{})
			pass(time.Second)
			row.meanwhile()
			answer := w.raw(rawRequest{
				method: http.MethodPost, path: "/box/k?uploadId=" + id, header: map[string]string{row.condition: value},
				body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + etag + "</ETag></Part></CompleteMultipartUpload>",
			})
			if answer.status != row.status {
				t.Errorf("%s: %d, want %d: %s", name, answer.status, row.status, answer.body)
			}
			if answer.status == http.StatusConflict {
				answer.want(t, http.StatusConflict, "ConditionalRequestConflict", "")
			}
		}
	})
}

func (w *world) remove(bucket, key string) {
	w.Helper()
	_, err := w.s3(ireland).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
	must(w, 0, err)
}

func TestADateInTheFutureIsNoCondition(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	future := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	if got := w.raw(rawRequest{method: http.MethodGet, path: "/box/k", header: map[string]string{"If-Modified-Since": future}}); got.status != http.StatusOK {
		t.Errorf("GET is answered with %d", got.status)
	}
	w.raw(rawRequest{method: http.MethodPut, path: "/box/copy", header: map[string]string{
		"X-Amz-Copy-Source": "/box/k", "X-Amz-Copy-Source-If-Modified-Since": future,
	}}).want(t, http.StatusOK, "", "")
}

func TestADeleteMarkerHasNothingBesideIt(t *testing.T) {
	w := quick(t)
	w.lockedBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	w.remove("box", "k")
	for _, path := range []string{"/box/k?tagging", "/box/k?acl", "/box/k?legal-hold", "/box/k?retention"} {
		answer := w.raw(rawRequest{method: http.MethodGet, path: path})
		answer.want(t, http.StatusMethodNotAllowed, "MethodNotAllowed", "")
		if answer.header.Get("X-Amz-Delete-Marker") != "true" {
			t.Errorf("%s does not say that it is a delete marker", path)
		}
	}
	w.raw(rawRequest{method: http.MethodPut, path: "/box/k?tagging", body: "<Tagging><TagSet></TagSet></Tagging>"}).
		want(t, http.StatusMethodNotAllowed, "MethodNotAllowed", "")
	w.raw(rawRequest{method: http.MethodGet, path: "/box/k"}).want(t, http.StatusNotFound, "NoSuchKey", "")
}

func TestALiftedLegalHoldIsToldOf(t *testing.T) {
	w := quick(t)
	w.lockedBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	for _, status := range []types.ObjectLockLegalHoldStatus{"", "ON", "OFF"} {
		if status != "" {
			_, err := w.s3(ireland).PutObjectLegalHold(t.Context(), &s3.PutObjectLegalHoldInput{
				Bucket: aws.String("box"), Key: aws.String("k"), LegalHold: &types.ObjectLockLegalHold{Status: status},
			})
			must(t, 0, err)
		}
		if head, err := w.head("box", ireland, "k", ""); must(t, head, err).ObjectLockLegalHoldStatus != status {
			t.Errorf("after %q HEAD says %q", status, head.ObjectLockLegalHoldStatus)
		}
	}
}

func TestAPartIsNoCopyOfMoreThanAnObjectMayBe(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.sandbox.Grow("box", "large", 5<<30+1)
	id, _, _ := w.uploads(s3.CreateMultipartUploadInput{})
	for part, size := range map[string]int64{"0-5368709120": 5<<30 + 1, "": 5<<30 + 1} {
		header := map[string]string{"X-Amz-Copy-Source": "/box/large"}
		if part != "" {
			header["X-Amz-Copy-Source-Range"] = "bytes=" + part
		}
		answer := w.raw(rawRequest{method: http.MethodPut, path: "/box/k?partNumber=2&uploadId=" + id, header: header})
		answer.want(t, http.StatusBadRequest, "InvalidRequest",
			"The specified copy source is larger than the maximum allowable size for a copy source: 5368709120")
		if t.Failed() {
			t.Fatalf("a part of %d bytes", size)
		}
	}
}

// chunked puts an object whose body is in chunks of HTTP, and in those of S3
// within, over a connection.
func (w *world) chunked(endpoint, path, body, length string) (status int) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPut, endpoint+path, struct{ io.Reader }{strings.NewReader(body)})
	must(w, request, err)
	request.ContentLength = -1
	request.Header.Set("Content-Encoding", "aws-chunked")
	request.Header.Set("X-Amz-Decoded-Content-Length", length)
	request.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
	w.sign(request, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", ireland)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}
