package wanted

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// TrustPolicy lets S3 take the role. It carries no condition, as AWS's own
// replication examples don't (S3 User Guide, "Setting up permissions for live
// replication"): a condition on a key that S3 does not send would make the
// role useless without any error.
func TrustPolicy() string { return policy.Compose(Trust()) }

// Trust is its statement.
func Trust() policy.Draft {
	return policy.Draft{
		Effect:    "Allow",
		Principal: map[string]string{"Service": survey.S3Principal},
		Action:    "sts:AssumeRole",
	}
}

// rolePolicy is the least that a direction needs (same page). Reading goes by
// GetObjectVersionForReplication, which covers encrypted objects too;
// ListBucket is needed for delete markers; ReplicateObject covers ACLs; the
// settings of Object Lock are read where the bucket has it. Without the right
// for annotations objects arrive and their annotations stay behind (S3 User
// Guide, "Annotating your objects").
func rolePolicy(s *survey.Survey, d pair.Direction) string {
	p := s.World.Pair
	read := []string{"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging", "s3:GetObjectVersionAnnotationForReplication"}
	if locked(s, d.From()) {
		read = append(read, "s3:GetObjectRetention", "s3:GetObjectLegalHold")
	}
	write := []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}
	if OverridesOwner(s, d) {
		write = append(write, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	statements := append([]policy.Draft{
		{
			Sid: survey.SourceStatement, Effect: "Allow", Resource: p.From(d).BucketARN(),
			Action: []string{"s3:GetReplicationConfiguration", "s3:ListBucket"},
		},
		{Sid: "SourceObjects", Effect: "Allow", Resource: keysUnder(s, d.From()), Action: read},
		{Sid: "Destination", Effect: "Allow", Resource: keysUnder(s, d.To()), Action: write},
	}, keyStatements(s, d)...)
	return policy.Compose(statements...)
}

// Proof is a digest of all that a canary of direction d proves. It is kept as
// a tag of our own role, or in our policy on a role of others (see
// survey.SourceStatement), so that a later plan knows what has been proven.
func Proof(s *survey.Survey, d pair.Direction) string {
	direction := ComposeDirection(s, d)
	whole := ExactJSON(direction.Rule) + direction.Trust + direction.Policy + direction.RoleBoundary
	for _, statement := range incomingStatements(s, d.To()) {
		whole += string(statement.JSON())
	}
	sum := sha256.Sum256([]byte(whole))
	return hex.EncodeToString(sum[:8])
}

// Proven is the digest that is kept of direction d, or "".
func Proven(s *survey.Survey, d pair.Direction) string {
	found := s.Directions[d]
	switch RoleUse(s, d) {
	case OwnRole:
		return found.Proven
	case GuestRole:
		if found.Others != nil {
			return found.Others.Proven
		}
	case GivenRole: // nothing about it is ours
	}
	return ""
}

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

// RoleHolds says whether our own role of direction d has the trust, the policy
// and the boundary that are wanted.
func RoleHolds(s *survey.Survey, d pair.Direction) bool {
	found := s.Directions[d]
	return RoleRightsHold(s, d) && found.Boundary == roleBoundary(s, d).arn
}

// RoleRightsHold says the same of its trust and its policy alone.
func RoleRightsHold(s *survey.Survey, d pair.Direction) bool {
	found := s.Directions[d]
	return policy.Same(found.Trust, TrustPolicy()) && found.PolicyThere && policy.Same(found.Policy, rolePolicy(s, d))
}

// GuestPolicyHolds says whether the role of others that direction d takes has
// our policy as it is wanted.
func GuestPolicyHolds(s *survey.Survey, d pair.Direction) bool {
	others := s.Directions[d].Others
	return others != nil && others.PolicyThere && policy.Same(others.Policy, rolePolicy(s, d))
}
