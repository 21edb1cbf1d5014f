package probe

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/probe/polling"
	"bothways/probe/wording"
)

const (
	// completeLimit is how long an origin is asked after the replica was seen.
	completeLimit = time.Minute
	// uncoveredAfter is when an object without a status at its origin counts
	// as never covered by a rule. The status is decided when the object is
	// written (S3 API reference, HeadObject), so this only leaves room for an
	// answer from before that was seen everywhere.
	uncoveredAfter = time.Minute
)

// neverError ends the polling of a replica that will never arrive.
type neverError struct{ why string }

func (e neverError) Error() string { return e.why }

// originWatch follows the status that the origin shows for an object, beside
// the polls of its replica: it never holds them back.
type originWatch struct {
	p       *probing
	stop    context.CancelFunc
	never   context.CancelCauseFunc // ends the polls of the replica
	arrived chan struct{}           // closed when the replica was seen
	done    chan struct{}           // closed when nothing more is asked

	// Of the watching goroutine until done is closed.
	status    string
	seen      bool      // a status, or its absence, was read
	lastOther time.Time // when the last status that was not COMPLETED was asked for
	completed time.Time // when the first COMPLETED was read
	asked     time.Time // when the poll that read it was sent
	kept      repeat
	heads     int
	unknowns  int
	ended     Outcome
	why       string
}

// watchOrigin starts watching. What it learns that ends the probe goes to
// never, as a neverError.
func (p *probing) watchOrigin(ctx context.Context, never context.CancelCauseFunc) *originWatch {
	ctx, stop := context.WithCancel(ctx)
	w := &originWatch{p: p, stop: stop, never: never, arrived: make(chan struct{}), done: make(chan struct{})}
	p.run.start(func() {
		defer close(w.done)
		w.follow(ctx)
	})
	return w
}

func (w *originWatch) follow(ctx context.Context) {
	r, p := w.p.run, w.p
	known := p.cell.Series
	schedule := r.cfg.Pace.Origin(r.rtt[p.from.name])
	var arrivedAt time.Duration
	arrived := w.arrived
	outlook := r.completions.Outlook(known, time.Now())
	next := schedule.First(outlook, 2*rand.Float64()-1)
	for {
		select {
		case <-time.After(time.Until(p.upload.posted.Add(next))):
		case <-arrived:
			arrived, arrivedAt = nil, time.Since(p.upload.posted)
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			w.ended, w.why = Interrupted, "stopped before the origin showed COMPLETED"
			return
		}
		sent := w.ask(ctx)
		if ctx.Err() == nil && w.final(sent) {
			return
		}
		slow := r.limit.isSlow(p.from.name)
		switch elapsed := max(sent, 0); {
		case arrived == nil && elapsed-arrivedAt > completeLimit:
			w.ended = GaveUp
			w.why = fmt.Sprintf("side %s still shows %s %s after the replica was seen", p.from.name, orNothing(w.status), wording.Duration(completeLimit))
			return
		case arrived == nil:
			next = schedule.Completing(elapsed, slow)
		default:
			outlook = r.completions.Renew(known, outlook, time.Now())
			next = schedule.Next(elapsed, w.heads, outlook, 2*rand.Float64()-1, slow)
		}
	}
}

// final says whether the status shows that nothing more is to come, and ends
// the polls of the replica where it never will. FAILED is final (S3 User
// Guide, "Getting replication status information"), and no status means that
// no rule covers the object.
func (w *originWatch) final(sent time.Duration) bool {
	r, from := w.p.run, w.p.from
	switch {
	case !w.completed.IsZero():
		w.ended = Replicated
		return true
	case w.status == string(types.ReplicationStatusFailed) && r.several[w.p.cell.Direction]:
		w.ended, w.why = Failed, fmt.Sprintf("side %s shows FAILED, of all destinations together: it need not be side %s that failed", from.name, w.p.to.name)
		return true // the replica may arrive all the same
	case w.status == string(types.ReplicationStatusFailed):
		w.ended, w.why = Failed, failedAtOrigin(w.p.cell.Direction)
		w.never(neverError{w.why})
		return true
	case !w.seen || w.status != "":
		return false
	case r.cfg.Foreign:
		w.ended, w.why = Failed, fmt.Sprintf("side %s shows no replication status, so it does not say when the object is replicated", from.name)
		r.notice(Info, from.name, "Side "+string(from.name)+" shows no replication status for what is written there: only the other side tells when an object has arrived, and a failure cannot be told from a delay.")
		return true
	case sent >= uncoveredAfter:
		w.ended = Failed
		w.why = fmt.Sprintf("side %s shows no replication status: no enabled rule covered the object when it was written, so it will never be replicated", from.name)
		w.never(neverError{w.why})
		return true
	}
	r.notice(Warning, from.name, fmt.Sprintf(
		"An object on side %s has no replication status: no rule covered it when it was written. A rule takes a while to become effective; see that it is enabled and that its prefix covers %s.",
		from.name, r.cfg.Pair.ProbePrefix()))
	return false
}

// ask reads the status once and returns when that was sent, from the
// acknowledgement of the upload.
func (w *originWatch) ask(ctx context.Context) time.Duration {
	r, p := w.p.run, w.p
	got := r.headAgain(ctx, p.from, p.key, p.upload.version, &w.kept)
	sent := got.sent.Sub(p.upload.posted)
	if got.err != nil {
		if got.tried {
			w.heads++
			w.unknowns++
			r.heed(ctx, p.from, p.key, got)
		}
		return sent
	}
	w.heads++
	w.status, w.seen = string(got.out.ReplicationStatus), true
	if completed(got.out.ReplicationStatus) {
		w.completed, w.asked = got.answered, got.sent
	} else {
		w.lastOther = got.sent
	}
	return sent
}

// end stops watching and waits until nothing is asked any more.
func (w *originWatch) end() {
	w.stop()
	<-w.done
}

// last asks the origin a last time, after end, and words what it says.
func (w *originWatch) last(ctx context.Context) string {
	w.end()
	w.ask(ctx)
	w.ended, w.why = GaveUp, ""
	if !w.completed.IsZero() {
		w.ended = Replicated
	}
	switch {
	case !w.seen:
		return fmt.Sprintf("side %s could not be asked for the object's status", w.p.from.name)
	case w.status == "" && w.p.run.cfg.Foreign:
		return fmt.Sprintf("side %s shows no replication status", w.p.from.name)
	case w.status == "":
		return fmt.Sprintf("side %s shows no replication status: the rule did not cover the object", w.p.from.name)
	}
	return fmt.Sprintf("side %s shows the status %s", w.p.from.name, w.status)
}

// bracket of the instant of COMPLETED, once it was read.
func (w *originWatch) bracket() polling.Bracket {
	posted := w.p.upload.posted
	b := polling.Bracket{High: max(0, w.completed.Sub(posted)+w.p.late)}
	if !w.lastOther.IsZero() {
		b.Low = max(0, w.lastOther.Sub(posted))
	}
	return b
}

// event is the second end point, after done is closed.
func (w *originWatch) event() CompletedEvent {
	p := w.p
	since := func(t time.Time) float64 {
		if t.IsZero() {
			return 0
		}
		return max(0, milliseconds(t.Sub(p.upload.posted)))
	}
	lower := since(w.lastOther)
	e := CompletedEvent{Key: p.key, Direction: p.cell.Direction, SizeBytes: p.cell.Size, SinceStartMS: p.run.since(p.upload.posted), Completion: Completion{
		DurationMS: lower, BracketMS: [2]float64{lower, lower}, HEADs: w.heads, Unknowns: w.unknowns,
		Outcome: w.ended, Detail: w.why,
	}}
	if w.ended == Replicated {
		e.BracketMS[1] = since(w.completed.Add(w.p.late))
		e.DurationMS = min((lower+e.BracketMS[1])/2, since(w.asked)) // as point
		e.LeftCensored = w.lastOther.IsZero()
	}
	if p.run.suspended(p.period()) {
		e.Outcome, e.Detail = Suspended, sleptDetail
	}
	return e
}

func orNothing(status string) string {
	if status == "" {
		return "no status"
	}
	return status
}

// failedAtOrigin names the likely causes, in the order in which they are worth
// checking (S3 User Guide, "Troubleshooting replication").
func failedAtOrigin(d pair.Direction) string {
	return strings.Join([]string{
		fmt.Sprintf("S3 reports FAILED on side %s and will not try this object again; likely causes:", d.From()),
		"the role cannot be assumed by S3 yet, or lacks s3:GetObjectVersionForReplication on side", string(d.From()),
		"or s3:ReplicateObject on side", string(d.To()) + ";",
		fmt.Sprintf("versioning of side %s's bucket is suspended; a bucket policy or an organisation's policy denies it; a KMS key is missing or not allowed", d.To()),
	}, " ")
}

// completed says whether the origin shows that replication is done. The API's
// list of values has both spellings (S3 API reference, HeadObject).
func completed(status types.ReplicationStatus) bool {
	return status == types.ReplicationStatusCompleted || status == types.ReplicationStatusComplete
}
