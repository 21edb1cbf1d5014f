package probe

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// probe writes one object and yields its one sample, then checks that it did
// not come back and removes it.
func (r *run) probe(ctx context.Context, c cell, planned time.Time) {
	select {
	case r.uploads <- struct{}{}:
	case <-ctx.Done():
		return // not started: nothing was promised
	}
	p := &measurement{
		run: r, cell: c, planned: planned, started: time.Now(),
		from: r.sides[c.direction.From()], to: r.sides[c.direction.To()],
	}
	p.key = r.newKey()
	r.ledger.change(p.key, func(entry *record) {
		entry.Object = Object{Direction: c.direction, Key: p.key, SizeBytes: c.size}
	})
	r.emit(StartedEvent{
		Key: p.key, Direction: c.direction, SizeBytes: c.size, Round: c.round,
		PlannedAt: planned, At: p.started,
	})
	posted := p.post(ctx)
	<-r.uploads
	if posted {
		p.poll(ctx)
	}
	r.emit(p.sample())
	if p.outcome == Replicated && !p.jumped {
		r.memory.add(series{c.direction, c.size}, p.midpoint())
		r.checkLoop(ctx, p)
	}
	r.settle(ctx, p.key, p.outcome == Replicated)
}

// measurement is one probe under way: what was observed so far.
type measurement struct {
	run      *run
	cell     cell
	planned  time.Time
	started  time.Time
	from, to target
	key      string

	upload   upload
	uploadMS float64

	lastMiss time.Time // sent; zero while there was none
	hitAt    time.Time // answered
	heads    int
	unknowns int
	outcome  Outcome
	detail   string
	jumped   bool // time was lost while the object was on its way
}

// post uploads the object. It returns false when there is nothing to poll.
func (p *measurement) post(ctx context.Context) bool {
	r := p.run
	done, err := r.put(ctx, p.from, p.key, p.cell.size)
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
	r.emit(PostedEvent{
		Key: p.key, Direction: p.cell.direction, SizeBytes: p.cell.size, VersionID: done.version,
		PostedAt: done.posted, UploadMS: p.uploadMS,
	})
	return true
}

// poll asks the other side until the replica is there, the origin says that it
// never will be, the limit is reached, or the context ends.
func (p *measurement) poll(ctx context.Context) {
	r := p.run
	known := series{p.cell.direction, p.cell.size}
	schedule := polling{polls: r.cfg.Pace.polls(), rtt: r.rtt[p.to.name]}
	origin := newOriginWatch(p)
	for next := schedule.first(); ; {
		next = min(next, r.cfg.Limit)
		if sleep(ctx, time.Until(p.upload.posted.Add(next))) != nil || r.heads.wait(ctx) != nil {
			p.stop(Interrupted, "stopped before the replica was seen")
			return
		}
		got := r.head(ctx, p.to, p.key, p.upload.version, headTimeout)
		p.heads++
		v, reason := judge(got, p.upload.object)
		sent := got.sent.Sub(p.upload.posted)
		switch v {
		case hit:
			p.hitAt = got.answered
			p.outcome = Replicated
			return
		case miss:
			p.lastMiss = got.sent
		case unknown:
			p.unknowns++
			p.doubt(ctx, got, reason)
		}
		if ctx.Err() != nil {
			continue // the next wait ends the probe
		}
		if final, word := origin.look(ctx, sent, r.memory.outlook(known)); final {
			p.stop(Failed, word)
			return
		}
		if sent >= r.cfg.Limit {
			p.stop(GaveUp, fmt.Sprintf("not on side %s after %v; %s", p.to.name, r.cfg.Limit, origin.last(ctx)))
			return
		}
		next = schedule.next(sent, p.heads, r.memory.outlook(known), 2*rand.Float64()-1, v == unknown && throttled(got.err))
	}
}

// doubt records a poll that proved nothing.
func (p *measurement) doubt(ctx context.Context, got answer, reason string) {
	if got.err != nil {
		p.run.explain(ctx, p.to, p.key, got.err)
		return
	}
	p.detail = "side " + string(p.to.name) + " " + reason
	p.run.notice(Warning, p.to.name, "Side "+string(p.to.name)+" "+reason+".")
}

func (p *measurement) stop(outcome Outcome, detail string) {
	p.outcome = outcome
	if p.detail != "" {
		detail += "; " + p.detail
	}
	p.detail = detail
}

// lower is the bracket's lower end: the replica was not there by then.
func (p *measurement) lower() time.Duration {
	if p.lastMiss.IsZero() {
		return 0
	}
	return max(0, p.lastMiss.Sub(p.upload.posted))
}

func (p *measurement) midpoint() time.Duration {
	return (p.lower() + p.hitAt.Sub(p.upload.posted)) / 2
}

// sample is the probe's result.
func (p *measurement) sample() Sample {
	p.jumped = p.run.clock.jumpedSince(p.started)
	lower := milliseconds(p.lower())
	s := Sample{
		Direction: p.cell.direction, SizeBytes: p.cell.size, Key: p.key, VersionID: p.upload.version,
		Round: p.cell.round, PostedAt: p.upload.posted, DurationMS: lower,
		BracketMS: [2]float64{lower, lower}, CommitBracketMS: [2]float64{lower, lower},
		HEADs: p.heads, Unknowns: p.unknowns, UploadMS: p.uploadMS,
		LateMS:  milliseconds(max(0, p.started.Sub(p.planned))),
		Outcome: p.outcome, Detail: p.detail,
	}
	if p.outcome == Replicated {
		s.DurationMS = milliseconds(p.midpoint())
		s.BracketMS[1] = milliseconds(p.hitAt.Sub(p.upload.posted))
		s.CommitBracketMS[1] = milliseconds(p.hitAt.Sub(p.upload.committing))
		s.LeftCensored = p.lastMiss.IsZero()
	}
	if p.jumped {
		s.Outcome = Suspended
		s.Detail = "this computer slept, or its clock was set, while the object was on its way"
	}
	return s
}
