package policy

import (
	"slices"
	"strings"
)

const (
	pathUnknown    = "the role's path, which iam:GetRole shows"
	sessionUnknown = "the name of the role's session"
	withoutAccount = "whether a NotPrincipal excepts who is named without their account and role (IAM wants all of them)"
)

// naming is how a statement speaks of a principal.
type naming int

const (
	otherwise naming = iota // by its role, or as one of all
	byAccount               // only by its account, which lets that account's own policies decide
	byARN                   // by the ARN of the user, or of the session
)

// named says whether the statement is about the request's principal, and how.
// A policy of a role has no principals: it is about that role.
func (s Statement) named(r Request) (answer Answer, how naming, unknown []string) {
	switch {
	case s.principals != nil:
		who, account, open := among(s.principals, r)
		switch {
		case who == Yes && r.byARN(s.principals["AWS"]):
			return Yes, byARN, nil
		case who == Yes:
			return Yes, otherwise, nil
		case account:
			return Yes, byAccount, nil
		}
		return who, otherwise, open
	case s.notPrincipals != nil:
		answer, unknown = s.leftOut(r)
		return answer, otherwise, unknown
	}
	return Yes, otherwise, nil
}

// byARN says whether a list has the ARN of the user or of the session that asks.
func (r Request) byARN(names []string) bool {
	return r.session(names) || strings.Contains(r.Principal, ":user/") && slices.Contains(names, r.Principal)
}

// leftOut says whether a NotPrincipal leaves the principal out of its list, so
// that the statement is about it. AWS looks at the account, then the role, then
// its session, and may deny who is not listed by each; with a permissions
// boundary a Deny always hits (IAM User Guide, "AWS JSON policy elements:
// NotPrincipal").
func (s Statement) leftOut(r Request) (Answer, []string) {
	who, account, open := among(s.notPrincipals, r)
	switch {
	case s.Deny && r.Bounded:
		return Yes, nil
	case r.Service || !s.Deny || slices.Contains(s.notPrincipals["AWS"], "*") || strings.HasSuffix(r.Principal, ":root"):
		if who == No && account {
			return No, nil
		}
		return Yes - who, open
	case who == No:
		return Yes, nil
	case who == Perhaps:
		return Perhaps, open
	case !account || r.session(s.notPrincipals["AWS"]) && !slices.Contains(s.notPrincipals["AWS"], r.Principal):
		return Perhaps, []string{withoutAccount}
	}
	return No, nil
}

// session says whether a list names the request's own session.
func (r Request) session(names []string) bool {
	return r.Session != "" && slices.Contains(names, r.Session)
}

// among says whether a list of principals names the request's, and whether it
// names its account.
func among(kinds map[string][]string, r Request) (best Answer, account bool, unknown []string) {
	names := slices.Concat(kinds["AWS"], kinds["*"])
	if r.Service {
		return yes(slices.Contains(kinds["Service"], r.Principal) || slices.Contains(names, "*")), false, nil
	}
	owner := ""
	if parts := strings.Split(r.Principal, ":"); len(parts) > 4 {
		owner = parts[4]
	}
	for _, name := range names {
		switch {
		case name == "*", name == r.Principal && !r.PathUnknown, r.Session != "" && name == r.Session:
			best, unknown = Yes, nil
		case name == owner, strings.HasSuffix(name, ":iam::"+owner+":root"):
			account = true
		case best == No && r.PathUnknown && withoutPath(name) == r.Principal:
			best, unknown = Perhaps, []string{pathUnknown}
		case best == No && r.Session == "" && sameRole(name, r.Principal):
			best, unknown = Perhaps, []string{sessionUnknown}
		}
	}
	if strings.HasSuffix(r.Principal, ":root") && account {
		best = Yes
	}
	if best == No && len(kinds["CanonicalUser"]) > 0 {
		best, unknown = Perhaps, []string{"whose the canonical user ID is"}
	}
	return best, account, unknown
}

// sameRole says whether a name is that of a session of a role.
func sameRole(session, role string) bool {
	account, name, found := strings.Cut(session, ":assumed-role/")
	if !found {
		return false
	}
	name, _, _ = strings.Cut(name, "/")
	return strings.HasPrefix(role, strings.Replace(account, ":sts:", ":iam:", 1)+":role/") && strings.HasSuffix(role, "/"+name)
}

// withoutPath is a role's ARN as if the role had no path.
func withoutPath(arn string) string {
	kind, rest, found := strings.Cut(arn, ":role/")
	if !found {
		return arn
	}
	return kind + ":role/" + rest[strings.LastIndex(rest, "/")+1:]
}
