package replication

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
)

// roleUse says whose role a direction takes. One replication configuration
// has one role for all its rules (S3 API reference, ReplicationConfiguration).
type roleUse int

const (
	// ownRole is one that bothways makes, with our policy.
	ownRole roleUse = iota
	// guestRole is the one that the rules of others take: it stays theirs and
	// gets one more inline policy.
	guestRole
	// givenRole is one that was given: it is used as it is.
	givenRole
)

func (s *Survey) roleUse(d pair.Direction) roleUse {
	if s.World.Pair.Given.Role(d) != "" {
		return givenRole
	}
	configuration := s.Sides[d.From()].Replication
	if configuration == nil || aws.ToString(configuration.Role) == s.ownRoleARN(d) {
		return ownRole
	}
	own, others := s.ownRules(d)
	settled := len(own) > 0 && s.Directions[d].Others != nil && s.Directions[d].Others.PolicyThere
	if len(others) > 0 || settled {
		return guestRole
	}
	return ownRole
}

// wantedRoleARN is the ARN of the role that direction d's configuration names.
func (s *Survey) wantedRoleARN(d pair.Direction) string {
	switch s.roleUse(d) {
	case givenRole:
		return s.World.Pair.Given.Role(d)
	case guestRole:
		return aws.ToString(s.Sides[d.From()].Replication.Role)
	case ownRole:
	}
	return s.ownRoleARN(d)
}

// ownRoleARN is our role's ARN, or what it will be: IAM composes it of the
// account, the path and the name.
func (s *Survey) ownRoleARN(d pair.Direction) string {
	if arn := s.Directions[d].RoleARN; arn != "" {
		return arn
	}
	p := s.World.Pair
	return "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + s.Sides[d.From()].Identity.Account +
		":role" + pair.RolePath + p.RoleName(d)
}

// othersRole is the ARN of the role of others that direction d has to do
// with: given, or named by the configuration; or "".
func (s *Survey) othersRole(d pair.Direction) string {
	if given := s.World.Pair.Given.Role(d); given != "" {
		return given
	}
	configuration := s.Sides[d.From()].Replication
	if configuration == nil || aws.ToString(configuration.Role) == s.ownRoleARN(d) {
		return ""
	}
	return aws.ToString(configuration.Role)
}
