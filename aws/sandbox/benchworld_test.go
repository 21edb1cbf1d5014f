package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"bothways/aws/sandbox"
)

// benchWorld is a handler with one request that is signed already.
type benchWorld struct {
	handler http.Handler
	request *http.Request
	answer  *sink
}

// sink is an answer that goes nowhere.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}

func newBenchWorld(b *testing.B) benchWorld {
	b.Helper()
	box := near(b)
	w := benchWorld{handler: box, answer: &sink{http.Header{}}}
	w.handler.ServeHTTP(w.answer, signedRequest(b, box, http.MethodPut, "/bench"))
	w.handler.ServeHTTP(w.answer, signedRequest(b, box, http.MethodPut, "/bench/k"))
	clear(w.answer.header)
	w.request = signedRequest(b, box, http.MethodHead, "/bench/k")
	w.handler.ServeHTTP(w.answer, w.request)
	if w.answer.header.Get("Etag") == "" {
		b.Fatal("the object is not there")
	}
	return w
}

// signedRequest is a request of the operator without a body.
func signedRequest(b *testing.B, box *sandbox.Sandbox, method, path string) *http.Request {
	const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), method, "http://127.0.0.1"+path, strings.NewReader(""))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("X-Amz-Content-Sha256", nothing)
	id, secret := box.Credentials()
	err = benchSigner.SignHTTP(b.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request,
		nothing, "s3", "us-east-1", time.Now())
	if err != nil {
		b.Fatal(err)
	}
	return request
}

var benchSigner = v4.NewSigner()
