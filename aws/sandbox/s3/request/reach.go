package request

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// Reach finds the bucket and checks the request against its region and owner.
func (c *Call) Reach() error {
	b, found := c.Backend.Store.Bucket(c.BucketName)
	if !found {
		return NoSuchBucket(c.BucketName)
	}
	c.Bucket = b
	c.W.Header().Set("X-Amz-Bucket-Region", b.Region)
	if err := c.CheckRegion(); err != nil {
		return err
	}
	if owner := c.R.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" {
		if len(owner) != 12 || strings.Trim(owner, "0123456789") != "" {
			return refusal.New(http.StatusBadRequest, "InvalidBucketOwnerAWSAccountID",
				"The value of the expected bucket owner parameter must be an AWS account ID")
		}
		if owner != b.Owner {
			return AccessDenied("")
		}
	}
	return nil
}

// isAWS says whether a request was sent to a name of AWS: one that was not must
// never be led there.
func isAWS(r *http.Request) bool {
	host, _, _ := strings.Cut(r.Host, ":")
	return strings.HasSuffix(host, ".amazonaws.com")
}

// CheckRegion answers requests that were sent or signed for another region:
// the first with a redirect, the second as malformed.
func (c *Call) CheckRegion() error {
	region := c.Bucket.Region
	_, _, endpoint := Address(c.R)
	if endpoint == "" {
		// One loopback address stands for the endpoints of all regions; the
		// signature says which one the client believes in.
		endpoint = c.Caller.Region
	}
	if c.Anonymous() {
		return nil
	}
	if c.Query.Has("location") && c.R.Method == http.MethodGet && endpoint == "us-east-1" {
		// The global endpoint says where any bucket is; clients find the
		// region to sign for that way.
		return nil
	}
	switch {
	case endpoint != region && Global(c.R, c.Caller.Region) && HostBucket(c.R) != "" && isAWS(c.R):
		// Names are led to the bucket's region; until they are, the global
		// endpoint leads there itself (S3 User Guide, Request routing).
		to := c.BucketName + ".s3." + region + ".amazonaws.com"
		return refusal.New(http.StatusTemporaryRedirect, "TemporaryRedirect",
			"Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
			refusal.With("Endpoint", to), refusal.With("Bucket", c.BucketName)).
			Header("Location", "https://"+to+c.R.URL.RequestURI())
	case endpoint != region:
		f := refusal.New(http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint. "+
				"Please send all future requests to this endpoint.",
			refusal.With("Endpoint", c.BucketName+".s3."+region+".amazonaws.com"), refusal.With("Bucket", c.BucketName))
		return f
	case c.Caller.Region != region:
		return refusal.New(http.StatusBadRequest, "AuthorizationHeaderMalformed",
			"The authorization header is malformed; the region '"+c.Caller.Region+"' is wrong; expecting '"+region+"'",
			refusal.With("Region", region))
	}
	return nil
}
