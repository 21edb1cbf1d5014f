package iam

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// evaluationXML is one result of a simulation.
type evaluationXML struct {
	EvalActionName                    string
	EvalResourceName                  string
	EvalDecision                      string
	MatchedStatements                 members[statementXML]
	MissingContextValues              members[string]
	OrganizationsDecisionDetail       *organizationsXML `xml:",omitempty"`
	PermissionsBoundaryDecisionDetail *boundaryDetail   `xml:",omitempty"`
}

type statementXML struct {
	SourcePolicyID   string `xml:"SourcePolicyId"`
	SourcePolicyType string
}

type organizationsXML struct{ AllowedByOrganizations bool }

type boundaryDetail struct{ AllowedByPermissionsBoundary bool }

// simulatePrincipalPolicy asks the evaluator that decides every call here, for every action on every resource. Nothing
// is looked up about the resources: they need not exist (IAM API Reference, SimulatePrincipalPolicy).
func simulatePrincipalPolicy(d *Directory, q *query) (any, error) {
	arn, err := q.require("PolicySourceArn")
	if err != nil {
		return nil, err
	}
	principal, err := d.simulated(arn)
	if err != nil {
		return nil, err
	}
	set := d.policiesOf(principal, time.Now().Add(d.propagation))
	return d.simulateAll(q, principal, set)
}

// simulateCustomPolicy judges policies that nobody has (IAM API Reference, SimulateCustomPolicy).
func simulateCustomPolicy(d *Directory, q *query) (any, error) {
	if len(q.list("PolicyInputList")) == 0 {
		_, err := q.require("PolicyInputList")
		return nil, err
	}
	principal := Principal{Kind: policy.User, AccountID: d.account, ARN: q.get("CallerArn")}
	return d.simulateAll(q, principal, policySet{})
}

// simulateAll decides every action on every resource by the policies of a set and those of the call.
func (d *Directory) simulateAll(q *query, principal Principal, set policySet) (any, error) {
	given := func(list, kind string) ([]namedPolicy, error) {
		var documents []namedPolicy
		for i, text := range q.list(list) {
			document, err := policy.Parse(text, policy.Identity)
			if err != nil {
				return nil, errInput(list + "." + strconv.Itoa(i+1) + ": " + err.Error())
			}
			documents = append(documents, namedPolicy{list + "." + strconv.Itoa(i+1), kind, document})
		}
		return documents, nil
	}
	more, err := given("PolicyInputList", "IAM Policy")
	if err != nil {
		return nil, err
	}
	set.identity = append(set.identity, more...)
	limits, err := given("PermissionsBoundaryPolicyInputList", permissionsBoundary)
	if err != nil {
		return nil, err
	}
	set.limits = append(set.limits, limits...)
	actions := q.list("ActionNames")
	if len(actions) == 0 {
		_, err := q.require("ActionNames")
		return nil, err
	}
	resources := q.list("ResourceArns")
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	var result struct {
		IsTruncated       bool
		EvaluationResults members[evaluationXML]
	}
	for _, action := range actions {
		if service, name, found := strings.Cut(action, ":"); !found || service == "" || name == "" {
			return nil, errInput("Invalid Action: " + action)
		}
		for _, resource := range resources {
			request := policy.Request{Principal: principal, Action: action, Resource: resource, Context: q.contextEntries()}
			result.EvaluationResults.Member = append(result.EvaluationResults.Member, d.simulate(request, set))
		}
	}
	return result, nil
}

// simulated turns the ARN of a user or of a role into the principal that would act.
func (d *Directory) simulated(arn string) (Principal, error) {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	switch {
	case strings.HasPrefix(arn, d.arn(d.account, "user/")):
		if u := d.users[strings.ToLower(name)]; u != nil && u.arn == arn {
			return d.userPrincipal(u), nil
		}
		return Principal{}, errNoSuchEntity("The user with name " + name + " cannot be found.")
	case strings.HasPrefix(arn, d.arn(d.account, "role/")):
		if r := d.findRole(name); r != nil && r.arn == arn {
			return d.session(r, "simulation", nil), nil
		}
		return Principal{}, errNoRole(name)
	}
	return Principal{}, errInput("Invalid Entity Arn: " + arn + " does not clearly define entity type and name.")
}

// simulate decides one action on one resource and says what mattered.
func (d *Directory) simulate(r policy.Request, set policySet) evaluationXML {
	d.addGlobalKeys(r, time.Now())
	decision := d.authorize(r, set, nil, d.account)
	result := evaluationXML{EvalActionName: r.Action, EvalResourceName: r.Resource, EvalDecision: "implicitDeny"}
	deciding := policy.Allow
	switch {
	case decision.Allow:
		result.EvalDecision = "allowed"
	case decision.Explicit:
		result.EvalDecision = "explicitDeny"
		deciding = policy.Deny
	}
	for _, limit := range set.limits {
		allowed := limit.document.Evaluate(r).Effect == policy.Allow
		switch limit.kind {
		case serviceControlPolicy:
			result.OrganizationsDecisionDetail = &organizationsXML{allowed}
		case permissionsBoundary:
			result.PermissionsBoundaryDecisionDetail = &boundaryDetail{allowed}
		}
	}
	missing := make(map[string]bool)
	for _, named := range set.identity {
		if named.document.Evaluate(r).Effect == deciding {
			result.MatchedStatements.Member = append(result.MatchedStatements.Member, statementXML{named.name, named.kind})
		}
	}
	for _, named := range slices.Concat(set.identity, set.limits) {
		for _, key := range named.document.ConditionKeys() {
			if _, given := r.Context.Values(key); !given && !missing[key] {
				missing[key] = true
				result.MissingContextValues.Member = append(result.MissingContextValues.Member, key)
			}
		}
	}
	return result
}

// contextEntries collects ContextEntries.member.N.ContextKeyName and .ContextKeyValues.member.M.
func (q *query) contextEntries() policy.Context {
	ctx := policy.Context{}
	for i := 1; ; i++ {
		prefix := "ContextEntries.member." + strconv.Itoa(i) + "."
		if !q.form.Has(prefix + "ContextKeyName") {
			return ctx
		}
		ctx.Set(q.get(prefix+"ContextKeyName"), q.list(prefix+"ContextKeyValues")...)
	}
}
