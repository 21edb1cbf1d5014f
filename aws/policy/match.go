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
	// Service says that the principal is a service.
	Service  bool
	Action   string
	Resource string
	// Context holds the condition keys that are known, in lower case. A key
	// with no values is known not to be sent.
	Context map[string][]string
}

// Match is a statement that applies to a request.
type Match struct {
	Statement Statement
	Answer    Answer // Yes or Perhaps
	// Unknown names the condition keys that leave it open.
	Unknown []string
}

// Denies returns the statements that deny a request, or perhaps do.
func (d *Document) Denies(r Request) []Match {
	var found []Match
	for _, s := range d.Statements {
		if !s.Deny {
			continue
		}
		if answer, unknown := s.applies(r); answer != No {
			found = append(found, Match{s, answer, unknown})
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
		if answer, unknown := s.applies(r); answer > best.Answer {
			best = Match{s, answer, unknown}
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
		return !s.Deny && slices.Contains(s.Services(), service) && listed(s.actions, s.notActions, "sts:assumerole", true)
	})
}

func (s Statement) applies(r Request) (Answer, []string) {
	answer := s.named(r)
	if answer == No || !listed(s.actions, s.notActions, strings.ToLower(r.Action), true) {
		return No, nil
	}
	// A trust policy has no resources: it is about its own role.
	if len(s.resources)+len(s.notResources) > 0 && !listed(s.resources, s.notResources, r.Resource, false) {
		return No, nil
	}
	var unknown []string
	if answer == Perhaps {
		unknown = append(unknown, "the role's path, which iam:GetRole shows")
	}
	for _, c := range s.conditions {
		switch c.holds(r.Context) {
		case No:
			return No, nil
		case Perhaps:
			answer, unknown = Perhaps, append(unknown, c.key)
		case Yes:
		}
	}
	return answer, unknown
}

// named says whether the statement is about the request's principal. A policy
// of a role has no principals: it is about that role.
func (s Statement) named(r Request) Answer {
	switch {
	case s.principals != nil:
		return among(s.principals, r)
	case s.notPrincipals != nil:
		return Yes - among(s.notPrincipals, r)
	}
	return Yes
}

func among(kinds map[string][]string, r Request) Answer {
	if r.Service {
		return yes(slices.Contains(kinds["Service"], r.Principal) || slices.Contains(kinds["AWS"], "*") || slices.Contains(kinds["*"], "*"))
	}
	account := ""
	if parts := strings.Split(r.Principal, ":"); len(parts) > 4 {
		account = parts[4]
	}
	best := No
	for _, name := range slices.Concat(kinds["AWS"], kinds["*"]) {
		switch {
		case name == "*", name == account, strings.HasSuffix(name, ":iam::"+account+":root"):
			return Yes
		case r.PathUnknown && withoutPath(name) == r.Principal:
			best = Perhaps
		case name == r.Principal:
			return Yes
		}
	}
	return best
}

// withoutPath is a role's ARN as if the role had no path.
func withoutPath(arn string) string {
	kind, rest, found := strings.Cut(arn, ":role/")
	if !found {
		return arn
	}
	return kind + ":role/" + rest[strings.LastIndex(rest, "/")+1:]
}

// listed says whether a name is covered by a list, or not by its opposite.
// IAM compares actions without regard to case.
func listed(in, out []string, name string, fold bool) bool {
	covered := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool {
			if fold {
				p = strings.ToLower(p)
			}
			return Like(p, name)
		})
	}
	if len(in) > 0 {
		return covered(in)
	}
	return len(out) > 0 && !covered(out)
}

// Like matches a pattern in which * stands for any text and ? for any one
// byte.
func Like(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
