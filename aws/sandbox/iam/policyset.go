package iam

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// The kinds of policies that limit, as refusals name them.
const (
	serviceControlPolicy = "service control policy"
	permissionsBoundary  = "permissions boundary"
	sessionPolicy        = "session policy"
)

// policySet is what limits and what grants.
type policySet struct {
	identity []namedPolicy
	// limits must each allow: service control policy, permissions boundary, session policy, in this order.
	limits    []namedPolicy
	unlimited bool // the root user needs no grant
}

// policiesOf collects the policies of a principal; a principal of another account has none here. d.mu must be held.
func (d *Directory) policiesOf(p Principal, now time.Time) policySet {
	var set policySet
	if p.AccountID != d.account {
		return set
	}
	if d.scp != nil {
		set.limits = append(set.limits, namedPolicy{serviceControlPolicy, serviceControlPolicy, d.scp})
	}
	switch p.Kind {
	case policy.Root:
		set.unlimited = true
	case policy.User:
		if u := d.users[strings.ToLower(p.Name)]; u != nil && u.id == p.UserID {
			set.identity = d.identityPolicies("user", &u.entity)
			set.limitBy(d.policies[u.boundary])
		}
	case policy.RoleSession:
		r := d.effectiveRole(p.RoleARN, now)
		if r == nil {
			break
		}
		set.identity = d.identityPolicies("role", &r.entity)
		set.limitBy(d.policies[r.boundary])
	default: // anonymous callers and services have no policies of their own
	}
	if p.SessionPolicy != nil {
		set.limits = append(set.limits, namedPolicy{sessionPolicy, sessionPolicy, p.SessionPolicy})
	}
	return set
}

// asksContext says whether the context of a request can make a difference;
// with most policies it can't, and then nobody has to put it together.
func (s *policySet) asksContext() bool {
	asks := func(p namedPolicy) bool { return p.document.AsksContext() }
	return slices.ContainsFunc(s.identity, asks) || slices.ContainsFunc(s.limits, asks)
}

// limitBy adds a permissions boundary, if there is one.
func (s *policySet) limitBy(boundary *managedPolicy) {
	if boundary != nil {
		s.limits = append(s.limits, namedPolicy{boundary.name, permissionsBoundary, boundary.parsed})
	}
}

// evaluateAll combines identity policies: any Deny, else any Allow.
func evaluateAll(documents []namedPolicy, r policy.Request) policy.Effect {
	effect := policy.NoMatch
	for _, named := range documents {
		effect = max(effect, named.document.Evaluate(r).Effect)
	}
	return effect
}

// limited is the combined answer of the policies that limit.
type limited struct {
	effect policy.Effect
	kind   string
}

// limitOf returns the first Deny, else the first limit that does not allow, else Allow.
func limitOf(limits []namedPolicy, r policy.Request) limited {
	result := limited{effect: policy.Allow}
	for _, limit := range limits {
		switch limit.document.Evaluate(r).Effect {
		case policy.Deny:
			return limited{policy.Deny, limit.kind}
		case policy.NoMatch:
			if result.effect == policy.Allow {
				result = limited{policy.NoMatch, limit.kind}
			}
		case policy.Allow:
		}
	}
	return result
}
