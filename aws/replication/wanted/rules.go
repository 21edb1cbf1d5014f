package wanted

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// PrefixOf is what keys must start with for the rule to cover them.
func PrefixOf(r types.ReplicationRule) string {
	prefix, _ := Reach(r)
	return prefix
}

// TagsOf are the tags that objects must carry for the rule to cover them.
func TagsOf(r types.ReplicationRule) []types.Tag {
	switch {
	case r.Filter == nil:
		return nil
	case r.Filter.And != nil:
		return r.Filter.And.Tags
	case r.Filter.Tag != nil:
		return []types.Tag{*r.Filter.Tag}
	}
	return nil
}

// Enabled says whether a rule is in force.
func Enabled(r types.ReplicationRule) bool { return r.Status == types.ReplicationRuleStatusEnabled }

// ReplicaKey is the ARN of the KMS key that a rule encrypts replicas under, or "".
func ReplicaKey(r *types.ReplicationRule) string {
	if r == nil || r.Destination == nil || r.Destination.EncryptionConfiguration == nil {
		return ""
	}
	return aws.ToString(r.Destination.EncryptionConfiguration.ReplicaKmsKeyID)
}

// Reach is what a rule covers: the prefix and the tags, in either schema.
func Reach(r types.ReplicationRule) (prefix string, tags map[string]string) {
	tags = map[string]string{}
	add := func(all ...types.Tag) {
		for _, t := range all {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	switch f := r.Filter; {
	case f == nil:
		prefix = aws.ToString(r.Prefix) //nolint:staticcheck // rules of the first schema still stand in buckets
	case f.And != nil:
		prefix = aws.ToString(f.And.Prefix)
		add(f.And.Tags...)
	case f.Tag != nil:
		add(*f.Tag)
	default:
		prefix = aws.ToString(f.Prefix)
	}
	return prefix, tags
}

// Overlap says whether there can be an object that both rules cover.
func Overlap(a, b types.ReplicationRule) bool {
	prefixA, tagsA := Reach(a)
	prefixB, tagsB := Reach(b)
	if !strings.HasPrefix(prefixA, prefixB) && !strings.HasPrefix(prefixB, prefixA) {
		return false
	}
	for key, value := range tagsA {
		if other, both := tagsB[key]; both && other != value {
			return false
		}
	}
	return true
}
