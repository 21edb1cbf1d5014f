package pair

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// What IAM allows of a role (IAM API reference, CreateRole).
const (
	mostRoleName = 64
	mostPath     = 512
)

var boundaryShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^arn:(aws[a-z-]*):iam::(aws|[0-9]{12}):policy/([!-~]+/)?[\w+=,.@-]+$`)
})

// NoBoundary stands where an ARN could: it takes the permissions boundary off roles
// that have one.
const NoBoundary = "none"

// RolePath is the IAM path of the roles that bothways makes for the pair.
func (p Pair) RolePath() string {
	if p.Options.RolePath != "" {
		return p.Options.RolePath
	}
	return RolePath
}

// RoleName names the role of direction d. IAM allows 64 characters and
// compares names without case. Where the prefix that was asked for leaves no
// room for both regions, the second is left out: the pair's ID and the region
// that a direction starts in are still no other role's.
func (p Pair) RoleName(d Direction) string {
	if name := p.Options.RolePrefix + p.directionName(d); len(name) <= mostRoleName {
		return name
	}
	return p.Options.RolePrefix + p.shortName(d)
}

func (p Pair) shortName(d Direction) string { return RulePrefix + p.ID() + "-" + p.From(d).Region }

// AsksNothingOfRoles says whether neither a path nor a prefix of the roles was
// asked for.
func (p Pair) AsksNothingOfRoles() bool {
	return p.Options.RolePath == "" && p.Options.RolePrefix == ""
}

// NamesRole says whether a role's name is one that bothways gives to the role
// of direction d, with whichever prefix. Whose it is, its tag says.
func (p Pair) NamesRole(d Direction, name string) bool {
	return strings.HasSuffix(name, p.directionName(d)) || strings.HasSuffix(name, p.shortName(d))
}

// PrefixOf is what comes before the name that bothways gives to the role of
// direction d.
func (p Pair) PrefixOf(d Direction, name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, p.directionName(d)), p.shortName(d))
}

// Boundary is the ARN of the permissions boundary that was asked for of roles
// in an account, or "": IAM takes a policy of the role's own account or one of
// AWS.
func (p Pair) Boundary(account string) string {
	for _, arn := range strings.Fields(p.Options.RoleBoundary) {
		if parts := boundaryShape().FindStringSubmatch(arn); parts != nil && (parts[2] == account || parts[2] == "aws") {
			return arn
		}
	}
	return ""
}

// CheckRoleBoundary says whether a text is the ARN of a policy that can be the
// boundary of this pair's roles, or several, for sides in different accounts, or
// NoBoundary; "" asks for nothing, so that roles keep what they have.
func (p Pair) CheckRoleBoundary(text string) error {
	if text == NoBoundary {
		return nil
	}
	var accounts []string
	for _, arn := range strings.Fields(text) {
		parts := boundaryShape().FindStringSubmatch(arn)
		switch {
		case parts == nil:
			return fmt.Errorf("%q is not the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/name", clip(arn))
		case parts[1] != PartitionOf(p.A.Region):
			return fmt.Errorf("the policy %s lies in the partition %s, the roles in %s", clip(arn), parts[1], PartitionOf(p.A.Region))
		case slices.Contains(accounts, parts[2]):
			return fmt.Errorf("two policies of %s are given (%s): a role has one boundary", parts[2], clip(text))
		}
		accounts = append(accounts, parts[2])
	}
	return nil
}

// CheckRolePath applies IAM's rules for paths; "" is the path that bothways
// takes by itself.
func CheckRolePath(path string) error {
	strange := strings.IndexFunc(path, func(r rune) bool { return r < '!' || r > '~' })
	switch {
	case path == "":
	case !strings.HasPrefix(path, "/") || !strings.HasSuffix(path, "/"):
		return fmt.Errorf("the path %q must begin and end with /, such as /team/", clip(path))
	case len(path) > mostPath:
		return fmt.Errorf("the path %q has %d characters: IAM allows %d", clip(path), len(path), mostPath)
	case strange >= 0:
		return fmt.Errorf("the path %q has the character %q: IAM allows only visible ASCII characters, no spaces", clip(path), []rune(path[strange:])[0])
	}
	return nil
}

// CheckRolePrefix says whether the names of the pair's roles may begin with a
// text: IAM's characters, and room for what makes the name this pair's own.
func (p Pair) CheckRolePrefix(prefix string) error {
	for _, r := range prefix {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+=,.@_-", r) {
			return fmt.Errorf("the prefix %q has the character %q: IAM allows letters, digits and + = , . @ _ - in names", clip(prefix), r)
		}
	}
	rest := p.shortName(AtoB)
	if other := p.shortName(BtoA); len(other) > len(rest) {
		rest = other
	}
	if len(prefix)+len(rest) > mostRoleName {
		return fmt.Errorf("the prefix %q has %d characters, at most %d are allowed: IAM's names have %d, and %s must be among them",
			clip(prefix), len(prefix), mostRoleName-len(rest), mostRoleName, rest)
	}
	return nil
}

// checkMadeRoles says what can't be asked of the roles that bothways makes.
func (p Pair) checkMadeRoles() error {
	if err := p.CheckRoleBoundary(p.Options.RoleBoundary); err != nil {
		return fmt.Errorf("the boundary of roles: %w", err)
	}
	if err := CheckRolePath(p.Options.RolePath); err != nil {
		return fmt.Errorf("the path of roles: %w", err)
	}
	if err := p.CheckRolePrefix(p.Options.RolePrefix); err != nil {
		return fmt.Errorf("the names of roles: %w", err)
	}
	return nil
}
