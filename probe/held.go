package probe

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"bothways/probe/polling"
	"bothways/probe/wording"
)

// Some stores keep a HEAD waiting while the object that it asks for is being
// written, and answer when that is whole: MinIO's PutObject holds the object's
// lock, for which its HeadObject waits (MinIO, cmd/erasure-object.go). A poll
// that goes out early then brings a bracket as long as the delay, with the
// arrival at its very end. So a hit whose answer took far longer than answers do
// is a held answer, and its sample stands at the answer's end.
//
// That is what a poller that asks all the time would read too: its first hit is
// the same answer. It is an upper end and not more: one slow answer may as well
// have been held up on its way, which only a store that does it again and again
// makes unlikely. The bracket stays what was proved: (last miss sent, first hit
// received].
const (
	// An answer is held that took more than heldTimes what this side's misses
	// take, more than heldLeast, and more than heldShare of the time since the
	// upload: below that the bracket's middle is as good.
	heldTimes = 5
	heldLeast = 50 * time.Millisecond
	heldShare = 0.1

	// heldMiss is from when on a miss was held as well, if it took more than
	// heldTimes what they take: such a store answers some time that nothing is there.
	heldMiss = time.Second

	answersKept = 32 // misses of a side of which is known how long they took
)

// answering is how long a side takes to answer.
type answering struct {
	mu     sync.Mutex
	misses []time.Duration // the last ones, in a ring
	next   int
	holds  bool // an answer was held
}

// missed notes how long the answer to a miss took, on a side with this round
// trip, unless it was held: that says nothing of how long answers usually take.
func (a *answering) missed(took, rtt time.Duration) {
	if took > heldMiss && took > heldTimes*a.usual(rtt) {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.misses) < answersKept {
		a.misses = append(a.misses, took)
		return
	}
	a.misses[a.next] = took
	a.next = (a.next + 1) % answersKept
}

// usual is how long an answer takes in the middle, and a round trip at least.
func (a *answering) usual(rtt time.Duration) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.misses) == 0 {
		return rtt
	}
	took := slices.Sorted(slices.Values(a.misses))
	return max(rtt, took[len(took)/2])
}

// hold says whether the side had held an answer before, and that it does now.
func (a *answering) hold(now bool) (before bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before = a.holds
	a.holds = a.holds || now
	return before
}

// silent notes a poll that was not answered at all, as when a store holds its
// answer for longer than anybody waits for it.
func (p *probing) silent(got answer) {
	if got.tried && got.answered.IsZero() {
		p.unanswered += time.Since(got.sent)
	}
}

// judgeHeld says whether the hit was a held answer, and gives notice of the
// side's first. Where a side holds answers, those that never came since the last
// miss were held too.
func (p *probing) judgeHeld(took time.Duration) {
	r := p.run
	side := r.waits[p.to.name]
	usual := side.usual(r.rtt[p.to.name])
	since := p.hitAt.Sub(p.upload.posted)
	long := func(d time.Duration) bool {
		return d > max(heldTimes*usual, heldLeast) && float64(d) > heldShare*float64(since)
	}
	p.held = long(took)
	before := side.hold(p.held)
	p.held = p.held || before && long(p.unanswered+took)
	if p.held && !before {
		r.notice(Info, p.to.name, fmt.Sprintf(
			"Side %s answered only after %s that an object is there; usually it takes %s. A store that keeps a HEAD waiting until the object is whole does that. "+
				"Such an answer is held: its sample is quoted as at most its end, and stands there where the directions are compared; a link to file size is judged without it.",
			p.to.name, wording.Duration(took), wording.Duration(usual)))
	}
}

// learned is the bracket that the polls of later probes go by: of a held answer
// its last moments, as that is when there was something to see.
func (p *probing) learned() polling.Bracket {
	b := polling.Bracket{Low: p.lower(), High: p.upper()}
	if p.held {
		r := p.run
		b.Low = max(b.Low, b.High-r.waits[p.to.name].usual(r.rtt[p.to.name]))
	}
	return b
}
