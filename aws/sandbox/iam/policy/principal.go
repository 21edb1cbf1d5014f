package policy

import "strings"

// Kind is what sort of identity makes a call.
type Kind int

const (
	// Anonymous is a caller who did not sign.
	Anonymous Kind = iota
	// Root is the root user of an account.
	Root
	// User is an IAM user.
	User
	// RoleSession is somebody who has assumed a role.
	RoleSession
	// Service is an AWS service that acts by itself.
	Service
)

// Principal is who makes a call.
type Principal struct {
	// Kind says which of the other fields have a value.
	Kind Kind
	// ARN is the identity that AWS shows: arn:aws:iam::ACCOUNT:user/NAME, arn:aws:iam::ACCOUNT:root or
	// arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION; the service principal for a service.
	ARN string
	// AccountID is the twelve-digit account, "" for services and anonymous callers.
	AccountID string
	// UserID is the unique id, for example AIDA… or AROA…:SESSION.
	UserID string
	// Name is the user's name, or the role's.
	Name string
	// RoleARN is the role of a session, arn:aws:iam::ACCOUNT:role/PATH/NAME.
	RoleARN string
	// SessionName is the name that was given when the role was assumed.
	SessionName string
	// Bounded says that a permissions boundary limits the identity.
	Bounded bool
	// SessionPolicy narrows a session further, nil if it does not.
	SessionPolicy *Document
}

// reach is how directly a statement names a principal.
type reach int

const (
	reachNone reach = iota
	// reachAccount: only the account is named.
	reachAccount
	// reachDirect: the identity itself is named, or everybody, or the document is attached to the identity.
	reachDirect
	// reachNamed: the user or the session is named by its ARN.
	reachNamed
)

// principalPattern is one entry of a Principal element.
type principalPattern struct {
	kind  string // "AWS", "Service", "Federated", "CanonicalUser", or "*" for everybody
	value string
}

// reaches compares the Principal or NotPrincipal element with the caller. A document without either is attached to an
// identity and speaks of nobody else.
func (s *Statement) reaches(p Principal) reach {
	if s.principals == nil {
		return reachDirect
	}
	best := reachNone
	for _, pattern := range s.principals {
		best = max(best, pattern.reaches(p))
	}
	switch {
	case !s.notPrincipal:
		return best
	case best == reachNone || s.Effect == Deny && !s.excepts(p):
		return reachDirect
	}
	return reachNone
}

// excepts says whether a Deny with NotPrincipal really leaves somebody alone who is on its list. AWS looks at the account,
// then at the role, then at its session, so account and role have to be there; and such a Deny always hits who has a
// permissions boundary (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
func (s *Statement) excepts(p Principal) bool {
	if p.Bounded {
		return false
	}
	var account, identity bool
	for _, pattern := range s.principals {
		v := pattern.value
		if pattern.kind == "*" || v == "*" || pattern.kind == "Service" && pattern.reaches(p) != reachNone {
			return true // services have no account
		}
		account = account || v == p.AccountID || isRootOf(v, p.AccountID)
		identity = identity || p.Kind == Root || v == p.ARN && p.RoleARN == "" || p.RoleARN != "" && v == p.RoleARN
	}
	return account && identity
}

func (pattern principalPattern) reaches(p Principal) reach {
	switch pattern.kind {
	case "*":
		return reachDirect
	case "Service":
		return directIf(p.Kind == Service && pattern.value == p.ARN)
	case "AWS":
		return pattern.reachesIdentity(p)
	}
	return reachNone
}

func (pattern principalPattern) reachesIdentity(p Principal) reach {
	switch {
	case p.Kind == Service:
		return reachNone
	case pattern.value == "*":
		return reachDirect
	case p.Kind == Anonymous:
		return reachNone
	case pattern.value == p.ARN && p.Kind != Root:
		return reachNamed
	case pattern.value == p.ARN, p.RoleARN != "" && pattern.value == p.RoleARN:
		return reachDirect
	case pattern.value == p.AccountID || isRootOf(pattern.value, p.AccountID):
		if p.Kind == Root {
			return reachDirect
		}
		return reachAccount
	}
	return reachNone
}

func directIf(condition bool) reach {
	if condition {
		return reachDirect
	}
	return reachNone
}

// isRootOf reports whether an ARN is the root of an account, in whatever partition.
func isRootOf(arn, accountID string) bool {
	parts := strings.Split(arn, ":")
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4] == accountID && parts[5] == "root"
}

// NamedPrincipals returns the values of all AWS entries of Principal elements, so that whoever stores a document can
// refuse identities that do not exist.
func (d *Document) NamedPrincipals() []string {
	var names []string
	for i := range d.Statements {
		for _, pattern := range d.Statements[i].principals {
			if pattern.kind == "AWS" {
				names = append(names, pattern.value)
			}
		}
	}
	return names
}
