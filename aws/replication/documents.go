package replication

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

type policyDocument struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Sid       string            `json:",omitempty"`
	Effect    string            `json:",omitempty"`
	Principal map[string]string `json:",omitempty"`
	Action    any               `json:",omitempty"`
	Resource  any               `json:",omitempty"`
}

// trustPolicy lets S3 take the role. It carries no condition, as AWS's own
// replication examples don't (S3 User Guide, "Setting up permissions for live
// replication"): a condition on a key that S3 does not send would make the
// role useless without any error.
func trustPolicy() string {
	return encodeDocument(policyDocument{
		Version: "2012-10-17",
		Statement: []policyStatement{{
			Effect:    "Allow",
			Principal: map[string]string{"Service": "s3.amazonaws.com"},
			Action:    "sts:AssumeRole",
		}},
	})
}

// rolePolicy is the least that a direction needs (same page). Reading goes by
// GetObjectVersionForReplication, which covers encrypted objects too;
// ListBucket is needed for delete markers; ReplicateObject covers ACLs.
func rolePolicy(p pair.Pair, d pair.Direction) string {
	from, to := p.From(d).BucketARN(), p.To(d).BucketARN()
	keys := "/" + p.Options.Prefix + "*"
	return encodeDocument(policyDocument{
		Version: "2012-10-17",
		Statement: []policyStatement{
			{
				Sid: "Source", Effect: "Allow", Resource: from,
				Action: []string{"s3:GetReplicationConfiguration", "s3:ListBucket"},
			},
			{
				Sid: "SourceObjects", Effect: "Allow", Resource: from + keys,
				Action: []string{"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"},
			},
			{
				Sid: "Destination", Effect: "Allow", Resource: to + keys,
				Action: []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"},
			},
		},
	})
}

func encodeDocument(document policyDocument) string {
	text, err := json.Marshal(document)
	if err != nil {
		panic(fmt.Sprintf("encode a policy document: %v", err)) // only strings and slices: cannot happen
	}
	return string(text)
}

// sameDocument compares two policy documents by meaning of their JSON, not by
// spelling. IAM returns documents URL-encoded.
func sameDocument(fromIAM, wanted string) bool {
	if decoded, err := url.QueryUnescape(fromIAM); err == nil {
		fromIAM = decoded
	}
	var a, b any
	if json.Unmarshal([]byte(fromIAM), &a) != nil || json.Unmarshal([]byte(wanted), &b) != nil {
		return false
	}
	return reflect.DeepEqual(a, b)
}

// rule is direction d's replication rule, in the V2 schema (S3 API reference,
// ReplicationRule): a filter, and so a priority and a delete marker setting.
func rule(p pair.Pair, d pair.Direction) types.ReplicationRule {
	markers := types.DeleteMarkerReplicationStatusDisabled
	if p.Options.DeleteMarkers {
		markers = types.DeleteMarkerReplicationStatusEnabled
	}
	r := types.ReplicationRule{
		ID:                      aws.String(p.RuleID(d)),
		Priority:                aws.Int32(1),
		Status:                  types.ReplicationRuleStatusEnabled,
		Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String(p.Options.Prefix)},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: markers},
		Destination:             &types.Destination{Bucket: aws.String(p.To(d).BucketARN())},
	}
	if p.Options.ReplicaModifications {
		r.SourceSelectionCriteria = &types.SourceSelectionCriteria{
			ReplicaModifications: &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled},
		}
	}
	if p.Options.Metrics {
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
	}
	return r
}

// sameRule compares what S3 returned with what is wanted. An empty filter may
// come back without its empty prefix.
func sameRule(existing, wanted types.ReplicationRule) bool {
	if existing.Filter != nil && existing.Filter.Prefix == nil && existing.Filter.Tag == nil && existing.Filter.And == nil {
		filter := *existing.Filter
		filter.Prefix = aws.String("")
		existing.Filter = &filter
	}
	return exactJSON(existing) == exactJSON(wanted)
}

// proof is a digest of all that a canary of direction d proves. It is kept as
// a tag of the role, so that a later plan knows what has been proven.
func proof(p pair.Pair, d pair.Direction) string {
	sum := sha256.Sum256([]byte(exactJSON(rule(p, d)) + trustPolicy() + rolePolicy(p, d)))
	return hex.EncodeToString(sum[:8])
}
