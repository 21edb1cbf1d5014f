package replicate

import (
	"math/rand/v2"
	"slices"
	"time"

	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

// task is the way of one version to one destination. After it was planned
// only the schedule, which runs one function at a time, touches it.
type task struct {
	engine    *Engine
	from      *store.Bucket
	key, id   string
	to        string // bucket
	size      int64
	marker    bool
	committed time.Time
	rule      *rules.Rule // as it was at the commit, nil if nobody knows any more
	draw      *rand.Rand
	done      *store.Version // what was delivered, until the origin has learned of it
	late      bool           // the threshold of Replication Time Control has passed
	pending   *operation     // in the metrics, nil if it is not or has none
	// annotation is the name of the annotation that is carried, written when
	// committed says; "" carries the version.
	annotation string
	batch      *attempts // those of a task of Batch Replication, nil if it is of none
}

// region returns where the destination is, "" while it does not exist.
func (t *task) region() string {
	if b, found := t.engine.Store.Bucket(t.to); found {
		return b.Region
	}
	return ""
}

// plan draws a delay from the instant at which the way begins, and waits it out.
func (t *task) plan(begins time.Time) {
	e := t.engine
	if t.done != nil {
		e.schedule.at(begins, t.complete)
		return
	}
	to := t.region()
	delay := e.slowdowns.stretch(e.Delay(t.from.Region, to, t.size, begins, t.draw), t.from.Region, to, t.draw)
	e.schedule.at(begins.Add(e.scaled(delay)), t.run)
}

// run delivers, now that the time has come.
func (t *task) run() {
	if t.engine.obstacles.park(t) {
		return
	}
	if t.annotation != "" {
		t.runAnnotation()
		return
	}
	v, err := t.from.Acquire(t.key, t.id)
	if err != nil {
		// Deleted for good meanwhile: nothing to replicate, no status to say so.
		t.engine.meters.end(t, false)
		t.tell(OperationNotTracked, "")
		t.batch.one(SrcVersionNotFound)
		return
	}
	defer v.Body.Release()
	target, found := v.Target(t.to)
	if !found || target.Status != store.Pending {
		// Another task was first.
		t.engine.meters.end(t, false)
		t.batch.late(target)
		return
	}
	if reason := t.attempt(v, target); reason != "" {
		t.settle(store.Failed, reason)
		return
	}
	t.done = v
	// The origin learns of it a little later, never before the replica can
	// be read.
	lag := 150*time.Millisecond + time.Duration(t.draw.Int64N(int64(350*time.Millisecond)))
	t.engine.schedule.at(time.Now().Add(t.engine.scaled(lag)), t.complete)
}

// complete has the origin learn that the replica is there. It is held back by
// an outage of the origin's region, but not by a direction that was cut.
func (t *task) complete() {
	e := t.engine
	if e.IsOut(t.from.Region) && e.obstacles.park(t) {
		return
	}
	done := t.done
	t.done = nil
	if v, err := t.from.Find(t.key, t.id); err == nil && (!slices.Equal(v.Tags, done.Tags) || v.Lock != done.Lock || !slices.Equal(v.ACL, done.ACL)) {
		// Changed after the replica was written and before the origin
		// learned of it: still to be carried over.
		_, _ = t.from.Update(t.key, t.id, func(v *store.Version) {
			if target, found := v.Target(t.to); found {
				target.Edit = true
				v.SetTarget(target)
			}
		})
		t.plan(time.Now())
		return
	}
	t.settle(store.Completed, "")
}

// settle writes the outcome into the origin's version.
func (t *task) settle(status store.Status, reason string) {
	defer t.batch.one(reason)
	t.engine.meters.end(t, status == store.Failed)
	if t.batch != nil && status == store.Failed {
		t.engine.meters.failed(t, t.region())
	}
	// The version may have been deleted meanwhile; then no status is left.
	_, err := t.from.Update(t.key, t.id, func(v *store.Version) {
		if target, found := v.Target(t.to); found {
			target.Status, target.Reason, target.Edit, target.Batch = status, reason, false, false
			v.SetTarget(target)
		}
	})
	switch {
	case err != nil:
	case status == store.Failed:
		t.tell(OperationFailed, reason)
	case t.late:
		t.tell(OperationAfterThreshold, "")
	}
}

// attempt checks both buckets and the role and delivers.
func (t *task) attempt(v *store.Version, target store.Target) (reason string) {
	d, reason := t.open()
	if reason != "" {
		return reason
	}
	d.version = v
	switch {
	case target.Batch && d.to.HardDeleted(t.key, t.id):
		return DstObjectHardDeleted
	case target.Edit:
		return d.edit()
	case v.Marker:
		return d.marker()
	}
	return d.object()
}

// open checks both buckets and the role, and returns the way between them.
func (t *task) open() (d delivery, reason string) {
	if b, found := t.engine.Store.Bucket(t.from.Name); !found || b != t.from {
		return d, SrcBucketNotFound
	}
	configuration := t.from.EffectiveReplication()
	if configuration == nil {
		return d, SrcBucketReplicationMissing
	}
	may, err := t.engine.Assume(configuration.Role)
	if err != nil {
		return d, AssumeRoleNotPermitted
	}
	// The role's right to read the configuration is what lets S3 find the
	// rule (S3 User Guide, Setting up permissions for live replication).
	if !may("s3:GetReplicationConfiguration", t.from.ARN(), nil) {
		return d, SrcBucketReplicationMissing
	}
	to, found := t.engine.Store.Bucket(t.to)
	switch {
	case !found:
		return d, DstBucketNotFound
	case to.Versioning() != store.Enabled:
		return d, DstBucketUnversioned
	}
	return delivery{task: t, to: to, may: may}, ""
}
