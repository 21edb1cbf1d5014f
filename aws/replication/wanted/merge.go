package wanted

import (
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// MostRules is how many rules a configuration can have (S3 API reference,
// ReplicationConfiguration).
const MostRules = 1000

// merged is a side's whole configuration as it will read: our rule in its
// place or at the end, every rule of others as it stands.
func merged(s *survey.Survey, d pair.Direction, roleARN string, own types.ReplicationRule) *types.ReplicationConfiguration {
	whole := &types.ReplicationConfiguration{Role: aws.String(roleARN)}
	placed := false
	for _, r := range secondSchemaRules(s, d) {
		switch {
		case aws.ToString(r.ID) != aws.ToString(own.ID):
			whole.Rules = append(whole.Rules, r)
		case !placed:
			whole.Rules, placed = append(whole.Rules, own), true
		}
	}
	if !placed {
		whole.Rules = append(whole.Rules, own)
	}
	return whole
}

// WithoutOwn is a side's configuration without our rule, or nil where nothing
// else is in it.
func WithoutOwn(s *survey.Survey, d pair.Direction) *types.ReplicationConfiguration {
	_, others := s.OwnRules(d)
	if len(others) == 0 {
		return nil
	}
	return &types.ReplicationConfiguration{Role: s.Sides[d.From()].Replication.Role, Rules: others}
}

// secondSchemaRules are a side's rules, in the second schema: rules of the
// first are converted.
func secondSchemaRules(s *survey.Survey, d pair.Direction) []types.ReplicationRule {
	configuration := s.Sides[d.From()].Replication
	if configuration == nil {
		return nil
	}
	if !FirstSchema(configuration) {
		return configuration.Rules
	}
	return converted(configuration.Rules)
}

// FirstSchema says whether a configuration is of the first schema: S3 takes
// it for one when any of its rules lacks a filter.
func FirstSchema(configuration *types.ReplicationConfiguration) bool {
	return slices.ContainsFunc(configuration.Rules, func(r types.ReplicationRule) bool { return r.Filter == nil })
}

// converted writes rules of the first schema as rules of the second that mean
// the same: the prefix becomes a filter; delete markers, which the first
// schema always replicates, are switched on; and each gets a priority, which
// decides nothing there, because rules of the first schema never overlap (S3
// User Guide, "Replication configuration", backward compatibility).
func converted(rules []types.ReplicationRule) []types.ReplicationRule {
	all := slices.Clone(rules)
	for i, r := range all {
		if r.Filter == nil {
			prefix := aws.ToString(r.Prefix) //nolint:staticcheck // what is converted is the first schema
			all[i].Filter = &types.ReplicationRuleFilter{Prefix: aws.String(prefix)}
		}
		all[i].Prefix = nil //nolint:staticcheck // as above
		all[i].Priority = aws.Int32(int32(i + 1))
		all[i].DeleteMarkerReplication = &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled}
	}
	return all
}

// priority is our rule's: what it has already; or the highest free one below
// the rules of others that go to the same bucket, so that S3 goes on treating
// what they cover as they say; or, where there is none, one above all others.
// S3 wants all of them to differ.
func priority(s *survey.Survey, d pair.Direction) *int32 {
	highest, lowest := int32(0), int32(-1)
	taken := map[int32]bool{}
	for _, r := range secondSchemaRules(s, d) {
		if r.Priority == nil {
			continue
		}
		if aws.ToString(r.ID) == s.World.Pair.RuleID(d) {
			return r.Priority
		}
		highest = max(highest, *r.Priority)
		taken[*r.Priority] = true
		if r.Destination != nil && aws.ToString(r.Destination.Bucket) == s.World.Pair.To(d).BucketARN() && (lowest < 0 || *r.Priority < lowest) {
			lowest = *r.Priority
		}
	}
	for below := lowest - 1; below >= 0; below-- {
		if !taken[below] {
			return aws.Int32(below)
		}
	}
	if highest < math.MaxInt32 {
		return aws.Int32(highest + 1)
	}
	for taken[highest] {
		highest--
	}
	return aws.Int32(highest)
}

// SameConfiguration compares two configurations, either of which may be nil,
// by all that their rules say.
func SameConfiguration(a, b *types.ReplicationConfiguration) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return Canonical(a) == Canonical(b)
}

// Canonical is one text for all configurations that mean the same; "" where there
// is none.
func Canonical(configuration *types.ReplicationConfiguration) string {
	if configuration == nil {
		return ""
	}
	rules := make([]string, len(configuration.Rules))
	for i, r := range configuration.Rules {
		rules[i] = ExactJSON(plainRule(r))
	}
	slices.Sort(rules)
	return aws.ToString(configuration.Role) + "\n" + strings.Join(rules, "\n")
}

// plainRule is a rule in one spelling of all that mean the same: an empty
// filter has the empty prefix that it may come back without, and tags, which
// are a set, are sorted.
func plainRule(r types.ReplicationRule) types.ReplicationRule {
	switch {
	case r.Filter == nil:
	case r.Filter.And != nil:
		and := *r.Filter.And
		and.Tags = slices.SortedFunc(slices.Values(and.Tags), func(x, y types.Tag) int {
			return strings.Compare(aws.ToString(x.Key), aws.ToString(y.Key))
		})
		r.Filter = &types.ReplicationRuleFilter{Prefix: r.Filter.Prefix, Tag: r.Filter.Tag, And: &and}
	case r.Filter.Prefix == nil && r.Filter.Tag == nil:
		r.Filter = &types.ReplicationRuleFilter{Prefix: aws.String("")}
	}
	return r
}

// SameRule compares what S3 returned with what is wanted.
func SameRule(existing, wanted types.ReplicationRule) bool {
	return ExactJSON(plainRule(existing)) == ExactJSON(plainRule(wanted))
}
