package s3

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// anonymous says whether nobody signed the request.
func (c *call) anonymous() bool { return c.caller.Identity.Kind == policy.Anonymous }

// Region returns the region that an unsigned request is for: that of its
// bucket, else the one that its host names, else "".
func (a *API) Region(r *http.Request) string {
	bucket, _, region := Address(r)
	if b, found := a.Store.Bucket(bucket); found {
		return b.Region
	}
	return region
}

// checkAnonymous refuses what S3 lets nobody do without a signature, whatever
// a policy says.
func (c *call) checkAnonymous(o operation) error {
	if !c.anonymous() {
		return nil
	}
	if c.bucketName == "" {
		// Without a signature the service's root is the web site.
		return refusal.New(http.StatusTemporaryRedirect, "TemporaryRedirect",
			"Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for "+
				"future requests.", refusal.With("Endpoint", "aws.amazon.com")).Header("Location", "https://aws.amazon.com/s3/")
	}
	if o.makesBucket {
		return accessDenied("")
	}
	for name := range c.query {
		if strings.HasPrefix(name, "response-") {
			return invalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
		}
	}
	return nil
}

// restricted says whether the bucket's public policy is cut down to the
// bucket's own account (S3 User Guide, Blocking public access:
// RestrictPublicBuckets).
func (c *call) restricted(p *policy.Document) bool {
	who := c.caller.Identity
	return who.Kind != policy.Service && who.AccountID != c.bucket.Owner && p.Public() && c.blocks("RestrictPublicBuckets")
}

// unhoist makes headers of the x-amz- parameters of a presigned request, which
// may stand in the query instead.
func unhoist(r *http.Request) *http.Request {
	if !strings.Contains(r.URL.RawQuery, "X-Amz-Signature=") {
		return r
	}
	var changed *http.Request
	for name, values := range r.URL.Query() {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") || ofSignature[lower] || len(r.Header.Values(name)) > 0 {
			continue
		}
		if changed == nil {
			changed = r.Clone(r.Context())
		}
		changed.Header[http.CanonicalHeaderKey(name)] = values
	}
	if changed == nil {
		return r
	}
	return changed
}

// ofSignature are the parameters that make up the signature itself.
var ofSignature = map[string]bool{
	"x-amz-algorithm": true, "x-amz-credential": true, "x-amz-date": true, "x-amz-expires": true,
	"x-amz-signedheaders": true, "x-amz-signature": true, "x-amz-security-token": true, "x-amz-content-sha256": true,
}
