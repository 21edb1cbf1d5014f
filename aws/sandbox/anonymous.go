package sandbox

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/s3control"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// serveUnsigned answers a request without a signature. For S3 it comes from
// an anonymous caller, who may do what a bucket policy grants to everybody;
// IAM and STS know no such caller.
func (s *Sandbox) serveUnsigned(w http.ResponseWriter, r *http.Request) {
	kind := r.Header.Get("Content-Type")
	if r.Method == http.MethodPost && r.URL.Path == "/" && strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		wire.Refuse(w, r, "sts", refusal.New(http.StatusForbidden, "MissingAuthenticationToken",
			"Request is missing Authentication Token"))
		return
	}
	if s3control.Names(r) {
		wire.Refuse(w, r, "s3control", refusal.New(http.StatusForbidden, "AccessDenied", "Access Denied"))
		return
	}
	region := s.s3.Region(r)
	w, r, skew, arrived := s.simulateNetwork(w, r, region, "s3")
	if !arrived {
		return
	}
	if s3.Operation(r) == "PostObject" {
		s.serveForm(w, r, region, time.Now().Add(skew))
		return
	}
	result, err := sigv4.Anonymous(r)
	if err != nil {
		s.refuse(w, r, "s3", err)
		return
	}
	s.serveS3(w, r, request.Caller{
		Identity: policy.Principal{Kind: policy.Anonymous}, Region: region,
		Body: result.Body(r.Body), Length: result.ContentLength,
	})
}
