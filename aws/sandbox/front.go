package sandbox

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// serve lets the distance to the region pass, checks the signature and hands the
// request to the service that the signature's scope names.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		// net/http tells those to go on who have something to send. S3 tells
		// everybody who asks: some clients wait for it, and take what comes
		// instead for the answer to their next request.
		w.WriteHeader(http.StatusContinue)
	}
	setIDs(w.Header())
	switch {
	case r.Method == http.MethodOptions, sigv4.IsUnsigned(r):
		s.serveUnsigned(w, r)
		return
	case sigv4.IsVersion2(r):
		s.serveVersion2(w, r)
		return
	}
	region, service := scope(r)
	service = addressed(r, service)
	w, r, skew, arrived := s.simulateNetwork(w, r, region, service)
	if !arrived {
		return
	}
	result, err := s.verifier.Verify(r, s.accounts.Key, time.Now().Add(skew))
	if err != nil {
		s.refuse(w, r, service, err)
		return
	}
	_, principal, found := s.accounts.Lookup(result.AccessKeyID)
	if !found { // removed this very moment
		s.refuse(w, r, service, errUnknownKey())
		return
	}
	result.Service = service
	if !s.regions.Usable(principal.AccountID, result.Region) {
		s.refuse(w, r, service, errNotOptedIn(result.Service, principal.Kind == policy.RoleSession || strings.HasPrefix(result.AccessKeyID, "ASIA")))
		return
	}
	s.dispatch(w, r, &result, principal)
}

func (s *Sandbox) serveS3(w http.ResponseWriter, r *http.Request, caller request.Caller) {
	if err := s.s3.Serve(w, r, caller); err != nil {
		wire.Refuse(w, r, "s3", err)
	}
}

// simulateNetwork brings a request to its region: it lets the distance pass and the
// faults in force happen. It reports whether the request is still to be
// served, and how far the server's clock is ahead.
func (s *Sandbox) simulateNetwork(w http.ResponseWriter, r *http.Request, region, service string) (
	_ http.ResponseWriter, _ *http.Request, skew time.Duration, arrived bool,
) {
	if !s.options.NoDistance && region != "" {
		oneWay := time.Duration(float64(s.options.RTT(region)) / 2 / s.options.TimeScale)
		var err error
		if w, r, err = distance.Link(w, r, oneWay); err != nil {
			return nil, nil, 0, false // the client is gone
		}
	}
	skew, arrived = s.applyFaults(w, r, region, service)
	if arrived && s.engine.IsOut(region) {
		s.refuse(w, r, service, refusal.New(http.StatusServiceUnavailable, "ServiceUnavailable",
			"Service is unable to handle request."))
		arrived = false
	}
	if arrived {
		if err := s.kept(r, service); err != nil {
			s.refuse(w, r, service, err)
			return nil, nil, 0, false
		}
		w = s.durable(w, r, service)
	}
	return w, r, skew, arrived
}

// refuse answers a request that no service gets to see. Where it is one of
// S3's, the region of its bucket is sent all the same.
func (s *Sandbox) refuse(w http.ResponseWriter, r *http.Request, service string, err error) {
	if wire.IsXML(service) {
		bucket, _, _ := request.Address(r)
		if b, found := s.store.Bucket(bucket); found {
			w.Header().Set("X-Amz-Bucket-Region", b.Region)
		}
	}
	wire.Refuse(w, r, service, err)
}

func errUnknownKey() *refusal.Error {
	return refusal.New(http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
}

// errNotOptedIn is what a region says that the caller's account has not
// enabled: it knows neither the account's keys nor its sessions.
func errNotOptedIn(service string, session bool) *refusal.Error {
	switch {
	case service != "s3":
		return refusal.New(http.StatusForbidden, "InvalidClientTokenId",
			"The security token included in the request is invalid.")
	case session:
		return refusal.New(http.StatusBadRequest, "InvalidToken",
			"The provided token is malformed or otherwise invalid.")
	}
	return errUnknownKey()
}

// scope reads region and service out of the credential scope without
// believing it.
func scope(r *http.Request) (region, service string) {
	credential := r.Header.Get("Authorization")
	if _, after, found := strings.Cut(credential, "Credential="); found {
		credential = after
	} else {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) < 5 {
		return "", ""
	}
	return parts[len(parts)-3], parts[len(parts)-2]
}

// setIDs sets the two ids that every answer of S3 carries.
func setIDs(h http.Header) {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var id [16]byte
	number := rand.Uint64()
	more := rand.Uint64()
	for i := range id {
		if i == 12 {
			number = more
		}
		id[i] = digits[number&31]
		number >>= 5
	}
	var host [56]byte
	for i := 0; i < len(host); i += 8 {
		binary.LittleEndian.PutUint64(host[i:], rand.Uint64())
	}
	h["X-Amz-Request-Id"] = []string{string(id[:])}
	h["X-Amz-Id-2"] = []string{base64.StdEncoding.EncodeToString(host[:])}
	h["Server"] = []string{"AmazonS3"}
}
