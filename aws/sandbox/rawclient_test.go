package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// rawRequest is a request as it stands on the wire, for what an SDK would
// hide or never send.
type rawRequest struct {
	method, path string
	region       string // of the signature; "" means Ireland
	header       map[string]string
	body         string
	unsigned     bool
	// accessKey and secret are the operator's where they are empty.
	accessKey, secret string
}

// rawAnswer is an answer as it stands on the wire.
type rawAnswer struct {
	status int
	header http.Header
	body   string
}

// refusal is an error document.
type refusal struct {
	XMLName            xml.Name `xml:"Error"`
	Code               string   `xml:"Code"`
	Message            string   `xml:"Message"`
	BucketName         string   `xml:"BucketName"`
	Region             string   `xml:"Region"`
	RequestID          string   `xml:"RequestId"`
	HostID             string   `xml:"HostId"`
	ArgumentName       string   `xml:"ArgumentName"`
	LocationConstraint string   `xml:"LocationConstraint"`
}

// raw sends a request signed by the operator.
func (w *world) raw(q rawRequest) rawAnswer {
	w.Helper()
	return w.rawAt("127.0.0.1:9000", q)
}

// rawAt is raw to another host.
func (w *world) rawAt(host string, q rawRequest) rawAnswer {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), q.method, "http://"+host+q.path, strings.NewReader(q.body))
	if err != nil {
		w.Fatal(err)
	}
	for name, value := range q.header {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if !q.unsigned {
		if q.region == "" {
			q.region = ireland
		}
		sum := sha256.Sum256([]byte(q.body))
		hash := hex.EncodeToString(sum[:])
		request.Header.Set("X-Amz-Content-Sha256", hash)
		id, secret := w.sandbox.Credentials()
		if q.accessKey != "" {
			id, secret = q.accessKey, q.secret
		}
		signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
		err = signer.SignHTTP(w.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request, hash, "s3", q.region, time.Now())
		if err != nil {
			w.Fatal(err)
		}
	}
	return w.send(request)
}

// sign signs a request as the operator, with what it says of its payload.
func (w *world) sign(request *http.Request, payload, region string) {
	w.Helper()
	request.Header.Set("X-Amz-Content-Sha256", payload)
	id, secret := w.sandbox.Credentials()
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(w.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request, payload, "s3", region, time.Now()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) send(request *http.Request) rawAnswer {
	w.Helper()
	answer, err := w.sandbox.Transport().RoundTrip(request)
	if err != nil {
		w.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := io.Copy(&body, answer.Body); err != nil {
		w.Fatal(err)
	}
	return rawAnswer{answer.StatusCode, answer.Header, body.String()}
}

// refusal reads the error document of an answer.
func (a rawAnswer) refusal(t testing.TB) refusal {
	t.Helper()
	var r refusal
	if err := xml.Unmarshal([]byte(a.body), &r); err != nil {
		t.Fatalf("%d without an error document: %q", a.status, a.body)
	}
	return r
}

// want checks the status and, where it refuses, code and message word for
// word; an empty message stands for any.
func (a rawAnswer) want(t testing.TB, status int, code, message string) {
	t.Helper()
	if a.status != status {
		t.Errorf("got status %d, want %d: %s", a.status, status, a.body)
		return
	}
	if code == "" {
		return
	}
	got := a.refusal(t)
	if got.Code != code || message != "" && got.Message != message {
		t.Errorf("got  %s: %s\nwant %s: %s", got.Code, got.Message, code, message)
	}
	if got.RequestID == "" || got.HostID == "" || got.RequestID != a.header.Get("X-Amz-Request-Id") {
		t.Errorf("ids %q, %q; header %q", got.RequestID, got.HostID, a.header.Get("X-Amz-Request-Id"))
	}
}
