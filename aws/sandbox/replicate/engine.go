// Package replicate is the sandbox's replication engine: it decides at each
// commit whether a version is to be replicated, waits out the simulated delay
// and then, with the rights that the role has at that moment, writes the
// replica.
package replicate

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// May says whether a role that was assumed may do an action on a bucket, an
// object or a KMS key, with further condition keys.
type May func(action, resource string, conditions map[string]string) bool

// Config is what an engine works with. Store, Scale, Delay and Assume are
// needed.
type Config struct {
	Store *store.Store
	// Keys are the KMS keys that there are; nil means that every key is right.
	Keys *kms.Registry
	Seed uint64
	// Scale divides all delays.
	Scale float64
	// Delay draws the time from the instant at which the way of a version begins
	// to the visible replica, before it is scaled. That instant is the commit, or
	// for what a restart or an outage held up the one at which it goes on: a law
	// of bursts is about when S3 copies, not about when somebody wrote.
	Delay func(from, to string, size int64, begins time.Time, draw *rand.Rand) time.Duration
	// Assume has S3 assume the role, as its trust policy allows right now.
	Assume func(roleARN string) (May, error)
	// Report, if set, is told the truth about each delivery when the replica
	// has become visible. It must not block.
	Report func(Delivery)
	// Event, if set, is told what S3 would send as an event notification. It
	// must not block.
	Event func(Event)
}

// Delivery is one version that arrived at one destination.
type Delivery struct {
	FromBucket, FromRegion string
	ToBucket, ToRegion     string
	Key, VersionID         string
	Size                   int64 // bytes
	Marker                 bool
	CommittedAt            time.Time // at the origin
	VisibleAt              time.Time // at the destination
}

// Engine replicates. Its methods are safe for concurrent use.
type Engine struct {
	Config
	schedule  schedule
	obstacles obstacles
	slowdowns slowdowns
	meters    meters
}

// New makes an engine. It waits with one timer and has no goroutine while
// nothing is due.
func New(config Config) *Engine {
	if config.Keys == nil {
		config.Keys = &kms.Registry{}
	}
	return &Engine{Config: config}
}

// Close drops what is still to be delivered and returns when nothing is being
// delivered any more.
func (e *Engine) Close() { e.schedule.close() }

// Decider returns the function that decides for versions about to be
// committed to b, by the configuration that is in effect now. It marks a
// version that is to be replicated as PENDING.
func (e *Engine) Decider(b *store.Bucket) func(*store.Version) {
	configuration := b.EffectiveReplication()
	if configuration == nil {
		return nil
	}
	return func(v *store.Version) {
		if !eligible(b, v) {
			return
		}
		for _, rule := range configuration.Match(v.Key, tagMap(v.Tags), v.Marker) {
			if !rule.KMS && v.Encryption.IsKMS() {
				continue
			}
			v.Targets = append(v.Targets, store.Target{
				Bucket: rule.Destination.Bucket, RuleID: rule.ID, Rule: rule, Status: store.Pending,
			})
		}
	}
}

// eligible says whether S3 replicates a version of this kind at all: not what
// is in an archive, and not what the bucket's owner can't read (S3 User
// Guide, What does Amazon S3 replicate).
func eligible(b *store.Bucket, v *store.Version) bool {
	return !storageclass.Of(v.StorageClass).Archive() && b.MayRead(v)
}

// Committed plans the deliveries of a version that a Decider has seen.
func (e *Engine) Committed(b *store.Bucket, v *store.Version) {
	for _, target := range v.Targets {
		e.start(b, v, target, v.Modified, v.Ordinal, nil)
	}
}

// Edited plans what follows from a change of the tags or the lock of a
// version that is there already: changes at the origin go to the replicas,
// changes of a replica go back if both sides replicate replica modifications
// (S3 User Guide, Replicating metadata changes with replica modification
// sync).
func (e *Engine) Edited(b *store.Bucket, v *store.Version) {
	now := time.Now()
	for _, target := range e.edited(b, v) {
		target.Status, target.Reason, target.Edit = store.Pending, "", true
		changed, err := b.Update(v.Key, v.ID, func(v *store.Version) { v.SetTarget(target) })
		if err != nil {
			return // deleted meanwhile
		}
		e.start(b, changed, target, now, uint64(now.UnixNano()), nil)
	}
}

// edited returns the targets that a change of metadata goes to.
func (e *Engine) edited(b *store.Bucket, v *store.Version) []store.Target {
	configuration := b.EffectiveReplication()
	if configuration == nil || v.Marker {
		return nil
	}
	var targets []store.Target
	if v.Replica {
		for _, rule := range configuration.Match(v.Key, tagMap(v.Tags), false) {
			if rule.ReplicaModifications && e.takesBack(rule.Destination.Bucket, b.Name, v) {
				targets = append(targets, store.Target{Bucket: rule.Destination.Bucket, RuleID: rule.ID, Rule: rule})
			}
		}
		return targets
	}
	for _, target := range v.Targets {
		// One that is PENDING will carry the change as it is by then.
		if target.Status == store.Completed && configuration.Carries(v.Key, target.Bucket) {
			targets = append(targets, target)
		}
	}
	return targets
}

// takesBack says whether the bucket there has a rule towards the bucket here
// that covers v and replicates replica modifications.
func (e *Engine) takesBack(there, here string, v *store.Version) bool {
	b, found := e.Store.Bucket(there)
	if !found {
		return false
	}
	configuration := b.EffectiveReplication()
	if configuration == nil {
		return false
	}
	for _, rule := range configuration.Rules {
		if rule.Enabled && rule.Destination.Bucket == here && rule.ReplicaModifications &&
			configuration.Carries(v.Key, here) {
			return true
		}
	}
	return false
}

// Resume plans what is PENDING in a bucket that was read from disk.
func (e *Engine) Resume(b *store.Bucket, v *store.Version) {
	now := time.Now()
	configuration := b.Replication()
	for _, target := range v.Targets {
		if target.Status != store.Pending {
			continue
		}
		if target.Rule == nil && configuration != nil {
			target.Rule = configuration.Rule(target.RuleID)
		}
		e.start(b, v, target, now, uint64(now.UnixNano()), nil)
	}
	for _, a := range v.Annotations {
		e.startAnnotation(b, v, a, now)
	}
}

// start plans the way of a version to a target. batch is nil unless a task of S3
// Batch Replication waits for it; then neither the metrics of what is pending
// nor the threshold of Replication Time Control are about it (S3 User Guide, S3
// Replication metrics in CloudWatch; Using S3 Replication Time Control).
func (e *Engine) start(b *store.Bucket, v *store.Version, target store.Target, from time.Time, ordinal uint64, batch *attempts) {
	t := &task{
		engine: e, from: b, key: v.Key, id: v.ID, to: target.Bucket, marker: v.Marker, committed: v.Modified, rule: target.Rule, batch: batch,
		draw: e.draw(b.Name, target.Bucket, v.Key, ordinal),
	}
	if !target.Edit {
		t.size = v.Size
	}
	if batch == nil {
		e.meters.begin(t, t.region())
	}
	t.plan(from)
	if batch == nil && t.rule != nil && t.rule.Destination.TimeControl && !v.Marker && !target.Edit {
		e.schedule.at(from.Add(e.scaled(Threshold)), t.missThreshold)
	}
}

// draw makes the random numbers of one delivery. They depend on what is
// delivered alone, so that a run can be repeated whatever the scheduling.
func (e *Engine) draw(from, to, key string, ordinal uint64) *rand.Rand {
	h := fnv.New64a()
	for _, part := range []string{from, to, key} {
		_, _ = h.Write([]byte(part))
		_, _ = h.Write([]byte{0})
	}
	return rand.New(rand.NewPCG(e.Seed^h.Sum64(), ordinal))
}

func (e *Engine) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / e.Scale)
}

func tagMap(tags []store.Tag) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}
