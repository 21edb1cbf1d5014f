package sandbox

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// assumeForBatch has Batch Operations assume the role of a job, which reads and
// writes objects through S3 as everybody does.
func (s *Sandbox) assumeForBatch(roleARN string) (batch.Session, error) {
	role, err := s.accounts.AssumeRole(roleARN, batch.Service, nil)
	if err != nil {
		return batch.Session{}, err
	}
	return batch.Session{May: s.mayAs(role), Send: func(region string, r *http.Request) *http.Response {
		return s.sendAs(role, region, r)
	}}, nil
}

// sendAs has S3 in a region answer a request of a principal, without a network
// in between.
func (s *Sandbox) sendAs(who iam.Principal, region string, r *http.Request) *http.Response {
	r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
	answer := &heldAnswer{header: http.Header{}}
	setIDs(answer.header)
	result := sigv4.Result{Region: region, Service: "s3", ContentLength: r.ContentLength}
	err := s.s3.Serve(answer, r, request.Caller{Identity: who, Region: region, Body: result.Body(r.Body), Length: r.ContentLength})
	if err != nil {
		wire.Refuse(answer, r, "s3", err)
	}
	return &http.Response{
		Status: http.StatusText(answer.status), StatusCode: answer.status, Header: answer.header, Body: io.NopCloser(&answer.body),
	}
}

// heldAnswer holds an answer for somebody in this process.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *heldAnswer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *heldAnswer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *heldAnswer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}
