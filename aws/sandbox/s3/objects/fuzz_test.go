package objects

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal/refusaltest"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func FuzzReadCopyRange(f *testing.F) {
	f.Add("bytes=0-4", int64(10))
	f.Add("bytes=-4", int64(0))
	f.Add("bytes=4-", int64(3))
	f.Add("bytes=9223372036854775807-", int64(1))
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		offset, length, err := ReadCopyRange(text, size)
		refusaltest.Only(t, err)
		if err == nil && (offset < 0 || length < 1 || offset+length > size) {
			t.Errorf("copy of %q of %d bytes: %d from %d", text, size, length, offset)
		}
	})
}

// FuzzRequestHeaders reads what an upload says in its headers.
func FuzzRequestHeaders(f *testing.F) {
	f.Add("X-Amz-Tagging", "a=1&b=2")
	f.Add("X-Amz-Checksum-Algorithm", "crc32")
	f.Add("X-Amz-Meta-A", "=?UTF-8?Q?a?=")
	f.Add("X-Amz-Object-Lock-Retain-Until-Date", "2030-01-01T00:00:00Z")
	f.Add("X-Amz-Website-Redirect-Location", "/x")
	f.Add("X-Amz-Mp-Object-Size", "12")
	f.Fuzz(func(t *testing.T, name, value string) {
		sent := httptest.NewRequest(http.MethodPut, "/b/k", nil)
		sent.Header.Set(name, value)
		sent.Header.Add("X-Amz-Object-Lock-Mode", "GOVERNANCE")
		c := &request.Call{R: sent, W: httptest.NewRecorder(), Query: url.Values{}, Bucket: &store.Bucket{}, BucketName: "b", Key: "k"}
		for _, err := range []error{checksum.CheckPromise(c), readMeta(c, &store.Version{})} {
			refusaltest.Only(t, err)
		}
		_, err := c.HeaderTags()
		refusaltest.Only(t, err)
		_, err = storageClass(c)
		refusaltest.Only(t, err)
		_, err = lockOfHeaders(sent.Header, time.Now())
		refusaltest.Only(t, err)
		keptHeaders(c)
	})
}

func FuzzParseRange(f *testing.F) {
	for _, text := range []string{"bytes=0-4", "bytes=5-", "bytes=-3", "bytes=9-2", "bytes=-0", "bytes=1-2,3-4", "rubbish", ""} {
		f.Add(text, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		offset, length, ok := parseRange(text, size)
		if !ok {
			return
		}
		if offset < 0 || length < 0 || length > size || length > 0 && offset > size-length {
			t.Errorf("%q of %d bytes: %d bytes from %d", text, size, length, offset)
		}
	})
}
