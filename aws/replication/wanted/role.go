package wanted

import (
	"crypto/sha256"
	"encoding/hex"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// TrustPolicy lets S3 take the role. It carries no condition, as AWS's own
// replication examples don't (S3 User Guide, "Setting up permissions for live
// replication"): a condition on a key that S3 does not send would make the
// role useless without any error.
func TrustPolicy() string {
	return policy.Compose(policy.Draft{
		Effect:    "Allow",
		Principal: map[string]string{"Service": survey.S3Principal},
		Action:    "sts:AssumeRole",
	})
}

// rolePolicy is the least that a direction needs (same page). Reading goes by
// GetObjectVersionForReplication, which covers encrypted objects too;
// ListBucket is needed for delete markers; ReplicateObject covers ACLs; the
// settings of Object Lock are read where the bucket has it.
func rolePolicy(s *survey.Survey, d pair.Direction) string {
	p := s.World.Pair
	read := []string{"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"}
	if locked(s, d.From()) {
		read = append(read, "s3:GetObjectRetention", "s3:GetObjectLegalHold")
	}
	write := []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}
	if OverridesOwner(s, d) {
		write = append(write, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	statements := append([]policy.Draft{
		{
			Sid: "Source", Effect: "Allow", Resource: p.From(d).BucketARN(),
			Action: []string{"s3:GetReplicationConfiguration", "s3:ListBucket"},
		},
		{Sid: "SourceObjects", Effect: "Allow", Resource: keysUnder(s, d.From()), Action: read},
		{Sid: "Destination", Effect: "Allow", Resource: keysUnder(s, d.To()), Action: write},
	}, keyStatements(s, d)...)
	return policy.Compose(statements...)
}

// Proof is a digest of all that a canary of direction d proves. It is kept as
// a tag of our own role, so that a later plan knows what has been proven.
func Proof(s *survey.Survey, d pair.Direction) string {
	direction := ComposeDirection(s, d)
	whole := ExactJSON(direction.Rule) + direction.Trust + direction.Policy
	for _, statement := range incomingStatements(s, d.To()) {
		whole += string(statement.JSON())
	}
	sum := sha256.Sum256([]byte(whole))
	return hex.EncodeToString(sum[:8])
}
