package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bothways/aws/apierror"
	"bothways/probe/wording"
)

const (
	// cleanupTime bounds the cleaning at the end of a run. Where more is left
	// than cleanupEnough objects, the time that the run's rate asks for is added.
	cleanupTime   = 10 * time.Second
	cleanupEnough = 50
	// lateGap is between two looks for a replica that may still arrive after
	// its origin was deleted.
	lateGap = 2 * time.Second
	// The workers that clean: enough to keep up with the rate over a round
	// trip of 0.2 s.
	cleanWorkersLeast, cleanWorkersMost = 8, 128
	// cleanRequests is about what one object needs.
	cleanRequests = 4
)

// settle removes an object right after its probe. What that leaves is for the
// sweep at the end of the run.
func (r *run) settle(ctx context.Context, key string, replicated bool) {
	if r.cfg.Keep {
		r.ledger.forget(key) // nobody will ask for it: a long run must not grow
		return
	}
	if ctx.Err() != nil || r.ledger.get(key).Key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, cleanupTime)
	defer cancel()
	_ = r.tryRemove(ctx, key, replicated) // the sweep says why something stays
}

// tryRemove removes an object as far as that is possible now. One that is gone
// on both sides is told and forgotten.
func (r *run) tryRemove(ctx context.Context, key string, replicated bool) error {
	if err := r.remove(ctx, key, replicated); err != nil {
		return err
	}
	if entry := r.ledger.get(key); entry.originGone && entry.replicaGone {
		r.ledger.forget(key)
		r.emit(CleanedEvent{Key: key, OK: true})
	}
	return nil
}

// sweep cleans up after the last probe, also when the run was interrupted, and
// lists what is left.
func (r *run) sweep(interrupted context.Context) {
	if r.cfg.Keep || len(r.ledger.open()) == 0 {
		return
	}
	allowed := cleanupTime
	if many := len(r.ledger.open()) - cleanupEnough; many > 0 {
		allowed += time.Duration(many*cleanRequests) * time.Second / time.Duration(r.limit.perSecond())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(interrupted), allowed)
	defer cancel()
	if r.cfg.Private {
		r.cleanPrivate(ctx)
	} else if left := r.clean(ctx); len(left) > 0 {
		r.emit(LeftEvent{Objects: left})
	}
	r.workers.Wait()
}

// cleanPrivate removes everything in the ledger as far as that is possible at
// once: what remains ends with its sandbox, so nothing is waited for.
func (r *run) cleanPrivate(ctx context.Context) {
	r.removeAll(ctx)
	open := r.ledger.open()
	for _, entry := range open {
		r.emit(CleanedEvent{Key: entry.Key, Detail: "it ends with the private sandbox"})
	}
	if len(open) > 0 {
		r.notice(Info, "", fmt.Sprintf("Nothing is left behind: what was not removed yet of %s ends with the private sandbox.", wording.Count(len(open), "object")))
	}
}

// clean removes everything in the ledger, then tries again for cleanupTime, or
// until the context ends: replicas may have been on their way.
func (r *run) clean(ctx context.Context) []LeftObject {
	reasons := r.removeAll(ctx)
	if open := len(r.ledger.open()); open > 0 && ctx.Err() == nil {
		r.notice(Info, "", fmt.Sprintf("Not cleaned up yet, or with replicas that may be on their way: %s. Trying for up to %s.", wording.Count(open, "object"), wording.Duration(cleanupTime)))
	}
	for began := time.Now(); len(r.ledger.open()) > 0 && time.Since(began) < cleanupTime && sleep(ctx, lateGap) == nil; {
		reasons = r.removeAll(ctx)
	}
	open := r.ledger.open()
	left := make([]LeftObject, 0, 2*len(open))
	for _, entry := range open {
		reason := reasons[entry.Key]
		refused := reason != ""
		if !refused {
			reason = "its origin was deleted before S3 reported it as replicated: a replica may still arrive"
		}
		r.emit(CleanedEvent{Key: entry.Key, Detail: reason})
		left = append(left, r.leftOf(entry, reason, refused)...)
	}
	return left
}

// removeAll tries every open record once, several at a time, and returns why
// the remaining ones remain.
func (r *run) removeAll(ctx context.Context) map[string]string {
	var mu sync.Mutex
	reasons := map[string]string{}
	turns := make(chan struct{}, min(max(cleanWorkersLeast, r.limit.perSecond()/5), cleanWorkersMost))
	var all sync.WaitGroup
	for _, entry := range r.ledger.open() {
		turns <- struct{}{}
		all.Add(1)
		r.start(func() {
			defer all.Done()
			defer func() { <-turns }()
			if err := r.tryRemove(ctx, entry.Key, false); err != nil {
				mu.Lock()
				reasons[entry.Key] = apierror.Describe(err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return reasons
}

// leftOf lists where an open record may still have a version, or an upload
// that was never completed.
func (r *run) leftOf(entry record, reason string, refused bool) []LeftObject {
	left := make([]LeftObject, 0, 3)
	add := func(side target, version, upload string) {
		left = append(left, LeftObject{Side: side.name, Bucket: side.bucket, Key: entry.Key, VersionID: version, UploadID: upload, Why: reason, Refused: refused})
	}
	from, to := r.sides[entry.Direction.From()], r.sides[entry.Direction.To()]
	if entry.uploadID != "" {
		add(from, "", entry.uploadID)
		if !entry.completing {
			return left // there never was a version
		}
	}
	if !entry.originGone {
		add(from, entry.VersionID, "")
	}
	if !entry.replicaGone {
		add(to, entry.VersionID, "")
	}
	return left
}
