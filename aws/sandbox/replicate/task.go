package replicate

import (
	"math/rand/v2"
	"slices"
	"time"

	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

// task is the way of one version to one destination.
type task struct {
	engine    *Engine
	from      *store.Bucket
	key, id   string
	to        string // bucket
	size      int64
	committed time.Time
	rule      rules.Rule // as it was at the commit
	draw      *rand.Rand
	tags      []store.Tag // as delivered
	// deliver does the work; "" means that it was done, anything else is the
	// reason of a failure that no retry heals.
	deliver func(t *task, v *store.Version, to *store.Bucket, may May) (reason string)
}

// region returns where the destination is, "" while it does not exist.
func (t *task) region() string {
	if b, found := t.engine.Store.Bucket(t.to); found {
		return b.Region
	}
	return ""
}

// plan draws a delay from the instant and waits it out.
func (t *task) plan(from time.Time) {
	delay := t.engine.Delay(t.from.Region, t.region(), t.size, t.draw)
	t.engine.schedule.at(from.Add(t.engine.scaled(delay)), t.run)
}

// run delivers, now that the time has come.
func (t *task) run() {
	e := t.engine
	// After an outage the backlog arrives with delays drawn anew.
	if e.outages.park(t.from.Region, t.region(), func() { t.plan(time.Now()) }) {
		return
	}
	v, err := t.from.Acquire(t.key, t.id)
	if err != nil {
		return // deleted for good meanwhile: nothing to replicate, nowhere to say so
	}
	defer v.Body.Release()
	if target, found := v.Target(t.to); !found || target.Status != store.Pending {
		return
	}
	if reason := t.attempt(v); reason != "" {
		t.settle(store.Failed, reason)
		return
	}
	t.tags = v.Tags
	// The origin learns of it a little later, never before the replica can
	// be read.
	lag := 150*time.Millisecond + time.Duration(t.draw.Int64N(int64(350*time.Millisecond)))
	e.schedule.at(time.Now().Add(e.scaled(lag)), t.complete)
}

func (t *task) complete() {
	if t.engine.outages.park(t.from.Region, t.from.Region, func() { t.engine.schedule.at(time.Now(), t.complete) }) {
		return
	}
	if v, err := t.from.Find(t.key, t.id); err == nil && !slices.Equal(v.Tags, t.tags) {
		// Changed after the replica was written and before the origin
		// learned of it: still to be carried over.
		t.deliver = deliverTags
		t.plan(time.Now())
		return
	}
	t.settle(store.Completed, "")
}

// settle writes the outcome into the origin's version.
func (t *task) settle(status store.Status, reason string) {
	// The version may have been deleted meanwhile; then no status is left.
	_, _ = t.from.Update(t.key, t.id, func(v *store.Version) {
		if target, found := v.Target(t.to); found {
			target.Status, target.Reason = status, reason
			v.SetTarget(target)
		}
	})
}

// attempt checks both buckets and the role and delivers.
func (t *task) attempt(v *store.Version) (reason string) {
	if b, found := t.engine.Store.Bucket(t.from.Name); !found || b != t.from {
		return SrcBucketNotFound
	}
	configuration := t.from.Replication()
	if configuration == nil {
		return SrcBucketReplicationMissing
	}
	may, err := t.engine.Assume(configuration.Role)
	if err != nil {
		return AssumeRoleNotPermitted
	}
	// The role's right to read the configuration is what lets S3 find the
	// rule (S3 User Guide, Setting up permissions for live replication).
	if !may("s3:GetReplicationConfiguration", t.from.ARN()) {
		return SrcBucketReplicationMissing
	}
	to, found := t.engine.Store.Bucket(t.to)
	switch {
	case !found:
		return DstBucketNotFound
	case to.Versioning() != store.Enabled:
		return DstBucketUnversioned
	}
	return t.deliver(t, v, to, may)
}
