package kms

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/wire"
)

// API serves the JSON 1.1 protocol.
type API struct {
	Keys     *Registry
	Accounts *iam.Accounts
}

// maxBody bounds what is read of a request, in bytes: a key policy may have 32
// KB (KMS API Reference, PutKeyPolicy).
const maxBody = 1 << 20

// target is the name that the protocol has for the service.
const target = "TrentService."

// input is the body of every call here.
type input struct {
	KeyID       string `json:"KeyId"`
	Policy      string `json:"Policy"`
	PolicyName  string `json:"PolicyName"`
	Bypass      bool   `json:"BypassPolicyLockoutSafetyCheck"`
	Description string `json:"Description"`
	AliasName   string `json:"AliasName"`
	TargetKeyID string `json:"TargetKeyId"`
	Days        *int   `json:"PendingWindowInDays"`

	Grantee     string       `json:"GranteePrincipal"`
	Retiring    string       `json:"RetiringPrincipal"`
	Operations  []string     `json:"Operations"`
	Constraints *Constraints `json:"Constraints"`
	Name        string       `json:"Name"`
	GrantID     string       `json:"GrantId"`
	Limit       *int         `json:"Limit"`
	Marker      string       `json:"Marker"`
}

// call is one request on its way.
type call struct {
	*API
	input
	action, region string
	caller         iam.Principal
}

// fields are the members of an answer.
type fields map[string]any

// calls are the operations that are here.
var calls = map[string]func(*call) (fields, error){
	"CreateKey": changing((*call).createKey), "DescribeKey": (*call).describeKey, "ListKeys": (*call).listKeys,
	"EnableKey": changing((*call).enableKey), "DisableKey": changing((*call).disableKey),
	"ScheduleKeyDeletion": changing((*call).scheduleDeletion), "CancelKeyDeletion": changing((*call).cancelDeletion),
	"GetKeyPolicy": (*call).getPolicy, "PutKeyPolicy": changing((*call).putPolicy), "ListKeyPolicies": (*call).listPolicies,
	"CreateGrant": changing((*call).createGrant), "RevokeGrant": changing((*call).revokeGrant), "ListGrants": (*call).listGrants,
	"ListAliases": (*call).listAliases,
	"CreateAlias": changing((*call).createAlias), "DeleteAlias": changing((*call).deleteAlias),
}

// changing is a call that puts a key by what it read of the keys: one at a time,
// or each would put back what the other changed.
func changing(do func(*call) (fields, error)) func(*call) (fields, error) {
	return func(c *call) (answer fields, err error) {
		c.Keys.Alone(func() { answer, err = do(c) })
		return answer, err
	}
}

// Operation names the operation of a request.
func Operation(r *http.Request) string {
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	return name
}

// Operations names the operations that there are.
func Operations() []string { return slices.Collect(maps.Keys(calls)) }

// Serve answers one request of a caller whose signature holds for a region.
// Where it returns an error, nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller iam.Principal, region string) error {
	name := Operation(r)
	do, known := calls[name]
	if !known {
		return refusal.New(http.StatusBadRequest, "UnknownOperationException", "The sandbox's KMS has no operation "+name)
	}
	c := call{API: a, action: "kms:" + name, region: region, caller: caller}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil && len(body) > 0 {
		err = json.Unmarshal(body, &c.input)
	}
	if err != nil {
		return refuse("SerializationException", fmt.Sprintf("The request can't be read: %v", err))
	}
	answer, err := do(&c)
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-Requestid", wire.RequestID())
	if answer == nil {
		wire.Send(w, http.StatusOK, "application/x-amz-json-1.1", nil)
		return nil
	}
	doc, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	wire.Send(w, http.StatusOK, "application/x-amz-json-1.1", doc)
	return nil
}

// refuse is a refusal in the service's form: all but failures of its own have
// status 400.
func refuse(code, message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, code, message)
}

func validation(message string) *refusal.Error { return refuse("ValidationException", message) }

func pendingDeletion(k Key) *refusal.Error {
	return refuse("KMSInvalidStateException", k.ARN+" is pending deletion.")
}

// key finds the key that the input names and asks whether the caller may do
// this to it. Aliases do for those operations alone that take them.
func (c *call) key(aliases bool) (Key, error) {
	name := c.KeyID
	switch at := Region(name); {
	case name == "":
		return Key{}, validation("1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null")
	case strings.HasPrefix(name, "arn:") && at != c.region:
		return Key{}, refuse("NotFoundException", "Invalid arn "+at)
	case !aliases && (strings.HasPrefix(name, "alias/") || strings.Contains(name, ":alias/")):
		return Key{}, refuse("NotFoundException", "Invalid keyId "+name)
	}
	arn := ARN(name, c.region, c.caller.AccountID)
	k, found := c.Keys.Find(name, c.region, c.caller.AccountID)
	switch {
	case !found && strings.Contains(arn, ":alias/"):
		return Key{}, refuse("NotFoundException", "Alias "+arn+" is not found.")
	case !found && Account(arn) == c.caller.AccountID:
		return Key{}, refuse("NotFoundException", "Key '"+arn+"' does not exist")
	case !found: // whether another account has it is nobody's business
		k = Key{ARN: arn}
	}
	return k, c.may(k)
}

// may asks whether the caller may do to a key what is asked for. Only
// DescribeKey is open to other accounts (KMS Developer Guide, AWS KMS
// permissions: Cross-account use).
func (c *call) may(k Key) error {
	if Account(k.ARN) != c.caller.AccountID && (k.Policy == nil || c.action != "kms:DescribeKey") {
		return refuse("AccessDeniedException", "User: "+c.caller.ARN+" is not authorized to perform: "+c.action+" on resource: "+k.ARN+
			" because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access")
	}
	decision := c.Accounts.AuthorizeResource(c.caller, c.action, k.ARN, c.conditionsOn(k), k.Policy, Account(k.ARN))
	if !decision.Allow {
		return refuse("AccessDeniedException", decision.Reason)
	}
	return nil
}

// mayIn asks whether the caller may do what is about no key that is there.
func (c *call) mayIn(resource string) error {
	if decision := c.Accounts.Authorize(c.caller, c.action, resource, c.conditions()); !decision.Allow {
		return refuse("AccessDeniedException", decision.Reason)
	}
	return nil
}

// conditionsOn are the condition keys of a request about a key.
func (c *call) conditionsOn(k Key) map[string]string {
	all := c.conditions()
	all["aws:ResourceAccount"] = Account(k.ARN)
	return all
}

func (c *call) conditions() map[string]string {
	return map[string]string{
		"aws:RequestedRegion": c.region, "aws:SecureTransport": "true", "kms:CallerAccount": c.caller.AccountID,
	}
}
