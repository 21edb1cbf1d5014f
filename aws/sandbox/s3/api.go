// Package s3 is the sandbox's S3 REST API: it routes a signed request to an
// operation by method, address and sub-resource, checks that the caller may,
// and answers as S3 does (Amazon S3 API Reference).
package s3

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// API serves S3 in all regions.
type API struct {
	Store     *store.Store
	Engine    *replicate.Engine
	Directory *iam.Accounts
	Keys      *kms.Registry
	// Quota is how many buckets an account may have.
	Quota int
	// Scale is how many times as fast as simulated archives answer.
	Scale float64

	verifier sigv4.Verifier // of forms
}

// Caller is who sent a request, as its signature says.
type Caller struct {
	Identity iam.Principal
	// Region is that of the credential scope.
	Region string
	// Body yields the decoded body and checks it; Length is its size in
	// bytes, -1 if not declared.
	Body   *sigv4.Body
	Length int64
	// Version2 says that the signature is of version 2.
	Version2 bool
}

// call is one request on its way.
type call struct {
	api        *API
	w          http.ResponseWriter
	r          *http.Request
	query      url.Values
	caller     Caller
	bucketName string
	key        string
	bucket     *store.Bucket // nil at the service level and for CreateBucket
}

// Serve answers one request whose signature holds. Where it returns an error,
// nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller Caller) error {
	r = unhoist(r)
	bucket, key, _ := Address(r)
	c := &call{
		api: a, w: w, r: r, query: r.URL.Query(), caller: caller, bucketName: bucket, key: key,
	}
	err := c.serve()
	if err == nil || r.Context().Err() != nil {
		return nil // where nobody waits for the answer there is none
	}
	return refusalOf(err, c)
}

func (c *call) serve() error {
	if c.r.Method == http.MethodOptions {
		return c.preflight()
	}
	operation, err := route(c.r, c.bucketName, c.key)
	if err != nil {
		return err
	}
	if err := c.checkAnonymous(operation); err != nil {
		return err
	}
	if c.bucketName != "" && !operation.makesBucket {
		if err := c.reach(); err != nil {
			return err
		}
		c.setCORS()
	}
	if err := c.authorize(operation); err != nil {
		return err
	}
	return operation.serve(c)
}

// reach finds the bucket and holds the request to its region and owner.
func (c *call) reach() error {
	b, found := c.api.Store.Bucket(c.bucketName)
	if !found {
		return noSuchBucket(c.bucketName)
	}
	c.bucket = b
	c.w.Header().Set("X-Amz-Bucket-Region", b.Region)
	if err := c.checkRegion(); err != nil {
		return err
	}
	if owner := c.r.Header.Get("X-Amz-Expected-Bucket-Owner"); owner != "" {
		if len(owner) != 12 || strings.Trim(owner, "0123456789") != "" {
			return refusal.New(http.StatusBadRequest, "InvalidBucketOwnerAWSAccountID",
				"The value of the expected bucket owner parameter must be an AWS account ID")
		}
		if owner != b.Owner {
			return accessDenied("")
		}
	}
	return nil
}

// checkRegion answers requests that were sent or signed for another region:
// the first with a redirect, the second as malformed.
func (c *call) checkRegion() error {
	region := c.bucket.Region
	_, _, endpoint := Address(c.r)
	if endpoint == "" {
		// One loopback address stands for the endpoints of all regions; the
		// signature says which one the client believes in.
		endpoint = c.caller.Region
	}
	if c.anonymous() {
		return nil
	}
	if c.query.Has("location") && c.r.Method == http.MethodGet && endpoint == "us-east-1" {
		// The global endpoint tells where any bucket lies; clients find the
		// region to sign for that way.
		return nil
	}
	switch {
	case endpoint != region:
		f := refusal.New(http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint. "+
				"Please send all future requests to this endpoint.",
			refusal.With("Endpoint", c.bucketName+".s3."+region+".amazonaws.com"), refusal.With("Bucket", c.bucketName))
		return f
	case c.caller.Region != region:
		return refusal.New(http.StatusBadRequest, "AuthorizationHeaderMalformed",
			"The authorization header is malformed; the region '"+c.caller.Region+"' is wrong; expecting '"+region+"'",
			refusal.With("Region", region))
	}
	return nil
}

// Address takes the bucket, the key and, where the host names one, the region
// out of a request, in path style or virtual-hosted style.
func Address(r *http.Request) (bucket, key, region string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	host, _, _ := strings.Cut(r.Host, ":")
	if prefix, ok := strings.CutSuffix(host, ".localhost"); ok {
		return prefix, path, ""
	}
	if rest, ok := strings.CutSuffix(strings.TrimSuffix(host, ".cn"), ".amazonaws.com"); ok {
		at := strings.LastIndex("."+rest, ".s3")
		if at >= 0 {
			region = strings.Trim(strings.TrimPrefix(rest[at:], "s3"), ".-")
			if region == "" {
				region = "us-east-1"
			}
			if at > 0 {
				return rest[:at-1], path, region
			}
		}
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key, region
}

// HostBucket returns the bucket that the host of a request names, "" where the
// path does.
func HostBucket(r *http.Request) string {
	bucket, key, _ := Address(r)
	if strings.TrimPrefix(r.URL.Path, "/") == key && bucket != "" {
		return bucket
	}
	return ""
}

// maxDocument bounds the documents that clients send, in bytes: a replication
// configuration may be 2 MB long (S3 API Reference, PutBucketReplication).
const maxDocument = 2 << 20

// readDocument reads the whole body of a request for a sub-resource.
func (c *call) readDocument() ([]byte, error) {
	doc, err := io.ReadAll(io.LimitReader(c.caller.Body, maxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(doc) > maxDocument {
		return nil, refusal.New(http.StatusBadRequest, "MaxMessageLengthExceeded", "Your request was too big")
	}
	return doc, nil
}
