package wanted

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// roleUse says whose role a direction takes. One replication configuration
// has one role for all its rules (S3 API reference, ReplicationConfiguration).
type roleUse int

const (
	// OwnRole is one that bothways makes, with our policy.
	OwnRole roleUse = iota
	// GuestRole is the one that the rules of others take: it stays theirs and
	// gets one more inline policy.
	GuestRole
	// GivenRole is one that was given: it is used as it is.
	GivenRole
)

// RoleUse says whose role direction d takes.
func RoleUse(s *survey.Survey, d pair.Direction) roleUse {
	if s.World.Pair.Given.Role(d) != "" {
		return GivenRole
	}
	configuration := s.Sides[d.From()].Replication
	if configuration == nil || aws.ToString(configuration.Role) == s.OwnRoleARN(d) {
		return OwnRole
	}
	own, others := s.OwnRules(d)
	settled := len(own) > 0 && s.Directions[d].Others != nil && s.Directions[d].Others.PolicyThere
	if len(others) > 0 || settled {
		return GuestRole
	}
	return OwnRole
}

// RoleARN is the ARN of the role that direction d's configuration names.
func RoleARN(s *survey.Survey, d pair.Direction) string {
	switch RoleUse(s, d) {
	case GivenRole:
		return s.World.Pair.Given.Role(d)
	case GuestRole:
		return aws.ToString(s.Sides[d.From()].Replication.Role)
	case OwnRole:
	}
	return s.OwnRoleARN(d)
}

// RoleHolds says whether our own role of direction d has the trust and the
// policy that are wanted.
func RoleHolds(s *survey.Survey, d pair.Direction) bool {
	found := s.Directions[d]
	return policy.Same(found.Trust, TrustPolicy()) && found.PolicyThere && policy.Same(found.Policy, rolePolicy(s, d))
}

// GuestPolicyHolds says whether the role of others that direction d takes has
// our policy as it is wanted.
func GuestPolicyHolds(s *survey.Survey, d pair.Direction) bool {
	others := s.Directions[d].Others
	return others != nil && others.PolicyThere && policy.Same(others.Policy, rolePolicy(s, d))
}
