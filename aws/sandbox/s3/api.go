// Package s3 is the sandbox's S3 REST API: it routes a signed request to an
// operation by method, address and sub-resource, checks that the caller may,
// and answers as S3 does (Amazon S3 API Reference).
package s3

import (
	"net/http"

	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
)

// API serves S3 in all regions.
type API struct{ backend *request.Backend }

// New makes an S3 of a backend.
func New(backend request.Backend) *API {
	return &API{&backend}
}

// Serve answers one request whose signature holds. Where it returns an error,
// nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller request.Caller) error {
	r = request.Unhoist(r)
	bucket, key, _ := request.Address(r)
	c := &request.Call{
		Backend: a.backend, W: w, R: r, Query: r.URL.Query(), Caller: caller, BucketName: bucket, Key: key,
	}
	err := serve(c)
	if err == nil {
		return nil
	}
	return request.RefusalOf(err, c)
}

func serve(c *request.Call) error {
	if c.R.Method == http.MethodOptions {
		return buckets.Preflight(c)
	}
	operation, err := route(c.R, c.Query, c.BucketName, c.Key)
	if err != nil {
		return err
	}
	if err := checkAnonymous(c, operation); err != nil {
		return err
	}
	if c.BucketName != "" && !operation.MakesBucket {
		if err := c.Reach(); err != nil {
			return err
		}
		buckets.SetCORS(c)
	}
	if err := c.Authorize(operation); err != nil {
		return err
	}
	return operation.Serve(c)
}
