package policy

import (
	"slices"
	"strings"
)

// Answer says whether something holds.
type Answer int

// The answers. Perhaps means that a condition asks for what only the service
// that gets the request knows.
const (
	No Answer = iota
	Perhaps
	Yes
)

// Request is what somebody asks for.
type Request struct {
	// Principal is the ARN of the user or role, or a service such as
	// s3.amazonaws.com.
	Principal string
	// PathUnknown says that Principal is a role's ARN without the path that it
	// may have, so that a statement that names a role of its name may mean it.
	PathUnknown bool
	// Session is the ARN of the role's session, where it is known.
	Session string
	// Bounded says that a permissions boundary limits the principal.
	Bounded bool
	// Service says that the principal is a service.
	Service  bool
	Action   string
	Resource string
	// Context holds the condition keys that are known, in lower case. A key
	// with no values is known not to be sent; one that ends in a slash says so
	// of all of its family that are not there by themselves.
	Context map[string][]string
	// Either holds keys of which several values are possible, and Begins keys
	// of whose value only the beginning is known.
	Either map[string][][]string
	Begins map[string]string
}

// Match is a statement that applies to a request.
type Match struct {
	Statement Statement
	Answer    Answer // Yes or Perhaps
	// Unknown names the condition keys that leave it open.
	Unknown []string
	// Delegated says that it names the principal by its account only: then the
	// account's own policies decide (IAM User Guide, "AWS JSON policy elements:
	// Principal").
	Delegated bool
	// Named says that it names the user, or the session, by its ARN: what that
	// allows, a permissions boundary takes back only by a Deny of its own (IAM
	// User Guide, "Permissions boundaries for IAM entities").
	Named bool
}

// Denies returns the statements that deny a request, or perhaps do.
func (d *Document) Denies(r Request) []Match {
	var found []Match
	for _, s := range d.Statements {
		if !s.Deny {
			continue
		}
		if answer, _, unknown := s.applies(r); answer != No {
			found = append(found, Match{Statement: s, Answer: answer, Unknown: unknown})
		}
	}
	return found
}

// Allows returns the statement that allows a request most certainly. Denials
// are for Denies to find.
func (d *Document) Allows(r Request) (best Match) {
	for _, s := range d.Statements {
		if s.Deny {
			continue
		}
		answer, how, unknown := s.applies(r)
		better := best.Delegated && how != byAccount || !best.Named && how == byARN
		if answer > best.Answer || answer == best.Answer && answer > No && better {
			best = Match{s, answer, unknown, how == byAccount, how == byARN}
		}
	}
	return best
}

// Trusts says whether a trust policy lets a service that it names take the
// role, as far as its text tells: a condition in it may still keep the service
// out. A text that is no policy trusts nobody.
func Trusts(text, service string) bool {
	d, err := Parse(text)
	return err == nil && slices.ContainsFunc(d.Statements, func(s Statement) bool {
		return !s.Deny && slices.Contains(s.Services(), service) && covered(s.actions, s.notActions, "sts:assumerole")
	})
}

// applies says whether a statement is about a request, and what leaves that
// open.
func (s Statement) applies(r Request) (answer Answer, how naming, unknown []string) {
	answer, how, unknown = s.named(r)
	if answer == No || !covered(s.actions, s.notActions, strings.ToLower(r.Action)) {
		return No, how, nil
	}
	for _, open := range append([]func(Request) (Answer, []string){s.onResource}, s.met()...) {
		holds, keys := open(r)
		if holds == No {
			return No, how, nil
		}
		answer, unknown = min(answer, holds), append(unknown, keys...)
	}
	slices.Sort(unknown)
	return answer, how, slices.Compact(unknown)
}

// met are the statement's conditions.
func (s Statement) met() []func(Request) (Answer, []string) {
	all := make([]func(Request) (Answer, []string), len(s.conditions))
	for i, c := range s.conditions {
		all[i] = c.holds
	}
	return all
}

// onResource says whether the statement is about the request's resource. A
// trust policy has none: it is about its own role.
func (s Statement) onResource(r Request) (Answer, []string) {
	if len(s.resources)+len(s.notResources) == 0 {
		return Yes, nil
	}
	best, unknown := No, []string(nil)
	for _, text := range slices.Concat(s.resources, s.notResources) {
		filled, there, open := r.fill(text, s.variables)
		switch there {
		case Perhaps:
			unknown = append(unknown, open)
		case Yes:
			there = yes(filled.matches(r.Resource))
		case No:
		}
		best = max(best, there)
	}
	if len(s.notResources) > 0 {
		best = Yes - best
	}
	if best != Perhaps {
		return best, nil
	}
	return best, unknown
}

// covered says whether a list covers an action, or its opposite does not. IAM
// compares actions without regard to case.
func covered(in, out []string, action string) bool {
	among := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return Like(strings.ToLower(p), action) })
	}
	if len(in) > 0 {
		return among(in)
	}
	return len(out) > 0 && !among(out)
}
