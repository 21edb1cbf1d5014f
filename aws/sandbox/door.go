package sandbox

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/account"
	"bothways/aws/sandbox/cloudwatch"
	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/sigv4"
)

// ServeHTTP implements http.Handler: it lets the distance to the region pass,
// checks the signature and hands the request to the service that the
// signature's scope names.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	w, r, skew, arrived := s.travel(w, r, region, service)
	if !arrived {
		return
	}
	w = s.lasting(w, r)
	result, err := s.verifier.Verify(r, s.accounts.Key, time.Now().Add(skew))
	if err != nil {
		s.refuse(w, r, service, err)
		return
	}
	_, principal, found := s.accounts.Lookup(result.AccessKeyID)
	switch {
	case !found: // removed this very moment
		s.refuse(w, r, service, &sigv4.Error{
			Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records.",
			Status: http.StatusForbidden,
		})
	case !s.regions.Usable(principal.AccountID, result.Region):
		s.refuse(w, r, service, errNotOptedIn(result.Service, principal.Kind == policy.RoleSession || strings.HasPrefix(result.AccessKeyID, "ASIA")))
	case result.Service == "account":
		s.account.Serve(w, r, principal)
	case result.Service == "s3" && !distance.Known(result.Region):
		s.refuse(w, r, service, &sigv4.Error{
			Code: "AuthorizationHeaderMalformed", Status: http.StatusBadRequest,
			Message: "The authorization header is malformed; the region '" + result.Region +
				"' is wrong; expecting 'us-east-1'",
			Details: []sigv4.Detail{{Name: "Region", Value: "us-east-1"}},
		})
	case result.Service == "s3":
		s.s3.Serve(w, r, s3.Caller{
			Identity: principal, Region: result.Region, Body: result.Body(r.Body), Length: result.ContentLength,
		})
	case result.Service == "monitoring":
		s.cloudwatch.Serve(w, r, principal, result.Region)
	case result.Service == "iam":
		s.accounts.Open(principal.AccountID).ServeIAM(w, r, principal)
	case result.Service == "sts":
		s.accounts.Open(principal.AccountID).ServeSTS(w, r, principal)
	default:
		s.refuse(w, r, service, &sigv4.Error{
			Code: "NotImplemented", Message: "The sandbox has no service " + result.Service + ".",
			Status: http.StatusNotImplemented,
		})
	}
}

// travel brings a request to its region: it lets the distance pass and the
// faults in force happen. It reports whether the request is still to be
// served, and how far the server's clock is ahead.
func (s *Sandbox) travel(w http.ResponseWriter, r *http.Request, region, service string) (
	_ http.ResponseWriter, _ *http.Request, skew time.Duration, arrived bool,
) {
	if !s.options.NoDistance && region != "" {
		oneWay := time.Duration(float64(s.options.RTT(region)) / 2 / s.options.TimeScale)
		var err error
		if w, r, err = distance.Link(w, r, oneWay); err != nil {
			return nil, nil, 0, false // the client is gone
		}
	}
	skew, arrived = s.strike(w, r, region, service)
	if arrived && s.engine.IsOut(region) {
		s.refuse(w, r, service, &sigv4.Error{
			Code: "ServiceUnavailable", Message: "Service is unable to handle request.", Status: http.StatusServiceUnavailable,
		})
		arrived = false
	}
	return w, r, skew, arrived
}

// refuse answers a request that no service gets to see, in the form that its
// service has for errors.
func (s *Sandbox) refuse(w http.ResponseWriter, r *http.Request, service string, err error) {
	var refusal *sigv4.Error
	switch known := errors.As(err, &refusal); {
	case known && (service == "iam" || service == "sts"):
		iam.WriteError(w, service, &iam.Error{Code: refusal.Code, Message: refusal.Message, Status: refusal.Status})
	case known && service == "account":
		account.WriteError(w, &account.Error{Code: refusal.Code, Message: refusal.Message, Status: refusal.Status})
	case known && service == "monitoring":
		cloudwatch.Refuse(w, r, &cloudwatch.Error{Code: refusal.Code, Message: refusal.Message, Status: refusal.Status})
	default:
		s.s3.Refuse(w, r, err)
	}
}

// errNotOptedIn is what a region says that the caller's account has not
// enabled: it knows neither the account's keys nor its sessions.
func errNotOptedIn(service string, session bool) *sigv4.Error {
	switch {
	case service != "s3":
		return &sigv4.Error{
			Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid.",
			Status: http.StatusForbidden,
		}
	case session:
		return &sigv4.Error{
			Code: "InvalidToken", Message: "The provided token is malformed or otherwise invalid.", Status: http.StatusBadRequest,
		}
	}
	return &sigv4.Error{
		Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records.",
		Status: http.StatusForbidden,
	}
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
