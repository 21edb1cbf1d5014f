package replication

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// checkup is one direction whose replication is in question, with all that
// was read of it.
type checkup struct {
	world     World
	direction pair.Direction
	from, to  SideSurvey
	// configuration is that of the side where the direction starts, and rule
	// the one of its rules that is looked at; both may be nil.
	configuration *types.ReplicationConfiguration
	rule          *types.ReplicationRule
	// sourceKey is the KMS key that objects on the starting side are most
	// likely encrypted with, as an ARN, or "".
	sourceKey string
	role      roleFacts

	troubles []Trouble
}

func newCheckup(s *Survey, d pair.Direction) *checkup {
	p := &checkup{world: s.World, direction: d, from: s.Sides[d.From()], to: s.Sides[d.To()]}
	p.configuration = p.from.Replication
	if p.configuration != nil {
		p.rule = p.choose(p.configuration.Rules)
	}
	p.sourceKey = p.findSourceKey()
	return p
}

// diagnose looks for what keeps a direction from replicating: role, trust,
// policy, bucket policies, KMS and versioning, then the rule and the buckets'
// other settings. It reads, and changes nothing.
func (s *Survey) diagnose(ctx context.Context, d pair.Direction) ([]Trouble, error) {
	p := newCheckup(s, d)
	if !p.bucketsThere() {
		return p.troubles, nil
	}
	p.versioning()
	p.objectLock()
	p.lifecycle()
	if !p.rules() {
		return p.troubles, nil
	}
	p.encryption()
	p.ownership()
	p.mends()
	if err := p.readRole(ctx); err != nil {
		return nil, err
	}
	if err := p.rights(ctx); err != nil {
		return nil, err
	}
	p.bucketPolicies()
	return p.troubles, nil
}

// add keeps a trouble of this direction.
func (p *checkup) add(t Trouble) {
	d := p.direction
	t.Direction = &d
	if t.Certainty == "" {
		t.Certainty = Certain
	}
	p.troubles = append(p.troubles, t)
}

func (p *checkup) fromBucket() string { return p.world.Pair.From(p.direction).Bucket }
func (p *checkup) toBucket() string   { return p.world.Pair.To(p.direction).Bucket }

// prefix is what keys must start with for the rule to cover them.
func prefixOf(r types.ReplicationRule) string {
	switch {
	case r.Filter == nil:
		return aws.ToString(r.Prefix) //nolint:staticcheck // rules of the first schema still stand in buckets
	case r.Filter.And != nil:
		return aws.ToString(r.Filter.And.Prefix)
	}
	return aws.ToString(r.Filter.Prefix)
}

// tagsOf are the tags that objects must carry for the rule to cover them.
func tagsOf(r types.ReplicationRule) []types.Tag {
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

func enabled(r types.ReplicationRule) bool { return r.Status == types.ReplicationRuleStatusEnabled }

func (p *checkup) toOtherSide(r types.ReplicationRule) bool {
	return r.Destination != nil && aws.ToString(r.Destination.Bucket) == p.world.Pair.To(p.direction).BucketARN()
}

// choose picks the rule that decides about the pair's objects: an enabled one
// to the other side that covers them, of the highest priority; or else the one
// that comes nearest.
func (p *checkup) choose(rules []types.ReplicationRule) *types.ReplicationRule {
	var best *types.ReplicationRule
	most := -1
	for i, r := range rules {
		if !p.toOtherSide(r) {
			continue
		}
		worth := 0
		if enabled(r) {
			worth += 4
		}
		if strings.HasPrefix(p.world.Pair.Options.Prefix, prefixOf(r)) {
			worth += 2
		}
		if len(tagsOf(r)) == 0 {
			worth++
		}
		if worth > most || worth == most && aws.ToInt32(r.Priority) > aws.ToInt32(best.Priority) {
			best, most = &rules[i], worth
		}
	}
	return best
}

// exampleKey is a key that the rule covers.
func (p *checkup) exampleKey() string {
	prefix := ""
	if p.rule != nil {
		prefix = prefixOf(*p.rule)
	}
	if strings.HasPrefix(p.world.Pair.Options.Prefix, prefix) {
		prefix = p.world.Pair.Options.Prefix
	}
	return prefix + "bothways/canary/example"
}

func (p *checkup) replicatesMarkers() bool {
	if p.rule == nil {
		return false
	}
	if p.rule.Filter == nil { // the first schema always does
		return true
	}
	m := p.rule.DeleteMarkerReplication
	return m != nil && m.Status == types.DeleteMarkerReplicationStatusEnabled
}

// optsIn says whether the rule replicates objects that are encrypted with KMS.
func (p *checkup) optsIn() bool {
	return p.rule != nil && p.rule.SourceSelectionCriteria != nil && p.rule.SourceSelectionCriteria.SseKmsEncryptedObjects != nil &&
		p.rule.SourceSelectionCriteria.SseKmsEncryptedObjects.Status == types.SseKmsEncryptedObjectsStatusEnabled
}

func replicaKey(r *types.ReplicationRule) string {
	if r == nil || r.Destination == nil || r.Destination.EncryptionConfiguration == nil {
		return ""
	}
	return aws.ToString(r.Destination.EncryptionConfiguration.ReplicaKmsKeyID)
}
