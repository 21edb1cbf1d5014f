package sandbox

import (
	"net/http"

	"bothways/aws/sandbox/account"
	"bothways/aws/sandbox/cloudwatch"
	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// service is a service of AWS that the sandbox has.
type service struct {
	name string // in credential scopes and in faults
	// operation names the operation of a request, "" if there is none, and
	// hasOperation says whether there is one of that name, whatever its case.
	operation    func(*http.Request) string
	hasOperation func(name string) bool
	serve        func(*Sandbox, http.ResponseWriter, *http.Request, *sigv4.Result, iam.Principal) error
}

// services are all that the sandbox has; wire knows their protocols.
var services = []service{
	{"s3", s3.Operation, s3.HasOperation, (*Sandbox).serveSigned},
	{
		"iam", wire.QueryOperation, iam.HasOperation,
		func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
			return s.accounts.Open(caller.AccountID).ServeIAM(w, r, caller)
		},
	},
	{
		"sts", wire.QueryOperation, iam.HasSTSOperation,
		func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
			return s.accounts.Open(caller.AccountID).ServeSTS(w, r, caller)
		},
	},
	{
		"account", account.Operation, account.HasOperation,
		func(s *Sandbox, w http.ResponseWriter, r *http.Request, _ *sigv4.Result, caller iam.Principal) error {
			return s.account.Serve(w, r, caller)
		},
	},
	{
		"monitoring", cloudwatch.Operation, cloudwatch.HasOperation,
		func(s *Sandbox, w http.ResponseWriter, r *http.Request, result *sigv4.Result, caller iam.Principal) error {
			return s.cloudwatch.Serve(w, r, caller, result.Region)
		},
	},
}

// serviceOf finds a service by its name.
func serviceOf(name string) (service, bool) {
	for _, known := range services {
		if known.name == name {
			return known, true
		}
	}
	return service{}, false
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
