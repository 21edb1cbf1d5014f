package wanted

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// timeControlMinutes is the one threshold that S3 Replication Time Control
// has (S3 API reference, ReplicationTimeValue).
const timeControlMinutes = 15

// Rule is direction d's rule, in the second schema (S3 API reference,
// ReplicationRule): a filter, and so a priority and a delete marker setting.
func Rule(s *survey.Survey, d pair.Direction) types.ReplicationRule {
	p, o := s.World.Pair, s.World.Pair.Options
	markers := types.DeleteMarkerReplicationStatusDisabled
	if o.DeleteMarkers {
		markers = types.DeleteMarkerReplicationStatusEnabled
	}
	r := types.ReplicationRule{
		ID:                      aws.String(p.RuleID(d)),
		Priority:                priority(s, d),
		Status:                  types.ReplicationRuleStatusEnabled,
		Filter:                  filterFor(o),
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: markers},
		Destination:             destination(s, d),
		SourceSelectionCriteria: selection(s, d),
	}
	return r
}

// selection is what else is replicated: edits of replicas, and what is
// encrypted with a KMS key. S3 refuses an empty one.
func selection(s *survey.Survey, d pair.Direction) *types.SourceSelectionCriteria {
	var criteria types.SourceSelectionCriteria
	if s.World.Pair.Options.ReplicaModifications {
		criteria.ReplicaModifications = &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled}
	}
	if Key(s, d.To()) != "" {
		criteria.SseKmsEncryptedObjects = &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}
	}
	if criteria == (types.SourceSelectionCriteria{}) {
		return nil
	}
	return &criteria
}

func destination(s *survey.Survey, d pair.Direction) *types.Destination {
	p, o := s.World.Pair, s.World.Pair.Options
	to := &types.Destination{Bucket: aws.String(p.To(d).BucketARN()), StorageClass: types.StorageClass(o.StorageClass)}
	if s.TwoAccounts() {
		to.Account = aws.String(s.Sides[d.To()].Identity.Account)
	}
	if OverridesOwner(s, d) {
		to.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
	}
	if key := Key(s, d.To()); key != "" {
		to.EncryptionConfiguration = &types.EncryptionConfiguration{ReplicaKmsKeyID: aws.String(key)}
	}
	if o.Metrics || o.TimeControl {
		to.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
	}
	if o.TimeControl {
		limit := &types.ReplicationTimeValue{Minutes: aws.Int32(timeControlMinutes)}
		to.ReplicationTime = &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: limit}
		to.Metrics.EventThreshold = limit
	}
	return to
}

// DescribeRule words what a rule does.
func DescribeRule(o pair.Options, r types.ReplicationRule) string {
	text := "all objects"
	if o.Prefix != "" {
		text = "objects under " + o.Prefix
	}
	if o.FilterTags != "" {
		text += " tagged " + strings.ReplaceAll(o.FilterTags.String(), ",", " and ")
	}
	for _, extra := range []struct {
		on   bool
		text string
	}{
		{o.DeleteMarkers, "delete markers"},
		{o.ReplicaModifications, "replica edits"},
		{r.Destination.EncryptionConfiguration != nil, "KMS-encrypted ones under " + ShortKey(ReplicaKey(&r))},
		{o.StorageClass != "", "stored as " + o.StorageClass},
		{r.Destination.AccessControlTranslation != nil, "owned by the other account"},
		{o.TimeControl, "time control with metrics"},
		{o.Metrics && !o.TimeControl, "CloudWatch metrics"},
	} {
		if extra.on {
			text += ", " + extra.text
		}
	}
	return text
}

// ShortKey is the last part of a key's ARN, cut to be told apart.
func ShortKey(arn string) string {
	id := arn[strings.LastIndex(arn, "/")+1:]
	if len(id) > 8 {
		id = id[:8] + "…"
	}
	return "key " + id
}

// filterFor composes the filter of a rule: exactly one member, so several
// predicates go into And (S3 API reference, ReplicationRuleFilter).
func filterFor(o pair.Options) *types.ReplicationRuleFilter {
	given := o.FilterTags.List()
	tags := make([]types.Tag, 0, len(given))
	for _, t := range given {
		tags = append(tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	switch {
	case len(tags) == 0:
		return &types.ReplicationRuleFilter{Prefix: aws.String(o.Prefix)}
	case len(tags) == 1 && o.Prefix == "":
		return &types.ReplicationRuleFilter{Tag: &tags[0]}
	}
	and := &types.ReplicationRuleAndOperator{Tags: tags}
	if o.Prefix != "" {
		and.Prefix = aws.String(o.Prefix)
	}
	return &types.ReplicationRuleFilter{And: and}
}

// PrefixOf is what keys must start with for the rule to cover them.
func PrefixOf(r types.ReplicationRule) string {
	prefix, _ := Reach(r)
	return prefix
}

// TagsOf are the tags that objects must carry for the rule to cover them.
func TagsOf(r types.ReplicationRule) []types.Tag {
	_, tags := upload.Reach(r)
	return tags
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
	prefix, filter := upload.Reach(r)
	tags = map[string]string{}
	for _, t := range filter {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
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
