package account

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
)

func invalid(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "ValidationException", message)
}

// API serves the REST JSON protocol.
type API struct {
	Regions  *Regions
	Accounts *iam.Accounts
}

// request is the body of every call here.
type request struct {
	AccountID string   `json:"AccountId"`
	Region    string   `json:"RegionName"`
	Limit     *int     `json:"MaxResults"`
	Token     string   `json:"NextToken"`
	Wanted    []Status `json:"RegionOptStatusContains"`
}

type region struct {
	Name   string `json:"RegionName"`
	Status Status `json:"RegionOptStatus"`
}

// Serve answers one request of a caller whose signature holds. Where it
// returns an error, nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller iam.Principal) error {
	answer, err := a.serve(r, caller)
	if err != nil {
		return err
	}
	doc, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Requestid", w.Header().Get("X-Amz-Request-Id"))
	w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
	_, _ = w.Write(doc) // the client may be gone
	return nil
}

// calls are the operations that are here.
var calls = map[string]struct {
	action string
	do     func(a *API, account string, q request) (any, error)
}{
	"listRegions":        {"account:ListRegions", (*API).list},
	"getRegionOptStatus": {"account:GetRegionOptStatus", (*API).get},
	"enableRegion": {"account:EnableRegion", func(a *API, account string, q request) (any, error) {
		return a.turn(account, q.Region, true)
	}},
	"disableRegion": {"account:DisableRegion", func(a *API, account string, q request) (any, error) {
		return a.turn(account, q.Region, false)
	}},
}

// Operation names the operation of a request, but for its case.
func Operation(r *http.Request) string { return strings.TrimPrefix(r.URL.Path, "/") }

// Operations names the operations that there are, but for their case.
func Operations() []string { return slices.Collect(maps.Keys(calls)) }

func (a *API) serve(r *http.Request, caller iam.Principal) (any, error) {
	call, known := calls[Operation(r)]
	if !known || r.Method != http.MethodPost {
		return nil, refusal.New(http.StatusNotFound, "UnknownOperationException",
			"The sandbox has no operation "+r.URL.Path)
	}
	var q request
	body, err := io.ReadAll(r.Body)
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &q)
	}
	if err != nil {
		return nil, invalid(fmt.Sprintf("The request can't be read: %v", err))
	}
	resource := "arn:aws:account::" + caller.AccountID + ":account"
	conditions := map[string]string{"aws:RequestedRegion": "us-east-1"}
	if q.Region != "" {
		conditions["account:TargetRegion"] = q.Region
	}
	if q.AccountID != "" && q.AccountID != caller.AccountID {
		return nil, denied("User: " + caller.ARN + " is not authorized to perform: " + call.action +
			" (Your organization must first enable trusted access with AWS Account Management.)") //nolint:misspell // AWS's words
	}
	if decision := a.Accounts.Authorize(caller, call.action, resource, conditions); !decision.Allow {
		return nil, denied(decision.Reason)
	}
	return call.do(a, caller.AccountID, q)
}

func denied(reason string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDeniedException", reason)
}

func (a *API) list(account string, q request) (any, error) {
	limit := 50
	if q.Limit != nil {
		if limit = *q.Limit; limit < 1 || limit > 50 {
			return nil, invalid("MaxResults must be from 1 to 50, not " + strconv.Itoa(limit))
		}
	}
	answer := struct {
		Token   string   `json:"NextToken,omitempty"`
		Regions []region `json:"Regions"`
	}{Regions: []region{}}
	for _, name := range names {
		status := a.Regions.Status(account, name)
		if name <= q.Token || len(q.Wanted) > 0 && !slices.Contains(q.Wanted, status) {
			continue
		}
		if len(answer.Regions) == limit {
			answer.Token = answer.Regions[limit-1].Name
			break
		}
		answer.Regions = append(answer.Regions, region{name, status})
	}
	return answer, nil
}

func (a *API) get(account string, q request) (any, error) {
	status := a.Regions.Status(account, q.Region)
	if status == "" {
		return nil, invalid("There is no region " + strconv.Quote(q.Region))
	}
	return region{q.Region, status}, nil
}

// turn enables or disables a region, which takes a while.
func (a *API) turn(account, region string, on bool) (any, error) {
	switch status := a.Regions.Status(account, region); status {
	case "", EnabledByDefault:
		return nil, invalid("Region " + strconv.Quote(region) + " can't be enabled or disabled")
	case Enabling, Disabling:
		return nil, refusal.New(http.StatusConflict, "ConflictException",
			"Region "+region+" is "+string(status))
	case Enabled, Disabled:
		if on != (status == Enabled) {
			a.Regions.change(account, region, change{time.Now(), on})
		}
	}
	return struct{}{}, nil
}
