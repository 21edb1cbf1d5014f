package wanted

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Added is a configuration with the rules that another has besides, or
// otherwise under the same ID, and the names of the rules that the other lacks.
// Either may be nil. Neither is changed.
func Added(to, from *types.ReplicationConfiguration) (whole *types.ReplicationConfiguration, lacks []string) {
	if from == nil {
		from = &types.ReplicationConfiguration{}
	}
	if to == nil {
		to = &types.ReplicationConfiguration{Role: from.Role}
	}
	whole = &types.ReplicationConfiguration{Role: to.Role, Rules: slices.Clone(to.Rules)}
	at := func(rules []types.ReplicationRule, id *string) int {
		return slices.IndexFunc(rules, func(r types.ReplicationRule) bool { return aws.ToString(r.ID) == aws.ToString(id) })
	}
	for _, r := range to.Rules {
		if at(from.Rules, r.ID) < 0 {
			lacks = append(lacks, "rule "+aws.ToString(r.ID))
		}
	}
	for _, r := range from.Rules {
		if i := at(whole.Rules, r.ID); i >= 0 {
			whole.Rules[i] = r
		} else {
			whole.Rules = append(whole.Rules, r)
		}
	}
	return whole, lacks
}
