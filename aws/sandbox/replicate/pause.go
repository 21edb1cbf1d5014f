package replicate

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

// Pause is what AWS FIS adds to an obstacle (AWS FIS User Guide, Actions
// reference, aws:s3:bucket-pause-replication).
type Pause struct {
	// RulePrefixes are those of the filters of the rules that are paused: "S3
	// object key prefixes from replication rule filters". Empty is all rules.
	RulePrefixes []string
	// Begun is when it began, and Tail what goes through all the same.
	Begun time.Time
	Tail  Tail
	// Drain is how many of the versions that were held begin their way in a
	// second afterwards, the oldest first; 0 is all at once. AWS says only that
	// the time for catching up varies.
	Drain float64
	// Shows is what S3 says while it lasts.
	Shows Shows
}

// Tail is what a pause lets through at its beginning: "Existing objects may
// continue to be replicated for up to one hour after action begins". How many
// do, and for how long, is not published.
type Tail struct {
	// For is how long, as time passes in the sandbox.
	For time.Duration
	// Share is the part of the versions that is let through, from 0 to 1.
	Share float64
	// New lets through what is written after the beginning, too. AWS's sentence
	// is about existing objects; whether new ones are held at once it does not say.
	New bool
}

// Shows is what S3 says of a bucket whose replication is paused. AWS documents
// none of it; the zero value has everything as it is without a pause.
type Shows struct {
	// DisabledRules lets GetBucketReplication have the paused rules as Disabled.
	DisabledRules bool
	// NoStatus lets HEAD and GET have no status where it would be PENDING.
	NoStatus bool
}

// holds says whether the pause is about a delivery that is due now.
func (p *Pause) holds(t *task) bool {
	if len(p.RulePrefixes) > 0 && (t.rule == nil || !slices.Contains(p.RulePrefixes, t.rule.Prefix)) {
		return false
	}
	return !p.lets(t, time.Now())
}

// lets says whether the tail lets a delivery through. The answer for a version
// depends on nothing but the version and the pause, as it is asked for again.
func (p *Pause) lets(t *task, now time.Time) bool {
	if now.Sub(p.Begun) >= t.engine.scaled(p.Tail.For) || t.committed.After(p.Begun) && !p.Tail.New {
		return false
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s", p.Begun.UnixNano(), t.key, t.id, t.to)
	return float64(h.Sum64()) < p.Tail.Share*math.MaxUint64
}

// release lets deliveries go on that were held, one after the other if a pause
// that held them wants it so.
func (e *Engine) release(free []*task, p *Pause) {
	now := time.Now()
	if p != nil && p.Drain > 0 {
		slices.SortStableFunc(free, func(a, b *task) int { return a.committed.Compare(b.committed) })
	}
	for i, t := range free {
		begins := now
		if p != nil && p.Drain > 0 {
			begins = now.Add(e.scaled(time.Duration(float64(i) / p.Drain * float64(time.Second))))
		}
		t.plan(begins)
	}
}

// pauses returns the pauses that stand over a bucket.
func (e *Engine) pauses(b *store.Bucket) (all []*Obstacle) {
	e.obstacles.mu.Lock()
	defer e.obstacles.mu.Unlock()
	for _, o := range e.obstacles.stand {
		if o.Pause != nil && o.Source == b.Name && (o.From == "" || o.From == b.Region) {
			all = append(all, o)
		}
	}
	return all
}

// covers says whether a rule of the bucket is paused.
func (o *Obstacle) covers(r *rules.Rule, all *store.Store) bool {
	to, found := all.Bucket(r.Destination.Bucket)
	return found && (o.To == "" || o.To == to.Region) &&
		(len(o.Destinations) == 0 || slices.Contains(o.Destinations, to.Name)) &&
		(len(o.Pause.RulePrefixes) == 0 || slices.Contains(o.Pause.RulePrefixes, r.Prefix))
}

// Pauses returns the rules of a bucket that an obstacle with a pause would hold
// up, of those that are enabled.
func (e *Engine) Pauses(o Obstacle, b *store.Bucket) (held []*rules.Rule) {
	configuration := b.EffectiveReplication()
	if configuration == nil {
		return nil
	}
	for i := range configuration.Rules {
		if r := &configuration.Rules[i]; r.Enabled && o.covers(r, e.Store) {
			held = append(held, r)
		}
	}
	return held
}

// ShownConfiguration is what reading the configuration of a bucket gives, nil if
// there is none.
func (e *Engine) ShownConfiguration(b *store.Bucket) *rules.Configuration {
	configuration := b.VisibleReplication()
	if configuration == nil {
		return nil
	}
	for _, o := range e.pauses(b) {
		if o.Pause.Shows.DisabledRules {
			configuration = configuration.Disabling(func(r *rules.Rule) bool { return o.covers(r, e.Store) })
		}
	}
	return configuration
}

// ShownStatus is what HEAD and GET say of the replication of a version.
func (e *Engine) ShownStatus(b *store.Bucket, v *store.Version) store.Status {
	status := v.Status()
	if status != store.Pending {
		return status
	}
	for _, o := range e.pauses(b) {
		if !o.Pause.Shows.NoStatus {
			continue
		}
		for _, target := range v.Targets {
			if target.Status == store.Pending && target.Rule != nil && o.covers(target.Rule, e.Store) {
				return ""
			}
		}
	}
	return status
}
