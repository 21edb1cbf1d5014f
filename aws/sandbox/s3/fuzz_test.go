package s3

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// onlyRefusals fails on an error that is no answer of S3's.
func onlyRefusals(t *testing.T, err error) {
	t.Helper()
	var f *refusal.Error
	if err == nil || errors.As(err, &f) && f.Code != "" && f.Status >= 300 && f.Status < 500 {
		return
	}
	if errors.As(err, &f) && f.Status == http.StatusNotImplemented {
		return
	}
	t.Errorf("not an answer: %v", err)
}

func FuzzReadCopyRange(f *testing.F) {
	f.Add("bytes=0-4", int64(10))
	f.Add("bytes=-4", int64(0))
	f.Add("bytes=4-", int64(3))
	f.Add("bytes=9223372036854775807-", int64(1))
	f.Fuzz(func(t *testing.T, text string, size int64) {
		if size < 0 {
			return
		}
		offset, length, err := readCopyRange(text, size)
		onlyRefusals(t, err)
		if err == nil && (offset < 0 || length < 1 || offset+length > size) {
			t.Errorf("copy of %q of %d bytes: %d from %d", text, size, length, offset)
		}
	})
}

func FuzzParseParts(f *testing.F) {
	f.Add("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"e\"</ETag></Part></CompleteMultipartUpload>")
	f.Add("<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>e</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part></CompleteMultipartUpload>")
	f.Fuzz(func(t *testing.T, doc string) {
		parts, err := parseParts([]byte(doc))
		onlyRefusals(t, err)
		for i, p := range parts {
			if p.number < 1 || p.number > maxParts || i > 0 && p.number <= parts[i-1].number {
				t.Errorf("parts out of order: %+v", parts)
			}
		}
	})
}

func FuzzSettings(f *testing.F) {
	f.Add("lifecycle", "<LifecycleConfiguration><Rule><Prefix/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>")
	f.Add("object-lock", "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>")
	f.Add("encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>")
	f.Add("publicAccessBlock", "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>")
	f.Add("ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>")
	f.Add("cors", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")
	f.Fuzz(func(t *testing.T, name, doc string) {
		s, found := settings[name]
		root, err := xmltree.Parse([]byte(doc))
		if !found || s.check == nil || err != nil {
			return
		}
		b := &store.Bucket{}
		if err := s.check(root, b); err != nil {
			onlyRefusals(t, err)
			return
		}
		// What was taken must be readable again, and good again.
		again, err := xmltree.Parse(root.Document())
		if err != nil {
			t.Fatalf("%s is kept as %s: %v", doc, root.Document(), err)
		}
		if err := s.check(again, b); err != nil {
			t.Errorf("%s is kept as %s: %v", doc, root.Document(), err)
		}
	})
}

func FuzzCheckPolicy(f *testing.F) {
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
	f.Add(`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"NotAction":["s3:*"],"NotResource":["arn:aws:s3:::*"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		onlyRefusals(t, checkPolicy([]byte(text), "arn:aws:s3:::b"))
	})
}

func FuzzWildcard(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("**?", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if wildcardMatches(pattern, text) && strings.Trim(pattern, "*?") == pattern && pattern != text && !strings.ContainsAny(pattern, "*?") {
			t.Errorf("%q matches %q", pattern, text)
		}
		if !wildcardMatches(text, text) || !wildcardMatches("*"+text, "x"+text) || !wildcardMatches(text+"*", text+"x") {
			t.Errorf("%q does not match itself", text)
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
		request := httptest.NewRequest(http.MethodPut, "/b/k", nil)
		request.Header.Set(name, value)
		request.Header.Add("X-Amz-Object-Lock-Mode", "GOVERNANCE")
		c := &call{r: request, w: httptest.NewRecorder(), query: url.Values{}, bucket: &store.Bucket{}, bucketName: "b", key: "k"}
		for _, err := range []error{c.checkPromise(), c.checkFinalHeaders(), c.readMeta(&store.Version{})} {
			onlyRefusals(t, err)
		}
		_, err := c.headerTags()
		onlyRefusals(t, err)
		_, err = c.uploadChecksum()
		onlyRefusals(t, err)
		_, err = c.storageClass()
		onlyRefusals(t, err)
		_, err = lockOfHeaders(request.Header, time.Now())
		onlyRefusals(t, err)
		c.keptHeaders()
	})
}

func FuzzAddress(f *testing.F) {
	f.Add("bucket.s3.eu-west-1.amazonaws.com", "/k")
	f.Add("s3.amazonaws.com:443", "/b/k")
	f.Add("b.localhost:9000", "/k/l")
	f.Fuzz(func(t *testing.T, host, path string) {
		r := &http.Request{Method: http.MethodGet, Host: host, URL: &url.URL{Path: path}}
		bucket, key, _ := Address(r)
		if !strings.Contains(host+path, bucket) || !strings.Contains(path, key) {
			t.Errorf("%q %q: bucket %q, key %q", host, path, bucket, key)
		}
	})
}
