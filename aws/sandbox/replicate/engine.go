// Package replicate is the sandbox's replication engine: it decides at each
// commit whether a version is to be replicated, waits out the simulated delay
// and then, with the rights that the role has at that moment, writes the
// replica.
package replicate

import (
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

// May says whether a role that was assumed may do an action on a resource.
type May func(action, resource string) bool

// Config is what an engine works with. All fields but Report are needed.
type Config struct {
	Store *store.Store
	Seed  uint64
	// Scale divides all delays.
	Scale float64
	// Delay draws the time from commit to visible replica.
	Delay func(from, to string, size int64, draw *rand.Rand) time.Duration
	// Assume has S3 assume the role, as its trust policy allows right now.
	Assume func(roleARN string) (May, error)
	// Report, if set, is told the truth about each delivery when the replica
	// has become visible. It must not block.
	Report func(Delivery)
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
	schedule schedule
	outages  outages
}

// New makes an engine. It waits with one timer and has no goroutine while
// nothing is due.
func New(config Config) *Engine { return &Engine{Config: config} }

// Close drops what is still to be delivered and returns when nothing is being
// delivered any more.
func (e *Engine) Close() { e.schedule.close() }

// Outage cuts a region off: what is to be replicated from or to it stays
// PENDING until restore, which may be called more than once.
func (e *Engine) Outage(region string) (restore func()) {
	e.outages.begin(region)
	return sync.OnceFunc(func() { e.outages.end(region) })
}

// IsOut says whether a region is cut off.
func (e *Engine) IsOut(region string) bool { return e.outages.isDown(region) }

// Decider returns the function that decides for versions about to be
// committed to b, by the configuration as it is now. It marks a version that
// is to be replicated as PENDING.
func (e *Engine) Decider(b *store.Bucket) func(*store.Version) {
	configuration := b.Replication()
	if configuration == nil {
		return nil
	}
	return func(v *store.Version) {
		for _, rule := range configuration.Match(v.Key, tagMap(v.Tags), v.Marker) {
			if !rule.KMS && isKMS(v.Encryption) {
				continue
			}
			v.Targets = append(v.Targets, store.Target{
				Bucket: rule.Destination.Bucket, RuleID: rule.ID, Status: store.Pending,
			})
		}
	}
}

// Committed plans the deliveries of a version that a Decider has seen.
func (e *Engine) Committed(b *store.Bucket, v *store.Version) {
	configuration := b.Replication()
	for _, target := range v.Targets {
		t := &task{
			engine: e, from: b, key: v.Key, id: v.ID, to: target.Bucket, size: v.Size, committed: v.Modified,
			draw: e.draw(b.Name, target.Bucket, v.Key, v.Ordinal), deliver: deliverVersion,
		}
		if configuration != nil {
			t.rule = ruleByID(configuration, target.RuleID)
		}
		t.plan(v.Modified)
	}
}

// Edited plans what follows from a change of tags of a version that is
// there already: changes at the origin go to the replicas, changes of a
// replica go back if both sides replicate replica modifications (S3 User
// Guide, Replicating metadata changes with replica modification sync).
func (e *Engine) Edited(b *store.Bucket, v *store.Version) {
	configuration := b.Replication()
	if configuration == nil || v.Marker {
		return
	}
	var targets []store.Target
	if v.Replica {
		for _, rule := range configuration.Match(v.Key, tagMap(v.Tags), false) {
			if rule.ReplicaModifications && e.takesBack(rule.Destination.Bucket, b.Name, v) {
				targets = append(targets, store.Target{Bucket: rule.Destination.Bucket, RuleID: rule.ID})
			}
		}
	} else {
		for _, target := range v.Targets {
			// One that is PENDING will carry the tags as they are by then.
			if target.Status == store.Completed {
				targets = append(targets, target)
			}
		}
	}
	for _, target := range targets {
		target.Status = store.Pending
		if _, err := b.Update(v.Key, v.ID, func(v *store.Version) { v.SetTarget(target) }); err != nil {
			return // deleted meanwhile
		}
		t := &task{
			engine: e, from: b, key: v.Key, id: v.ID, to: target.Bucket, committed: time.Now(),
			draw: e.draw(b.Name, target.Bucket, v.Key, uint64(time.Now().UnixNano())), deliver: deliverTags,
			rule: ruleByID(configuration, target.RuleID),
		}
		t.plan(time.Now())
	}
}

// takesBack says whether the bucket there has a rule towards the bucket here
// that covers v and replicates replica modifications.
func (e *Engine) takesBack(there, here string, v *store.Version) bool {
	b, found := e.Store.Bucket(there)
	if !found {
		return false
	}
	configuration := b.Replication()
	if configuration == nil {
		return false
	}
	for _, rule := range configuration.Match(v.Key, tagMap(v.Tags), false) {
		if rule.Destination.Bucket == here && rule.ReplicaModifications {
			return true
		}
	}
	return false
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

func ruleByID(c *rules.Configuration, id string) rules.Rule {
	for _, rule := range c.Rules {
		if rule.ID == id {
			return rule
		}
	}
	return rules.Rule{}
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

func isKMS(e store.Encryption) bool { return e.Algorithm == "aws:kms" || e.Algorithm == "aws:kms:dsse" }
