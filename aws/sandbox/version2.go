package sandbox

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
)

// serveVersion2 answers a request that is signed with version 2, as some
// clients presign by default. Only S3 takes it, in its oldest regions.
func (s *Sandbox) serveVersion2(w http.ResponseWriter, r *http.Request) {
	region := s.s3.Region(r)
	if region == "" {
		region = "us-east-1"
	}
	w, r, skew, arrived := s.simulateNetwork(w, r, region, "s3")
	if !arrived {
		return
	}
	if !sigv4.Version2Served(region) {
		s.refuse(w, r, "s3", sigv4.ErrMechanism())
		return
	}
	bucket := request.HostBucket(r)
	result, err := sigv4.VerifyVersion2(r, bucket, s.accounts.Key, time.Now().Add(skew))
	if err != nil {
		s.refuse(w, r, "s3", err)
		return
	}
	// None of these regions has to be opted in to.
	_, principal, found := s.accounts.Lookup(result.AccessKeyID)
	if !found { // removed this very moment
		s.refuse(w, r, "s3", errUnknownKey())
		return
	}
	s.serveS3(w, withoutVersion2(r), request.Caller{
		Identity: principal, Region: region, Version2: true,
		Body: result.Body(r.Body), Length: result.ContentLength,
	})
}

// withoutVersion2 takes the parameters of the signature out of a query string,
// and makes headers of those that stand for headers.
func withoutVersion2(r *http.Request) *http.Request {
	plain := r.Clone(r.Context())
	query := r.URL.Query()
	for name, values := range query {
		switch lower := strings.ToLower(name); {
		case lower == "content-type", lower == "content-md5",
			name == "AWSAccessKeyId", name == "Signature", name == "Expires":
		case strings.HasPrefix(lower, "x-amz-"):
			if len(plain.Header.Values(name)) == 0 {
				plain.Header[http.CanonicalHeaderKey(name)] = values
			}
		default:
			continue
		}
		delete(query, name)
	}
	plain.URL.RawQuery = query.Encode()
	return plain
}
