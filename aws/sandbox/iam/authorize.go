package iam

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// Decision is the answer to one request for permission.
type Decision struct {
	// Allow is true if the call may be made.
	Allow bool
	// Explicit is true if a statement denies the call, false if merely nothing allows it.
	Explicit bool
	// Reason is the refusal in AWS's words, "" if the call is allowed (IAM User Guide, "Troubleshoot access denied error
	// messages").
	Reason string
}

// Several joins the values of a condition key that has more than one.
const Several = "\x1f"

// AuthorizeResource decides by the policies of the principal (identity policies, session policy, permissions boundary,
// the account's service control policy) and that of the resource, which may be nil, with the account that owns it. Inside
// one account either side may grant; across accounts both must; an explicit Deny on any side decides (IAM User Guide,
// "Cross-account policy evaluation logic"). The policy of a KMS key has to grant always, if only to the account. Keys of ctx are condition keys such as "iam:PassedToService"; what the
// principal and the clock say (aws:username, aws:PrincipalArn, aws:CurrentTime, …) is added here.
func (d *Directory) AuthorizeResource(
	p Principal, action, resource string, ctx map[string]string, resourcePolicy *policy.Document, ownerAccount string,
) Decision {
	request := policy.Request{Principal: p, Action: action, Resource: resource}
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := time.Now()
	set := d.policiesOf(p, now)
	if resourcePolicy.AsksContext() || set.asksContext() {
		request.Context = make(policy.Context, len(ctx)+8)
		for key, value := range ctx {
			request.Context.Set(key, strings.Split(value, Several)...)
		}
		d.addGlobalKeys(request, now)
	}
	return d.authorize(request, set, resourcePolicy, ownerAccount)
}

// authorize follows AWS's evaluation logic: any explicit Deny, then what the organisation allows, then what identity and
// resource policies grant, then the limits of boundary and session. d.mu must be held.
func (d *Directory) authorize(
	r policy.Request, set policySet, resourcePolicy *policy.Document, ownerAccount string,
) Decision {
	denied := func(kind string) Decision {
		return Decision{Reason: denial(r, "with an explicit deny in "+kind), Explicit: true}
	}
	missing := func(kind string) Decision {
		return Decision{Reason: denial(r, "because no "+kind+" allows the "+r.Action+" action")}
	}
	r.Principal.Bounded = slices.ContainsFunc(set.limits, func(l namedPolicy) bool { return l.kind == permissionsBoundary })
	byResource := resourcePolicy.Evaluate(r)
	if byResource.Effect == policy.Deny {
		return denied("a resource-based policy")
	}
	granted := byResource.Effect == policy.Allow && !byResource.Delegated
	if r.Principal.Kind == policy.Anonymous || r.Principal.Kind == policy.Service {
		if granted {
			return Decision{Allow: true}
		}
		return missing("resource-based policy")
	}
	limit := limitOf(set.limits, r)
	if limit.effect == policy.Deny {
		return denied("a " + limit.kind)
	}
	identity := evaluateAll(set.identity, r)
	if set.unlimited && identity == policy.NoMatch {
		identity = policy.Allow
	}
	if identity == policy.Deny {
		return denied("an identity-based policy")
	}
	if limit.effect == policy.NoMatch && limit.kind == serviceControlPolicy {
		return missing(limit.kind)
	}
	switch sameAccount := r.Principal.AccountID == ownerAccount; {
	case keyPolicy(r, resourcePolicy) && byResource.Effect != policy.Allow:
		return missing("resource-based policy")
	case identity != policy.Allow && (!sameAccount || !granted):
		return missing("identity-based policy")
	case !sameAccount && byResource.Effect != policy.Allow:
		return missing("resource-based policy")
	case limit.effect == policy.NoMatch && (!sameAccount || !byResource.Named):
		return missing(limit.kind)
	}
	return Decision{Allow: true}
}

// keyPolicy says whether a resource's policy is that of a KMS key: what it does not allow, not even to the account, no
// policy of the account can (AWS KMS Developer Guide, "Key policies in AWS KMS").
func keyPolicy(r policy.Request, resourcePolicy *policy.Document) bool {
	return resourcePolicy != nil && strings.HasPrefix(r.Action, "kms:")
}

// denial words a refusal as AWS does; S3 puts the resource in quotation marks.
func denial(r policy.Request, reason string) string {
	resource := r.Resource
	if strings.HasPrefix(r.Action, "s3:") {
		resource = `"` + resource + `"`
	}
	who := r.Principal.ARN
	if r.Principal.Kind == policy.Anonymous {
		who = "anonymous"
	}
	return "User: " + who + " is not authorized to perform: " + r.Action + " on resource: " + resource + " " + reason
}
