package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"bothways/aws/sandbox"
)

// Whatever the operator asks for, the sandbox answers as S3 would, and never
// with an internal error.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][5]string{
		{"GET", "/here", "list-type=2&max-keys=1", "", ""},
		{"PUT", "/here/k", "", "X-Amz-Tagging: a=1", "body"},
		{"PUT", "/here/k", "partNumber=1&uploadId=x", "X-Amz-Copy-Source: here/k", ""},
		{"POST", "/here/k", "uploads", "X-Amz-Checksum-Algorithm: CRC32", ""},
		{"POST", "/here", "delete", "Content-Md5: x", "<Delete><Object><Key>k</Key></Object></Delete>"},
		{"PUT", "/here", "replication", "", "<ReplicationConfiguration><Role>r</Role></ReplicationConfiguration>"},
		{"PUT", "/here/k", "tagging&versionId=null", "", "<Tagging><TagSet/></Tagging>"},
		{"PUT", "/here/k", "retention", "", "<Retention><Mode>GOVERNANCE</Mode></Retention>"},
		{"GET", "/here", "versions&key-marker=a&version-id-marker=null&delimiter=/", "", ""},
		{"GET", "/here/k", "attributes", "X-Amz-Object-Attributes: ETag,ObjectParts", ""},
		{"PUT", "/new", "", "X-Amz-Object-Ownership: ObjectWriter", "<CreateBucketConfiguration/>"},
		{"GET", "//k", "", "", ""},
		{"PUT", "/here", "policy", "", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::here/*"}]}`},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4])
	}
	box, err := sandbox.New(sandbox.Options{NoDistance: true, Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = box.Close() })
	id, secret := box.Credentials()
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	send := func(t testing.TB, method, path, query, header, body string) *httptest.ResponseRecorder {
		address := url.URL{Scheme: "http", Host: "127.0.0.1", Path: path, RawQuery: query}
		request, err := http.NewRequestWithContext(t.Context(), method, address.String(), strings.NewReader(body))
		if err != nil {
			return nil
		}
		if name, value, found := strings.Cut(header, ": "); found {
			request.Header.Set(name, value)
		}
		sum := sha256.Sum256([]byte(body))
		hash := hex.EncodeToString(sum[:])
		request.Header.Set("X-Amz-Content-Sha256", hash)
		if signer.SignHTTP(t.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request, hash, "s3", "us-east-1", time.Now()) != nil {
			return nil
		}
		answer := httptest.NewRecorder()
		box.ServeHTTP(answer, request)
		return answer
	}
	if answer := send(f, http.MethodPut, "/here", "", "", ""); answer == nil || answer.Code != http.StatusOK {
		f.Fatal(answer)
	}
	f.Fuzz(func(t *testing.T, method, path, query, header, body string) {
		answer := send(t, method, path, query, header, body)
		if answer != nil && answer.Code >= 500 && answer.Code != http.StatusNotImplemented {
			t.Errorf("%s %s?%s, %s: %d %s", method, path, query, header, answer.Code, answer.Body)
		}
	})
}
