package policy

import (
	"slices"
	"strconv"
)

// Effect is the answer of a document or of a statement.
type Effect int

const (
	// NoMatch means that no statement speaks of the request.
	NoMatch Effect = iota
	// Allow means that at least one statement allows the request and none denies it.
	Allow
	// Deny means that a statement denies the request; it outweighs every Allow.
	Deny
)

// String returns the word as it stands in a policy, "NoMatch" for neither.
func (e Effect) String() string {
	switch e {
	case Allow:
		return "Allow"
	case Deny:
		return "Deny"
	default:
		return "NoMatch"
	}
}

// Document is a parsed policy. It is immutable and safe for concurrent use.
type Document struct {
	// Version is "2012-10-17" or "2008-10-17".
	Version string
	// Statements are in the order of the text.
	Statements []Statement

	asks bool // has conditions or variables
}

// Statement is one rule of a document.
type Statement struct {
	// Sid is the statement's own name, "" if it has none.
	Sid string
	// Effect is Allow or Deny.
	Effect Effect

	actions      patterns
	notActions   bool
	resources    patterns
	notResources bool
	principals   []principalPattern
	notPrincipal bool
	conditions   []condition
}

// Request is one call that somebody wants to make.
type Request struct {
	// Principal makes the call. Only documents that name principals look at it.
	Principal Principal
	// Action is "service:Operation".
	Action string
	// Resource is the ARN that the action is done to.
	Resource string
	// Context holds the condition keys.
	Context Context
}

// Outcome is the answer of one document.
type Outcome struct {
	// Effect is NoMatch, Allow or Deny.
	Effect Effect
	// Statement names the statement that decided: its Sid, or its number from 1; "" for NoMatch.
	Statement string
	// Delegated is true for an Allow that names only the caller's account. It grants nothing by itself inside that
	// account, it lets the account's own policies decide (IAM User Guide, "AWS JSON policy elements: Principal").
	Delegated bool
	// Named is true for an Allow of a resource's policy that names the user or the session by its ARN: an implicit denial by
	// a permissions boundary or a session policy does not limit that (IAM User Guide, "Permissions boundaries for IAM
	// entities").
	Named bool
}

// AsksContext says whether the context of a request can make a difference. A
// document that is nil does not ask.
func (d *Document) AsksContext() bool { return d != nil && d.asks }

// asksContext works out whether a statement has conditions or variables.
func (s *Statement) asksContext() bool {
	for _, list := range []patterns{s.actions, s.resources} {
		for i := range list {
			if list[i].parts != nil {
				return true
			}
		}
	}
	return len(s.conditions) > 0
}

// Evaluate answers one request. A document that is nil does not match anything.
func (d *Document) Evaluate(r Request) Outcome {
	if d == nil {
		return Outcome{}
	}
	var outcome Outcome
	for i := range d.Statements {
		s := &d.Statements[i]
		reach := s.match(r)
		if reach == reachNone {
			continue
		}
		named := Outcome{
			Effect: s.Effect, Statement: s.name(i), Delegated: reach == reachAccount && s.Effect == Allow,
			Named: reach == reachNamed && s.Effect == Allow,
		}
		if s.Effect == Deny {
			return named
		}
		if outcome.Effect == NoMatch || outcome.Delegated && !named.Delegated || !outcome.Named && named.Named {
			outcome = named
		}
	}
	return outcome
}

func (s *Statement) name(index int) string {
	if s.Sid != "" {
		return s.Sid
	}
	return strconv.Itoa(index + 1)
}

// match reports how directly a statement speaks of the request.
func (s *Statement) match(r Request) reach {
	if s.actions.match(foldAction(r.Action), r.Context) == s.notActions {
		return reachNone
	}
	// Trust policies have no Resource: they are attached to the only one they can mean.
	if s.resources != nil && s.resources.match(r.Resource, r.Context) == s.notResources {
		return reachNone
	}
	reach := s.reaches(r.Principal)
	if reach == reachNone {
		return reachNone
	}
	for i := range s.conditions {
		if !s.conditions[i].holds(r.Context) {
			return reachNone
		}
	}
	return reach
}

// ConditionKeys returns the condition keys that the document looks at, each once, in lower case and in the order of the
// text.
func (d *Document) ConditionKeys() []string {
	var keys []string
	for i := range d.Statements {
		for j := range d.Statements[i].conditions {
			if key := d.Statements[i].conditions[j].key; !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
