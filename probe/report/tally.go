package report

import (
	"time"

	"bothways/probe"
)

// tally is what a report says of all samples and loop checks beside their
// statistics.
type tally struct {
	samples                                int
	heads, unknowns, throttled             int // polls
	failed, suspended, unseen, interrupted int
	held, unconfirmed, late                int
	began                                  time.Time // by the wall clock, see Began
	reasons                                []reason  // why probes did not replicate, in the order in which they came up
	reasonAt                               map[string]int
	checked, stayed                        int // loop checks
	contents                               map[probe.Content]int
	astray                                 []probe.LoopEvent // those that did not stay
}

func newTally() *tally {
	return &tally{reasonAt: map[string]int{}, contents: map[probe.Content]int{}}
}

// tally counts what the run has.
func (run *Run) tally() *tally {
	if run.far != nil {
		return run.far.total
	}
	t := newTally()
	t.begin(run)
	for _, s := range run.Samples {
		t.sample(s)
	}
	for _, l := range run.Loops {
		t.loop(l)
	}
	return t
}

// begin takes what is known before the first sample.
func (t *tally) begin(run *Run) {
	if t.began.IsZero() {
		t.began = run.started()
	}
}

// beganBy is a run's beginning as far as it is known, the sample included: see
// Began.
func beganBy(known time.Time, s probe.Sample) time.Time {
	if known.IsZero() || s.SinceStartMS == 0 && s.PostedAt.Before(known) {
		return s.PostedAt
	}
	return known
}

func (t *tally) sample(s probe.Sample) {
	t.samples++
	t.heads, t.unknowns, t.throttled = t.heads+s.HEADs, t.unknowns+s.Unknowns, t.throttled+s.Throttled
	for _, count := range []struct {
		holds bool
		n     *int
	}{
		{s.Outcome == probe.Failed, &t.failed},
		{s.Outcome == probe.Suspended, &t.suspended},
		{s.Outcome == probe.Interrupted, &t.interrupted},
		{s.Outcome.Censored() && !(s.DurationMS > 0), &t.unseen},
		{s.Held, &t.held},
		{s.Unconfirmed, &t.unconfirmed},
		{s.Late, &t.late},
	} {
		if count.holds {
			*count.n++
		}
	}
	t.began = beganBy(t.began, s)
	if s.Outcome != probe.Replicated && s.Detail != "" {
		t.reason(string(s.Outcome)+": "+s.Detail, 1)
	}
}

func (t *tally) reason(text string, n int) {
	at, known := t.reasonAt[text]
	if !known {
		at = len(t.reasons)
		t.reasonAt[text] = at
		t.reasons = append(t.reasons, reason{Text: text})
	}
	t.reasons[at].N += n
}

func (t *tally) loop(l probe.LoopEvent) {
	t.checked++
	t.contents[l.Content]++
	if l.OK {
		t.stayed++
	} else {
		t.astray = append(t.astray, l)
	}
}

// rewritten is the tally with every text in it changed.
func (t *tally) rewritten(change func(string) string) *tally {
	changed := *t
	changed.reasons, changed.reasonAt = nil, map[string]int{}
	for _, r := range t.reasons {
		changed.reason(change(r.Text), r.N)
	}
	changed.contents = map[probe.Content]int{}
	for content, n := range t.contents {
		changed.contents[probe.Content(change(string(content)))] += n
	}
	changed.astray = rewritten(t.astray, change)
	return &changed
}
