package wanted

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Outranked is a rule of others that ours comes before, or that comes before ours.
type Outranked struct {
	ID string
	// Objects says in words which ones both rules cover.
	Objects string
	// Changes is what becomes of those objects, by the rule that comes after ->
	// by the one that comes first, by name; none where both say the same.
	Changes []string
}

// Outranks lists the rules of others that ours comes before in a configuration
// as it will read. Of several rules with one destination that cover an object,
// S3 follows the one of the highest priority (S3 User Guide, "Replication
// configuration"), in all that it says.
func Outranks(own types.ReplicationRule, all []types.ReplicationRule) []Outranked {
	var found []Outranked
	for _, r := range meeting(own, all) {
		if aws.ToInt32(r.Priority) < aws.ToInt32(own.Priority) {
			found = append(found, Outranked{aws.ToString(r.ID), sharedReach(own, r), traitChanges(r, own, firstEffect)})
		}
	}
	return found
}

// OutrankedBy lists the rules of others that come before ours: what they say
// decides, and its changes are those of what ours says.
func OutrankedBy(own types.ReplicationRule, all []types.ReplicationRule) []Outranked {
	var found []Outranked
	for _, r := range meeting(own, all) {
		if aws.ToInt32(r.Priority) > aws.ToInt32(own.Priority) {
			found = append(found, Outranked{aws.ToString(r.ID), sharedReach(own, r), traitChanges(own, r, firstEffect)})
		}
	}
	return found
}

// meeting are the rules of others in force that cover objects of ours and send
// them to the same bucket.
func meeting(own types.ReplicationRule, all []types.ReplicationRule) []types.ReplicationRule {
	return slices.DeleteFunc(slices.Clone(all), func(r types.ReplicationRule) bool {
		return aws.ToString(r.ID) == aws.ToString(own.ID) || !Enabled(r) || r.Destination == nil ||
			aws.ToString(r.Destination.Bucket) != aws.ToString(own.Destination.Bucket) || !Overlap(r, own)
	})
}

// sharedReach words which objects two rules that overlap both cover.
func sharedReach(a, b types.ReplicationRule) string {
	prefix, tags := Reach(a)
	other, more := Reach(b)
	if len(other) > len(prefix) {
		prefix = other
	}
	maps.Copy(tags, more)
	text := "all objects"
	if prefix != "" {
		text = "objects under " + prefix
	}
	words := make([]string, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		words = append(words, key+"="+tags[key])
	}
	if len(words) > 0 {
		text += " tagged " + strings.Join(words, " and ")
	}
	return text
}
