package cause

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// world is what is known of a pair beside its objects: all that a judgement
// stands on, read once.
type world struct {
	prefix string // of the pair's options
	ways   map[pair.Direction]way
	sides  map[pair.SideName]settings
}

// settings are those of a bucket that bear on what becomes of its versions.
type settings struct {
	lifecycle []types.LifecycleRule
	// unread says that the lifecycle rules could not be read.
	unread bool
	// strangers says that objects in it may belong to other accounts.
	strangers bool
}

// way is what is known of one direction.
type way struct {
	direction pair.Direction
	// rules go to the other side, the highest priority first; elsewhere are those
	// that are enabled and go to other buckets.
	rules, elsewhere []rule
	unread           string // why the rules are not known, or ""
	troubles         []doctor.Trouble
	times            times
	past             past
}

// rule is what a replication rule takes.
type rule struct {
	id, prefix string
	tags       []types.Tag
	enabled    bool
	markers    bool // it replicates delete markers
	kms        bool // it takes what is encrypted with KMS
	priority   int32
}

func waysOf(s *survey.Survey, troubles []doctor.Trouble) map[pair.Direction]way {
	ways := map[pair.Direction]way{}
	for _, d := range pair.Directions() {
		side := s.Sides[d.From()]
		w := way{direction: d}
		for _, t := range troubles {
			if t.Direction != nil && *t.Direction == d {
				w.troubles = append(w.troubles, t)
			}
		}
		for _, refused := range side.Refused {
			if strings.HasPrefix(refused, "s3:GetReplicationConfiguration") {
				w.unread = "the replication rules of side " + string(d.From()) + " can't be read: " + refused + " is missing"
			}
		}
		if !s.Reachable(d.From()) && side.Replication == nil {
			w.unread = "the settings of side " + string(d.From()) + " could not be read"
		}
		if side.Replication != nil {
			for _, r := range side.Replication.Rules {
				w.take(r, s.World.Pair.To(d).BucketARN())
			}
		}
		slices.SortStableFunc(w.rules, func(a, b rule) int { return int(b.priority) - int(a.priority) })
		ways[d] = w
	}
	return ways
}

func (w *way) take(r types.ReplicationRule, other string) {
	one := rule{
		id: aws.ToString(r.ID), prefix: wanted.PrefixOf(r), tags: wanted.TagsOf(r), enabled: wanted.Enabled(r), priority: aws.ToInt32(r.Priority),
	}
	m := r.DeleteMarkerReplication
	// The first schema always replicates them (S3 User Guide, "Replicating delete markers between buckets").
	one.markers = r.Filter == nil || m != nil && m.Status == types.DeleteMarkerReplicationStatusEnabled
	if c := r.SourceSelectionCriteria; c != nil && c.SseKmsEncryptedObjects != nil {
		one.kms = c.SseKmsEncryptedObjects.Status == types.SseKmsEncryptedObjectsStatusEnabled
	}
	switch {
	case r.Destination != nil && aws.ToString(r.Destination.Bucket) == other:
		w.rules = append(w.rules, one)
	case one.enabled:
		w.elsewhere = append(w.elsewhere, one)
	}
}

func settingsOf(s *survey.Survey) map[pair.SideName]settings {
	sides := map[pair.SideName]settings{}
	for _, name := range pair.Sides() {
		side := s.Sides[name]
		sides[name] = settings{
			lifecycle: side.Lifecycle, unread: side.Missed("lifecycle") || !s.Reachable(name),
			strangers: side.Ownership != types.ObjectOwnershipBucketOwnerEnforced,
		}
	}
	return sides
}

// covering are the rules to the other side whose prefix covers a key: those
// that are enabled, and the others.
func (w way) covering(key string) (on, off []rule) {
	for _, r := range w.rules {
		switch {
		case !strings.HasPrefix(key, r.prefix):
		case r.enabled:
			on = append(on, r)
		default:
			off = append(off, r)
		}
	}
	return on, off
}

// takesMarkers is the rule that replicates delete markers of a key, or nil. A
// rule with tags replicates none (S3 API reference, ReplicationRule).
func (w way) takesMarkers(key string) *rule {
	on, _ := w.covering(key)
	for i, r := range on {
		if r.markers && len(r.tags) == 0 {
			return &on[i]
		}
	}
	return nil
}

// reasons are the troubles of the direction that explain what S3 gives up of an
// object: what stops all, and what stops those that are encrypted as it is.
// Troubles with keys of KMS explain nothing of what is under S3's own keys.
func (w way) reasons(f fact) []doctor.Trouble {
	return w.those(func(t doctor.Trouble) bool {
		if t.Cause == doctor.CauseKMS {
			return f.isKMS() && t.Severity != survey.Note || t.Severity == survey.Blocker && f.encryption == ""
		}
		return t.Severity == survey.Blocker
	})
}

// markerReasons are those that explain what becomes of delete markers.
func (w way) markerReasons() []doctor.Trouble {
	return w.those(func(t doctor.Trouble) bool {
		return t.Severity == survey.Blocker && t.Cause != doctor.CauseKMS || t.Missing == "s3:ReplicateDelete" || t.Missing == "s3:ListBucket"
	})
}

func (w way) those(explain func(doctor.Trouble) bool) []doctor.Trouble {
	var found []doctor.Trouble
	for _, t := range w.troubles {
		aside := []doctor.Cause{doctor.CauseObjects, doctor.CauseLifecycle, doctor.CauseOperator, doctor.CauseStorageClass}
		if !slices.Contains(aside, t.Cause) && explain(t) {
			found = append(found, t)
		}
	}
	return found
}

// instant is a time as evidence has it.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
