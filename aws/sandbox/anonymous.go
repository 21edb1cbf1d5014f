package sandbox

import (
	"errors"
	"net/http"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/sigv4"
)

// serveUnsigned answers a request without a signature. For S3 it comes from
// an anonymous caller, who may do what a bucket policy grants to everybody;
// IAM and STS know no such caller.
func (s *Sandbox) serveUnsigned(w http.ResponseWriter, r *http.Request) {
	kind := r.Header.Get("Content-Type")
	if r.Method == http.MethodPost && r.URL.Path == "/" && strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		iam.WriteError(w, "sts", &iam.Error{
			Code: "MissingAuthenticationToken", Message: "Request is missing Authentication Token", Status: http.StatusForbidden,
		})
		return
	}
	region := s.s3.Region(r)
	w, r, _, arrived := s.travel(w, r, region, "s3")
	if !arrived {
		return
	}
	w = s.lasting(w, r)
	result, err := sigv4.Anonymous(r)
	var refusal *sigv4.Error
	if errors.As(err, &refusal) {
		s.refuse(w, r, "s3", refusal)
		return
	}
	s.s3.Serve(w, r, s3.Caller{
		Identity: policy.Principal{Kind: policy.Anonymous}, Region: region,
		Body: result.Body(r.Body), Length: result.ContentLength,
	})
}
