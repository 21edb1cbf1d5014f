package replicate

import (
	"errors"
	"slices"
	"sync"
	"time"

	"bothways/aws/sandbox/store"
)

// Initiate replicates a version by every rule that covers it now, whatever came
// of it before, as a task of S3 Batch Replication does: it becomes PENDING, and
// ended is told the first reason of a failure, "" if all destinations have the
// version. That is before Initiate returns, or when the last destination has
// been tried; never, if the engine is closed first. ended must not block. again
// says that it may be the same that a restart cut off: then it is as good if
// another task was first.
//
// A version that no rule covers stays as it is, without a status (S3 User
// Guide, Replicating existing objects with Batch Replication; Amazon S3
// replication failure reasons).
func (e *Engine) Initiate(b *store.Bucket, key, id string, again bool, ended func(reason string)) {
	decide := e.Decider(b)
	if decide == nil {
		ended(SrcBucketReplicationMissing)
		return
	}
	var targets []store.Target
	v, err := b.Amend(key, id, func(v *store.Version) error {
		if targets = covered(v, decide); len(targets) == 0 {
			return errNotCovered
		}
		// What failed by a rule that is gone is no longer of any interest.
		v.Targets = slices.DeleteFunc(v.Targets, func(t store.Target) bool { return t.Status == store.Failed })
		for _, target := range targets {
			v.SetTarget(target)
		}
		return nil
	})
	switch {
	case errors.Is(err, errNotCovered):
		ended(SrcObjectNotEligible)
		return
	case errors.Is(err, store.ErrNoSuchKey):
		ended(SrcKeyNotFound)
		return
	case err != nil:
		ended(SrcVersionNotFound)
		return
	}
	e.initiateAnnotations(b, v, targets)
	now := time.Now()
	all := &attempts{left: len(targets), again: again, ended: ended}
	for _, target := range targets {
		e.start(b, v, target, now, uint64(now.UnixNano()), all)
	}
}

var errNotCovered = errors.New("no rule covers the version")

// covered returns what a version is to be replicated to by what a Decider
// decides. Replicas are no exception here.
func covered(v *store.Version, decide func(*store.Version)) []store.Target {
	decided := *v
	decided.Targets = nil
	decide(&decided)
	for i, target := range decided.Targets {
		decided.Targets[i].Batch = true
		// A change of metadata that is on its way there goes on.
		if old, found := v.Target(target.Bucket); found && old.Status == store.Pending {
			decided.Targets[i].Edit = old.Edit
		}
	}
	return decided.Targets
}

// Coverer returns the function that says whether Initiate would replicate a
// version of b, by the configuration that is in effect now.
func (e *Engine) Coverer(b *store.Bucket) func(*store.Version) bool {
	decide := e.Decider(b)
	return func(v *store.Version) bool { return decide != nil && len(covered(v, decide)) > 0 }
}

// attempts are the ways of one version to all of its destinations, which
// somebody waits for.
type attempts struct {
	ended func(reason string)
	again bool

	mu     sync.Mutex
	left   int
	reason string // the first
}

// late notes that a way has ended before it began, since another task was first.
func (a *attempts) late(target store.Target) {
	switch {
	case a == nil:
	case a.again:
		a.one(target.Reason)
	default:
		a.one(SrcReplicationNotPending)
	}
}

// one notes that a way has ended. Without anybody who waits it does nothing.
func (a *attempts) one(reason string) {
	if a == nil {
		return
	}
	a.mu.Lock()
	if a.reason == "" {
		a.reason = reason
	}
	a.left--
	last := a.left == 0
	reason = a.reason
	a.mu.Unlock()
	if last {
		a.ended(reason)
	}
}
