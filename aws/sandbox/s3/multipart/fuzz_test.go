package multipart

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"bothways/aws/sandbox/refusal/refusaltest"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func FuzzParseParts(f *testing.F) {
	f.Add("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"e\"</ETag></Part></CompleteMultipartUpload>")
	f.Add("<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>e</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part></CompleteMultipartUpload>")
	f.Fuzz(func(t *testing.T, doc string) {
		parts, err := parseParts([]byte(doc))
		refusaltest.Only(t, err)
		for i, p := range parts {
			if p.number < 1 || p.number > objects.MaxParts || i > 0 && p.number <= parts[i-1].number {
				t.Errorf("parts out of order: %+v", parts)
			}
		}
	})
}

// FuzzUploadHeaders reads what a multipart upload says in its headers.
func FuzzUploadHeaders(f *testing.F) {
	f.Add("X-Amz-Checksum-Algorithm", "crc32")
	f.Add("X-Amz-Mp-Object-Size", "12")
	f.Fuzz(func(t *testing.T, name, value string) {
		sent := httptest.NewRequest(http.MethodPut, "/b/k", nil)
		sent.Header.Set(name, value)
		sent.Header.Add("X-Amz-Object-Lock-Mode", "GOVERNANCE")
		c := &request.Call{R: sent, W: httptest.NewRecorder(), Query: url.Values{}, Bucket: &store.Bucket{}, BucketName: "b", Key: "k"}
		refusaltest.Only(t, checkFinalHeaders(c))
		_, err := uploadChecksum(c)
		refusaltest.Only(t, err)
	})
}
