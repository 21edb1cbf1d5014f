package backfill

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// covers says whether a rule may take a key, by its prefix alone: tags are in no
// listing.
func covers(r types.ReplicationRule, key string) bool {
	return strings.HasPrefix(key, wanted.PrefixOf(r))
}

func toOther(p pair.Pair, d pair.Direction, r types.ReplicationRule) bool {
	return r.Destination != nil && aws.ToString(r.Destination.Bucket) == p.To(d).BucketARN()
}

// coveredNow says whether an enabled rule to the other side covers a key.
func (r *run) coveredNow(key string, d pair.Direction) bool {
	configuration := r.s.Sides[d.From()].Replication
	return configuration != nil && slices.ContainsFunc(configuration.Rules, func(rule types.ReplicationRule) bool {
		return wanted.Enabled(rule) && toOther(r.world.Pair, d, rule) && covers(rule, key)
	})
}

// takesKMS says whether an enabled rule to the other side replicates what is
// encrypted with KMS.
func takesKMS(s *survey.Survey, d pair.Direction) bool {
	configuration := s.Sides[d.From()].Replication
	return configuration != nil && slices.ContainsFunc(configuration.Rules, func(r types.ReplicationRule) bool {
		c := r.SourceSelectionCriteria
		return wanted.Enabled(r) && toOther(s.World.Pair, d, r) && c != nil && c.SseKmsEncryptedObjects != nil && c.SseKmsEncryptedObjects.Status == types.SseKmsEncryptedObjectsStatusEnabled
	})
}

func ruleName(r types.ReplicationRule) string {
	to := ""
	if r.Destination != nil {
		to = " to " + strings.TrimPrefix(aws.ToString(r.Destination.Bucket), "arn:aws:s3:::")
	}
	return cmp.Or(aws.ToString(r.ID), "(without a name)") + to
}

func keys[K cmp.Ordered, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }

// health says why directions don't replicate now, as the doctor has it, where
// there are rows that wait for a repair. "" is a direction in whose way nothing
// is that can be read.
func (r *run) health(ctx context.Context) (map[pair.Direction]string, error) {
	health := map[pair.Direction]string{}
	if r.asked.Rows == nil {
		return health, nil
	}
	asks := false
	for d, err := range r.asked.Rows {
		if err != nil {
			return nil, err
		}
		if asks = d.Remedy == difference.Repair; asks {
			break
		}
	}
	if !asks {
		return health, nil
	}
	found, err := doctor.Examine(ctx, r.world, doctor.ExamineOptions{}, func(pair.Event) {})
	if err != nil {
		return nil, err
	}
	for _, d := range pair.Directions() {
		for _, t := range found.Troubles {
			// That objects failed before says nothing of now.
			if stops(t) && (t.Direction == nil || *t.Direction == d) {
				health[d] = cmp.Or(health[d], t.Title+". "+t.Todo)
			}
		}
	}
	return health, nil
}

// stops says whether a trouble makes replication fail, now and not before.
func stops(t doctor.Trouble) bool {
	switch t.Cause {
	case doctor.CauseObjects:
		return false
	case doctor.CausePolicy, doctor.CauseBucketPolicy, doctor.CauseKMS:
		return t.Severity != survey.Note
	default:
	}
	return t.Severity == survey.Blocker
}
