package upload

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// Copy is a bucket beside the pair's that gets what is uploaded, and the rule
// that sends it there.
type Copy struct{ Rule, Bucket string }

// Copies says to which buckets other than the side that it is meant for a
// bucket's rules send what is uploaded with tags under one of the prefixes.
// What is deleted by its version stays there (S3 User Guide, "What Amazon S3
// replicates").
func Copies(rules []types.ReplicationRule, meant pair.Side, tags pair.Tags, under ...string) []Copy {
	var found []Copy
	for _, rule := range rules {
		if rule.Destination == nil || LeadsTo(rule, meant) {
			continue
		}
		if slices.ContainsFunc(under, func(prefix string) bool { return Covers(rule, prefix, tags) }) {
			to := aws.ToString(rule.Destination.Bucket)
			found = append(found, Copy{Rule: aws.ToString(rule.ID), Bucket: to[strings.LastIndex(to, ":")+1:]})
		}
	}
	return found
}

// LeadsTo says whether a rule's destination is a side's bucket.
func LeadsTo(rule types.ReplicationRule, to pair.Side) bool {
	if rule.Destination == nil {
		return false
	}
	name := aws.ToString(rule.Destination.Bucket)
	return name == to.BucketARN() || strings.HasSuffix(name, ":"+to.Bucket)
}

// Covers says whether a rule is in force and covers all that is uploaded with
// tags under a prefix.
func Covers(rule types.ReplicationRule, under string, tags pair.Tags) bool {
	if rule.Status != types.ReplicationRuleStatusEnabled {
		return false
	}
	prefix, _ := Reach(rule)
	carried := tags.List()
	for _, t := range FilterOf(rule).List() {
		if !slices.Contains(carried, t) {
			return false
		}
	}
	return strings.HasPrefix(under, prefix)
}

// Reach is what a rule covers, in either schema: what keys must start with, and
// the tags that objects must carry.
func Reach(rule types.ReplicationRule) (prefix string, tags []types.Tag) {
	switch f := rule.Filter; {
	case f == nil:
		return aws.ToString(rule.Prefix), nil //nolint:staticcheck // rules of the first schema still stand in buckets
	case f.And != nil:
		return aws.ToString(f.And.Prefix), f.And.Tags
	case f.Tag != nil:
		return aws.ToString(f.Prefix), []types.Tag{*f.Tag}
	default:
		return aws.ToString(f.Prefix), nil
	}
}

// FilterOf are the tags that a rule filters by.
func FilterOf(rule types.ReplicationRule) pair.Tags {
	_, tags := Reach(rule)
	all := make([]pair.Tag, 0, len(tags))
	for _, t := range tags {
		all = append(all, pair.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)})
	}
	return pair.NewTags(all)
}
