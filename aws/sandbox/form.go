package sandbox

import (
	"net/http"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/s3/form"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
)

// serveForm answers a form with which a browser uploads: nobody signed the
// request, but its fields may be signed. region is the bucket's.
func (s *Sandbox) serveForm(w http.ResponseWriter, r *http.Request, region string, now time.Time) {
	caller, upload, err := s.readForm(r, region, now)
	if err != nil {
		s.refuse(w, r, "s3", err)
		return
	}
	s.serveS3(w, upload, caller)
}

// readForm finds out who sends a form, holds it to its policy, and makes of it
// a request whose headers say what the fields do.
func (s *Sandbox) readForm(r *http.Request, region string, now time.Time) (request.Caller, *http.Request, error) {
	f, err := form.Read(r)
	if err != nil {
		return request.Caller{}, nil, err
	}
	if size := f.KeySize(); size > request.MaxKey {
		return request.Caller{}, nil, request.KeyTooLong(size)
	}
	if err := f.Expand(); err != nil {
		return request.Caller{}, nil, err
	}
	if _, err := f.Key(); err != nil {
		return request.Caller{}, nil, err
	}
	caller := request.Caller{Identity: policy.Principal{Kind: policy.Anonymous}, Region: region, Form: f}
	claim, err := sigv4.ParseForm(f.Lookup, form.MissingField)
	if err != nil {
		return caller, nil, err
	}
	if claim != nil {
		caller.Version2 = claim.Version2()
		if caller.Identity, err = s.whoSigned(claim, region, now); err != nil {
			return caller, nil, err
		}
		if f.Policy, err = form.ParsePolicy(f.Get("policy")); err != nil {
			return caller, nil, err
		}
		bucket, _, _ := request.Address(r)
		if err := f.Policy.Check(f, bucket, now); err != nil {
			return caller, nil, err
		}
	}
	upload := r.Clone(r.Context())
	upload.Header, upload.ContentLength = f.Headers(), -1
	for _, name := range []string{"Origin", "Referer", "User-Agent", "X-Amz-Expected-Bucket-Owner"} {
		if values := r.Header.Values(name); len(values) > 0 {
			upload.Header[name] = values
		}
	}
	result, err := sigv4.Anonymous(upload)
	if err != nil {
		return caller, nil, err
	}
	caller.Body, caller.Length = result.Body(f.File), -1
	return caller, upload, nil
}

// whoSigned checks the signature of a form.
func (s *Sandbox) whoSigned(claim *sigv4.FormClaim, region string, now time.Time) (policy.Principal, error) {
	switch {
	case claim.Version2() && !sigv4.Version2Served(region):
		return policy.Principal{}, sigv4.ErrMechanism()
	case !claim.Version2() && region != "" && claim.Region() != region:
		return policy.Principal{}, claim.WrongRegion(region)
	}
	if err := s.verifier.VerifyForm(claim, s.accounts.Key, now); err != nil {
		return policy.Principal{}, err
	}
	_, principal, found := s.accounts.Lookup(claim.AccessKeyID())
	if !found || !s.regions.Usable(principal.AccountID, region) { // removed this very moment, or not opted in
		return policy.Principal{}, errUnknownKey()
	}
	return principal, nil
}
