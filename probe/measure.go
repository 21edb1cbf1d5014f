package probe

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"bothways/probe/polling"
	"bothways/probe/wording"
)

// probe writes one object and yields its one sample, then checks that it did
// not come back and removes it. It tells when the object is uploaded.
func (r *run) probe(ctx context.Context, c polling.Cell, planned time.Time, uploaded func()) {
	ready, err := r.limit.start(ctx, time.Since(planned) > LateAfter)
	if err != nil || ctx.Err() != nil {
		return // not started: nothing was promised
	}
	p := &probing{
		run: r, cell: c, planned: planned, started: time.Now(),
		from: r.sides[c.Direction.From()], to: r.sides[c.Direction.To()],
	}
	p.key = r.newKey()
	r.clock.begin(p.key, p.started)
	defer r.ended(p.key)
	r.ledger.change(p.key, func(entry *record) {
		entry.Object = Object{Direction: c.Direction, Key: p.key, SizeBytes: c.Size}
	})
	r.emit(StartedEvent{
		Key: p.key, Direction: c.Direction, SizeBytes: c.Size, Round: c.Round,
		PlannedAt: planned, At: p.started, SinceStartMS: r.since(p.started),
	})
	posted := false
	onStackOfItsOwn(func() { posted = p.post(ready) })
	uploaded()
	if !posted {
		r.emit(p.sample())
		r.settle(ctx, p.key, false)
		return
	}
	polls, never := context.WithCancelCause(ctx)
	defer never(nil)
	origin := p.watchOrigin(ctx, never)
	p.poll(ctx, polls, origin)
	p.finish(origin)
	if p.arrived() {
		r.checkLoop(ctx, p)
	}
	r.settle(ctx, p.key, p.arrived())
}

// finish reports both end points: the replica's, and then the origin's, for
// which it waits.
func (p *probing) finish(origin *originWatch) {
	r := p.run
	sample := p.sample()
	over, ended := r.flights.end(p.key, p.arrived(), time.Now())
	r.emit(sample)
	if ended {
		r.emitStall(over)
	}
	s := p.cell.Series
	if p.arrived() {
		r.tally.Arrived(p.cell.Direction, p.cell.Size)
		close(origin.arrived)
	} else {
		origin.stop()
	}
	if sample.Outcome == Replicated {
		r.memory.Add(s, p.learned())
	}
	<-origin.done
	completed := origin.event()
	if completed.Outcome == Replicated {
		r.completions.Add(s, origin.bracket())
	}
	r.emit(completed)
}

// probing is one probe under way: what was observed so far.
type probing struct {
	run      *run
	cell     polling.Cell
	planned  time.Time
	started  time.Time
	from, to target
	key      string

	upload   upload
	uploadMS float64

	late        time.Duration // by which the upload's end was noticed late at most, see widened
	lastMiss    time.Time     // sent; zero while there was none
	hitSent     time.Time
	hitAt       time.Time     // answered
	held        bool          // the answer that hit, see answering
	unanswered  time.Duration // that polls since the last miss waited for nothing
	dates       [2]exchange   // the first and the last answer of the other side
	heads       int
	unknowns    int
	throttled   int
	unconfirmed bool
	outcome     Outcome
	detail      string
}

// post uploads the object. It returns false when there is nothing to poll.
func (p *probing) post(ctx context.Context) bool {
	r := p.run
	done, err := r.put(ctx, p.from, p.key, p.cell.Size)
	for r.regained(ctx, p.from, err) {
		if open := r.ledger.get(p.key).uploadID; open != "" {
			if err = r.abort(ctx, p.from, p.key, open); err != nil {
				continue
			}
		}
		p.started = time.Now() // late, by as long as that took
		done, err = r.put(ctx, p.from, p.key, p.cell.Size)
	}
	p.uploadMS = milliseconds(time.Since(p.started))
	p.upload = done
	if err != nil {
		p.upload.committing, p.upload.posted = time.Now(), time.Now()
		p.outcome, p.detail = Failed, uploadFailure(p.from, err)
		if ctx.Err() != nil {
			p.outcome, p.detail = Interrupted, "stopped during the upload"
		}
		if !uncertain(err) && r.ledger.get(p.key).uploadID == "" {
			r.ledger.forget(p.key) // refused: nothing was written
		}
		return false
	}
	p.uploadMS = milliseconds(done.posted.Sub(p.started))
	r.ledger.change(p.key, func(entry *record) { entry.VersionID = done.version })
	r.flights.add(p.key, p.cell.Direction, done.posted)
	r.emit(PostedEvent{
		Key: p.key, Direction: p.cell.Direction, SizeBytes: p.cell.Size, VersionID: done.version,
		PostedAt: done.posted, SinceStartMS: r.since(done.posted), UploadMS: p.uploadMS,
	})
	return true
}

// poll asks the other side until the replica is there, the origin says that it
// never will be (which ends polling), the limit is reached, or the context
// ends.
func (p *probing) poll(ctx, polls context.Context, origin *originWatch) {
	r := p.run
	known := p.cell.Series
	schedule := r.polls(p.to)
	var kept repeat
	outlook := r.memory.Outlook(known, time.Now())
	for next := schedule.First(outlook, 2*rand.Float64()-1); ; {
		next = min(next, r.cfg.Limit)
		if sleep(polls, time.Until(p.upload.posted.Add(next))) != nil {
			p.stopped(ctx, polls)
			return
		}
		got := r.headAgain(polls, p.to, p.key, p.upload.version, &kept)
		if !got.tried && polls.Err() != nil {
			continue // the next wait ends the probe
		}
		p.heads++
		p.heard(got)
		p.silent(got)
		sent := got.sent.Sub(p.upload.posted)
		v, reason := judge(got, p.upload.object)
		switch v {
		case hit:
			p.hitSent, p.hitAt, p.outcome = got.sent, got.answered, Replicated
			p.judgeHeld(got.answered.Sub(got.sent))
			return
		case miss:
			p.lastMiss, p.unanswered = got.sent, 0
			r.waits[p.to.name].missed(got.answered.Sub(got.sent), r.rtt[p.to.name])
			r.flights.miss(p.key, got.sent)
		case unclaimed:
			if p.claimed(polls, got, reason) {
				return
			}
		case unknown:
			p.unknowns++
			p.doubt(polls, got, reason)
		}
		if polls.Err() != nil {
			continue
		}
		if sent >= r.cfg.Limit {
			p.stop(GaveUp, fmt.Sprintf("not on side %s after %s; %s", p.to.name, wording.Duration(r.cfg.Limit), origin.last(ctx)))
			return
		}
		outlook = r.memory.Renew(known, outlook, time.Now())
		next = schedule.Next(sent, p.heads, outlook, 2*rand.Float64()-1, r.limit.isSlow(p.to.name))
	}
}

// stopped ends a probe whose polls were cut off: by the origin's last word, or
// by the end of the run.
func (p *probing) stopped(ctx, polls context.Context) {
	if never, ok := errors.AsType[neverError](context.Cause(polls)); ok && ctx.Err() == nil {
		p.stop(Failed, never.why)
		return
	}
	p.stop(Interrupted, "stopped before the replica was seen")
}

// heard keeps the dates of the other side's first and last answers.
func (p *probing) heard(got answer) {
	if got.date.IsZero() {
		return
	}
	if p.dates[0].date.IsZero() {
		p.dates[0] = got.exchange
	}
	p.dates[1] = got.exchange
}

// claimed settles a 200 that nothing says to be a replica's. It is none on
// AWS. Elsewhere the listing decides: a server that answers for the other site
// lists only what it has itself.
func (p *probing) claimed(ctx context.Context, got answer, reason string) bool {
	r := p.run
	if r.cfg.Foreign {
		there, err := r.listed(ctx, p.to, p.key, p.upload.version)
		if there {
			p.hitSent, p.hitAt, p.outcome, p.unconfirmed = got.sent, time.Now(), Replicated, true
			p.judgeHeld(got.answered.Sub(got.sent))
			p.detail = fmt.Sprintf("REPLICA not confirmed: side %s shows %s", p.to.name, orNothing(string(got.out.ReplicationStatus)))
			r.notice(Warning, p.to.name, fmt.Sprintf(
				"REPLICA not confirmed: side %s lists what was written to side %s and lets it be read, but does not show that it is a replica (status: %s). The samples say so.",
				p.to.name, p.from.name, orNothing(string(got.out.ReplicationStatus))))
			return true
		}
		if err == nil {
			reason = "answered 200 for a version that it does not list: it passes the question on to the other side, which proves nothing"
		}
	}
	p.unknowns++
	p.doubt(ctx, got, reason)
	return false
}

// doubt records a poll that proved nothing.
func (p *probing) doubt(ctx context.Context, got answer, reason string) {
	if got.err != nil {
		if throttled(got.err) {
			p.throttled++
		}
		p.run.heed(ctx, p.to, p.key, got)
		return
	}
	p.detail = "side " + string(p.to.name) + " " + reason
	p.run.notice(Warning, p.to.name, "Side "+string(p.to.name)+" "+reason+".")
}

// arrived says whether the replica was seen, suspended or not.
func (p *probing) arrived() bool { return p.outcome == Replicated }

// period is the time in which lost time would falsify the measurement.
func (p *probing) period() period {
	return period{begun: p.started, first: p.dates[0], last: p.dates[1]}
}

func (p *probing) stop(outcome Outcome, detail string) {
	p.outcome = outcome
	if p.detail != "" {
		detail += "; " + p.detail
	}
	p.detail = detail
}

// lower is the bracket's lower end: the replica was not there by then.
func (p *probing) lower() time.Duration {
	if p.lastMiss.IsZero() {
		return 0
	}
	return max(0, p.lastMiss.Sub(p.upload.posted))
}

// upper is the bracket's upper end, once the replica was seen.
func (p *probing) upper() time.Duration { return p.hitAt.Sub(p.upload.posted) + p.late }

// point stands for the arrival: the bracket's middle, or the end of a held
// answer. No middle lies beyond the instant when the poll that found the object
// was sent: it was there half a round trip later at most. And no point lies beyond
// the limit: it would count as later than all that gave up, and what is estimated
// of those that did not arrive would fall to nothing behind them.
func (p *probing) point() time.Duration {
	limit := p.run.cfg.Limit
	if p.held {
		return min(p.upper(), limit)
	}
	return min((p.lower()+p.upper())/2, p.hitSent.Sub(p.upload.posted), limit)
}

// fromCommit is the point as it would count from the commit. The poll that found
// it was sent as much later from there, so it stays before that too.
func (p *probing) fromCommit() time.Duration {
	return min(p.point()+p.run.bias(p.cell.Direction), p.hitAt.Sub(p.upload.committing), p.run.cfg.Limit)
}

const sleptDetail = "this computer slept, or its clock was set, while the object was on its way"

// sample is the probe's result.
func (p *probing) sample() Sample {
	lower := milliseconds(p.lower())
	late := max(0, p.started.Sub(p.planned))
	s := Sample{
		Direction: p.cell.Direction, SizeBytes: p.cell.Size, Key: p.key, VersionID: p.upload.version,
		Round: p.cell.Round, PlannedAt: p.planned, PostedAt: p.upload.posted, SinceStartMS: p.run.since(p.upload.posted), DurationMS: lower,
		BracketMS: [2]float64{lower, lower}, CommitBracketMS: [2]float64{lower, lower},
		HEADs: p.heads, Unknowns: p.unknowns, Throttled: p.throttled, UploadMS: p.uploadMS,
		LateMS: milliseconds(late), Late: late > LateAfter, Unconfirmed: p.unconfirmed,
		Outcome: p.outcome, Detail: p.detail,
	}
	if p.arrived() {
		low := p.lastMiss
		if low.IsZero() {
			low = p.upload.posted
		}
		p.late = p.run.clock.widened(p.upload.committing, p.upload.posted, low, p.hitAt)
		s.DurationMS = milliseconds(p.point())
		s.BracketMS[1] = milliseconds(p.upper())
		s.CommitBracketMS[1] = milliseconds(p.hitAt.Sub(p.upload.committing))
		s.LeftCensored, s.Held = p.lastMiss.IsZero(), p.held
		s.CorrectedMS = milliseconds(p.fromCommit())
	} else if lower > 0 {
		s.CorrectedMS = lower
	}
	if p.run.suspended(p.period()) {
		s.Outcome, s.Detail = Suspended, sleptDetail
	}
	return s
}
