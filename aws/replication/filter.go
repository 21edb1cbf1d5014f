package replication

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

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

// reach is what a rule covers: the prefix and the tags, in either schema.
func reach(r types.ReplicationRule) (prefix string, tags map[string]string) {
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

// overlap says whether there can be an object that both rules cover.
func overlap(a, b types.ReplicationRule) bool {
	prefixA, tagsA := reach(a)
	prefixB, tagsB := reach(b)
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
