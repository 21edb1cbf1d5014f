package probe

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// Found by the last poll, of which the answer comes after the limit: a middle
// beyond the limit would lie behind all that gave up.
func TestNoPointLiesBeyondTheLimitOrThePollThatFoundIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const limit = 2 * time.Second
		draw := rand.New(rand.NewPCG(3, 1))
		w := newWorld(0)
		w.delay = func(string) time.Duration {
			return limit + time.Duration((draw.Float64()-.5)*float64(300*time.Millisecond))
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Limit, cfg.Every = 60, limit, time.Second
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		late, gaveUp := 0, 0
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome == GaveUp {
				gaveUp++
			}
			if s.Outcome != Replicated {
				continue
			}
			if s.BracketMS[0]+s.BracketMS[1] > 2*milliseconds(limit) {
				late++
			}
			if s.DurationMS > milliseconds(limit) || s.CorrectedMS > milliseconds(limit) {
				t.Errorf("%v ms, corrected %v ms: beyond the limit of %v", s.DurationMS, s.CorrectedMS, limit)
			}
			if s.DurationMS < s.BracketMS[0] || s.DurationMS > s.BracketMS[1] {
				t.Errorf("%v ms lies outside of its bracket %v", s.DurationMS, s.BracketMS)
			}
		}
		if late < 3 || gaveUp < 3 {
			t.Errorf("%d brackets with a middle beyond the limit and %d that gave up: want some of either", late, gaveUp)
		}
	})
}

func TestThePointOfAnArrivalIsNoLaterThanThePollThatFoundIt(t *testing.T) {
	posted := time.Now()
	p := &probing{run: &run{cfg: Config{Limit: time.Minute}}, upload: upload{posted: posted, committing: posted}}
	for name, c := range map[string]struct {
		missed, sent, answered time.Duration
		held                   bool
		want                   time.Duration
	}{
		"in the middle":                 {4 * time.Second, 5 * time.Second, 5200 * time.Millisecond, false, 4600 * time.Millisecond},
		"a slow answer":                 {4 * time.Second, 4100 * time.Millisecond, 4900 * time.Millisecond, false, 4100 * time.Millisecond},
		"the last poll":                 {59900 * time.Millisecond, time.Minute + time.Millisecond, time.Minute + 200*time.Millisecond, false, time.Minute},
		"held":                          {4 * time.Second, 5 * time.Second, 9 * time.Second, true, 9 * time.Second},
		"held until after the limit":    {4 * time.Second, 59 * time.Second, 65 * time.Second, true, time.Minute},
		"found by the first poll, held": {0, 2 * time.Second, 9 * time.Second, true, 9 * time.Second},
	} {
		p.lastMiss = time.Time{}
		if c.missed > 0 {
			p.lastMiss = posted.Add(c.missed)
		}
		p.hitSent, p.hitAt, p.held = posted.Add(c.sent), posted.Add(c.answered), c.held
		if got := p.point(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
