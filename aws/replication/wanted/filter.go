package wanted

import (
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
