package s3

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
)

// Region returns the region that an unsigned request is for: that of its
// bucket, else the one that its host names, else "".
func (a *API) Region(r *http.Request) string {
	bucket, _, region := request.Address(r)
	if b, found := a.backend.Store.Bucket(bucket); found {
		return b.Region
	}
	return region
}

// checkAnonymous refuses what S3 lets nobody do without a signature, whatever
// a policy says.
func checkAnonymous(c *request.Call, o request.Operation) error {
	if !c.Anonymous() {
		return nil
	}
	if c.BucketName == "" {
		// Without a signature the service's root is the web site.
		return refusal.New(http.StatusTemporaryRedirect, "TemporaryRedirect",
			"Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for "+
				"future requests.", refusal.With("Endpoint", "aws.amazon.com")).Header("Location", "https://aws.amazon.com/s3/")
	}
	if o.MakesBucket {
		return request.AccessDenied("")
	}
	for name := range c.Query {
		if strings.HasPrefix(name, "response-") {
			return request.InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
		}
	}
	return nil
}
