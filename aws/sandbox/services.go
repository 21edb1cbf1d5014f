package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/account"
	"bothways/aws/sandbox/cloudwatch"
	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/s3control"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// service is a service of AWS that the sandbox has.
type service struct {
	name string // in faults and, but for S3 Control, in credential scopes
	// operation names the operation of a request, but for its case, "" if there
	// is none; operations are the names that there are.
	operation  func(*http.Request) string
	operations func() []string
	// serve answers a request of a caller whose signature holds, and asks
	// whether he may.
	serve func(*Sandbox, http.ResponseWriter, *http.Request, *sigv4.Result, iam.Principal) error
}

// services are all that the sandbox has; wire knows their protocols.
var services = []service{
	{"s3", s3.Operation, s3.Operations, (*Sandbox).serveSigned},
	{"iam", wire.QueryOperation, iam.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
		return s.accounts.Open(caller.AccountID).ServeIAM(w, r, caller)
	}},
	{"sts", wire.QueryOperation, iam.STSOperations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
		return s.accounts.Open(caller.AccountID).ServeSTS(w, r, caller)
	}},
	{"kms", kms.Operation, kms.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
		return s.kms.Serve(w, r, caller, result.Region)
	}},
	{"account", account.Operation, account.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
		return s.account.Serve(w, r, caller)
	}},
	{"s3control", s3control.Operation, s3control.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
		return s.s3control.Serve(w, r, result, caller)
	}},
	{"monitoring", cloudwatch.Operation, cloudwatch.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
		return s.cloudwatch.Serve(w, r, caller, result.Region)
	}},
	{"fis", fis.Operation, fis.Operations, func(s *Sandbox, w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
		return s.fis.Serve(w, r, caller, result.Region)
	}},
}

// has says whether there is an operation of that name, whatever its case.
func (s service) has(name string) bool {
	return slices.ContainsFunc(s.operations(), func(known string) bool { return strings.EqualFold(known, name) })
}

// addressed is the service that a request is for. S3 Control signs as S3 does.
func addressed(r *http.Request, scope string) string {
	if scope == "s3" && s3control.Names(r) {
		return "s3control"
	}
	return scope
}

// serviceOf finds a service by its name.
func serviceOf(name string) (service, bool) {
	i := slices.IndexFunc(services, func(s service) bool { return s.name == name })
	if i < 0 {
		return service{}, false
	}
	return services[i], true
}

func serviceNames() []string {
	names := make([]string, len(services))
	for i, known := range services {
		names[i] = known.name
	}
	return names
}

// dispatch hands a request to the service that its signature names.
func (s *Sandbox) dispatch(w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) {
	known, found := serviceOf(result.Service)
	if !found {
		s.refuse(w, r, result.Service, refusal.New(http.StatusNotImplemented, "NotImplemented",
			"The sandbox has no service "+result.Service+"."))
		return
	}
	if err := known.serve(s, w, r, result, caller); err != nil {
		wire.Refuse(w, r, known.name, err)
	}
}

// serveSigned serves S3 for a caller whose signature is of version 4.
func (s *Sandbox) serveSigned(w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
	if !distance.Known(result.Region) {
		s.refuse(w, r, "s3", refusal.New(http.StatusBadRequest, "AuthorizationHeaderMalformed",
			"The authorization header is malformed; the region '"+result.Region+"' is wrong; expecting 'us-east-1'",
			refusal.With("Region", "us-east-1")))
		return nil
	}
	return s.s3.Serve(w, r, request.Caller{
		Identity: caller, Region: result.Region, Body: result.Body(r.Body), Length: result.ContentLength,
	})
}
