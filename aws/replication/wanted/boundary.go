package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// boundary is the permissions boundary that our own role of a direction should
// have, and why that one.
type boundary struct {
	arn string
	// sister says that nobody asked for it: the role of the other direction has it.
	sister bool
}

// roleBoundary is what was asked for; or else what the role has, which somebody
// may demand of it; or else, where it is to be made, what the pair's other role
// has: whoever demanded that one demands this one, too.
func roleBoundary(s *survey.Survey, d pair.Direction) boundary {
	found := s.Directions[d]
	switch asked := s.World.Pair.Options.RoleBoundary; {
	case asked == pair.NoBoundary:
		return boundary{}
	case s.World.Pair.Boundary(s.Sides[d.From()].Identity.Account) != "":
		return boundary{arn: s.World.Pair.Boundary(s.Sides[d.From()].Identity.Account)}
	case found.RoleExists:
		return boundary{arn: found.Boundary}
	}
	if arn := SisterBoundary(s, d); arn != "" && usable(s, d, arn) {
		return boundary{arn: arn, sister: true}
	}
	return boundary{}
}

// SisterBoundary is the permissions boundary of the pair's role of the other
// direction, or "".
func SisterBoundary(s *survey.Survey, d pair.Direction) string {
	if sister := s.Directions[d.Reverse()]; sister.Own(s.World.Pair) {
		return sister.Boundary
	}
	return ""
}

// FromSister says that the role of direction d is to be made with a boundary
// that nobody asked for, as the pair's other role has it.
func FromSister(s *survey.Survey, d pair.Direction) bool { return roleBoundary(s, d).sister }

// usable says whether a role of direction d can have a policy as its boundary:
// IAM takes one of the role's own account, or of AWS.
func usable(s *survey.Survey, d pair.Direction, arn string) bool {
	owner := survey.AccountOf(arn)
	return owner == "aws" || owner == s.Sides[d.From()].Identity.Account
}
