//go:build !race

// Simulations in one goroutine: the race detector finds nothing in them and makes
// them ten times as slow.

package polling

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/pair"
)

// The limits are the project's targets for polling, from the sixth result of a
// series on: HEADs a sample, mean and 95th percentile of the relative error,
// every bracket containing the truth, and efficiency against the bound.
func TestPollingHoldsItsTargetsAtEveryScaleOfDelay(t *testing.T) {
	for _, l := range listedLaws() {
		for _, rtt := range roundTrips() {
			t.Run(fmt.Sprintf("%s_rtt_%v", l.name, rtt), func(t *testing.T) {
				t.Parallel()
				runs := 200
				if l.name == "heavy tail" { // its rare results make most of the error
					runs = 500
				}
				got := simulated(l, rtt, learning(Normal), runs)
				limits := goals{heads: 15, mean: .03, p95: .08, efficiency: .78}
				switch {
				case l.name == "bimodal":
					limits.heads, limits.efficiency = 19, .68
				case l.name == "heavy tail":
					limits.heads, limits.efficiency = 16, .73
				case l.name == "lognormal 1.5 s" && rtt == .2: // bound by the round trip
					limits.mean, limits.p95, limits.efficiency = .05, .11, 0
				case l.name == "lognormal 1.5 s":
					limits.efficiency = .76
				}
				limits.check(t, got, l)
			})
		}
	}
}

// No law that the schedule was not made for may make it poll without end, miss
// the truth or lose the scale.
func TestPollingStaysWithinBoundsForLawsThatItWasNotMadeFor(t *testing.T) {
	for _, l := range otherLaws() {
		for _, rtt := range roundTrips() {
			t.Run(fmt.Sprintf("%s_rtt_%v", l.name, rtt), func(t *testing.T) {
				t.Parallel()
				got := simulated(l, rtt, learning(Normal), 15)
				limits := goals{heads: cmp.Or(l.heads, 20), mean: math.Inf(1), p95: cmp.Or(l.p95, .12)}
				if l.fast && rtt > .1 {
					limits.p95 = math.Inf(1) // shorter than a few round trips: only the bracket is claimed
				}
				limits.check(t, got, l)
			})
		}
	}
}

// Where a round trip takes next to nothing, the shortest gap alone bounds how
// densely a side is polled: a longer one shows in the error, a shorter one in
// the HEADs.
func TestTheShortestGapIsThatOfDelaysOfFiftyMilliseconds(t *testing.T) {
	got := simulated(delays{draw: lognormals([3]float64{1, .05, .4})}, .001, learning(Normal), 100)
	if heads, mean := got.headsASample(), got.meanError(); heads < 5.6 || heads > 6.5 || mean < .048 || mean > .06 {
		t.Errorf("%.2f HEADs a sample, mean error %.2f %%: want 5.6 to 6.5, and 4.8 to 6.0 %%, as minGap gives", heads, 100*mean)
	}
}

// goals are the most of a score, and its least efficiency.
type goals struct{ heads, mean, p95, efficiency float64 }

func (want goals) check(t *testing.T, got *score, l delays) {
	t.Helper()
	if heads := got.headsASample(); heads > want.heads {
		t.Errorf("%.1f HEADs a sample, want at most %v", heads, want.heads)
	}
	if mean := got.meanError(); mean > want.mean {
		t.Errorf("mean error %.2f %%, want at most %v %%", 100*mean, 100*want.mean)
	}
	if p95 := got.errorAt(.95); p95 > want.p95 {
		t.Errorf("95th percentile of the error %.2f %%, want at most %v %%", 100*p95, 100*want.p95)
	}
	if got.covered != got.samples {
		t.Errorf("%d of %d brackets contain the truth, want all", got.covered, got.samples)
	}
	if want.efficiency > 0 {
		if eff := got.efficiency(l.bound()); eff < want.efficiency {
			t.Errorf("efficiency %.3f, want at least %v", eff, want.efficiency)
		}
	}
}

// What the presets promise on their help line, for the law in the middle of
// the list.
func TestThePacesTradeHEADsForError(t *testing.T) {
	l := listedLaws()[1]
	for pace, want := range map[Pace]struct{ heads, mean [2]float64 }{
		Courteous: {[2]float64{6, 8}, [2]float64{.05, .07}},
		Normal:    {[2]float64{13, 15}, [2]float64{.022, .03}},
		Fine:      {[2]float64{20, 26}, [2]float64{.012, .02}},
	} {
		got := simulated(l, .03, learning(pace), 60)
		if heads := got.headsASample(); heads < want.heads[0] || heads > want.heads[1] {
			t.Errorf("%s: %.1f HEADs a sample, want %v", pace, heads, want.heads)
		}
		if mean := got.meanError(); mean < want.mean[0] || mean > want.mean[1] {
			t.Errorf("%s: mean error %.2f %%, want %v", pace, 100*mean, want.mean)
		}
	}
}

// The bounds were also computed by hand from the laws' densities.
func TestBoundsOfTheListedLawsAgreeWithTheirIntegrals(t *testing.T) {
	want := map[string]float64{"lognormal 4 s": 3.89, "lognormal 9.3 s": 9.03, "lognormal 40 s": 38.9, "bimodal": 4.88, "heavy tail": 5.19}
	for _, l := range listedLaws() {
		if exact := want[l.name]; exact > 0 {
			if got := l.bound(); math.Abs(got/exact-1) > .02 {
				t.Errorf("%s: %.2f s, want %.2f s", l.name, got, exact)
			}
		}
	}
}

// An origin is only a second opinion: nothing known makes it ask all the time,
// and a side that asked for fewer requests is asked half as often.
func TestAnOriginIsAskedRarelyAtAnyAge(t *testing.T) {
	o := Normal.Origin(30 * time.Millisecond)
	for _, c := range []struct {
		name      string
		got, want time.Duration
	}{
		{"first", o.First(Outlook{}, 1), 250 * time.Millisecond},
		{"young", o.Next(250*time.Millisecond, 1, Outlook{}, 1, false), 750 * time.Millisecond},
		{"old", o.Next(10*time.Second, 9, Outlook{}, 1, false), 15 * time.Second},
		{"very old", o.Next(10*time.Minute, 30, Outlook{}, 1, false), 10*time.Minute + 30*time.Second},
		{"very old and slow", o.Next(10*time.Minute, 30, Outlook{}, 1, true), 11 * time.Minute},
		{"replica seen", o.Completing(10*time.Second, false), 11500 * time.Millisecond},
		{"replica seen long ago", o.Completing(10*time.Minute, false), 10*time.Minute + 5*time.Second},
		{"replica seen, slow", o.Completing(10*time.Second, true), 13 * time.Second},
	} {
		if c.got != c.want {
			t.Errorf("%s: the next look is at %v, want %v", c.name, c.got, c.want)
		}
	}
}

func TestTheFirstPollGoesOutAtOnceWhileNothingIsKnown(t *testing.T) {
	plan := Polls{Spacing: 1, RTT: 30 * time.Millisecond}
	if got := plan.First(Outlook{}, 1); got != plan.RTT {
		t.Errorf("first poll at %v, want %v", got, plan.RTT)
	}
}

func TestAKnownSeriesIsPolledWhereItsResultsLie(t *testing.T) {
	var w window
	r := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		d := seconds(10 * math.Exp(.1*r.NormFloat64()))
		w.add(Bracket{d - d/50, d + d/50})
	}
	plan := Polls{Spacing: 1, RTT: 30 * time.Millisecond}
	early, inside, polls := 0, 0, 0
	for at := plan.First(w.outlook(), 0); at < 14*time.Second; at = plan.Next(at, polls, w.outlook(), 0, false) {
		polls++
		switch {
		case at < 7*time.Second:
			early++
		case at > 8*time.Second && at < 12*time.Second:
			inside++
		}
	}
	if early < 1 || early > 4 || inside < 8 {
		t.Errorf("%d polls before 7 s and %d from 8 to 12 s: want few, and most there", early, inside)
	}
}

func TestAfterAnArrivalAtTheFirstPollTheNextProbesAskEarlier(t *testing.T) {
	var w window
	for i := range 20 {
		d := time.Duration(35+i) * time.Second
		w.add(Bracket{d - d/50, d + d/50})
	}
	plan := Polls{Spacing: 1, RTT: 30 * time.Millisecond}
	before := plan.First(w.outlook(), 0)
	w.add(Bracket{0, before})
	if after := plan.First(w.outlook(), 0); after > before/2 {
		t.Errorf("the next first poll is at %v, after an arrival before %v", after, before)
	}
}

func TestASeriesForgetsWhatWasBeforeItsDelaysChanged(t *testing.T) {
	var w window
	r := rand.New(rand.NewPCG(2, 1))
	add := func(n int, middle float64) {
		for range n {
			d := seconds(middle * math.Exp(.3*r.NormFloat64()))
			w.add(Bracket{d, d})
		}
	}
	add(20, 4)
	w.outlook()
	if len(w.results) != 20 {
		t.Fatalf("%d results, want 20", len(w.results))
	}
	add(5, 40)
	if got := w.outlook().median; len(w.results) != 5 || got < 20*time.Second {
		t.Errorf("%d results with the median %v, want the last five alone", len(w.results), got)
	}
}

func TestAnUnchangedSeriesIsHardlyEverForgotten(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	forgot, results := 0, 0
	for range 300 {
		var w window
		for range 40 {
			d := seconds(4 * math.Exp(.6*r.NormFloat64()))
			w.add(Bracket{d, d})
			results++
			before := len(w.results)
			if w.forget(); len(w.results) < before {
				forgot++
			}
		}
	}
	if share := float64(forgot) / float64(results); share > .005 {
		t.Errorf("%d of %d results made the series forget, want 0.5 %% at most", forgot, results)
	}
}

// With hundreds of results a second each plan is another one. A probe that went
// by the newest at every poll would ask less often than any of them.
func TestAProbeKeepsThePlanThatItBeganWith(t *testing.T) {
	m, now := NewMemory(), time.Unix(0, 0)
	r := rand.New(rand.NewPCG(5, 1))
	one := Series{pair.AtoB, 1024}
	add := func(n int) {
		for range n {
			d := seconds(9 * math.Exp(.6*r.NormFloat64()))
			m.Add(one, Bracket{d, d})
		}
	}
	known := m.Outlook(one, now)
	if known = m.Renew(one, known, now); known.Warm {
		t.Fatal("something is known without a result")
	}
	add(WarmResults)
	if known = m.Renew(one, known, now); !known.Warm {
		t.Fatal("a probe that began while nothing was known never learns")
	}
	early := known
	add(windowResults)
	now = now.Add(learnGap)
	whole := m.Renew(one, early, now)
	if whole.curve == early.curve {
		t.Fatal("a plan of few results is kept")
	}
	add(windowResults)
	now = now.Add(learnGap)
	if m.Renew(one, whole, now).curve != whole.curve {
		t.Error("a plan of a whole window is given up in flight")
	}
}

func BenchmarkLearning(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 1))
	results := make([]Bracket, windowResults)
	for i := range results {
		d := seconds(4 * math.Exp(.6*r.NormFloat64()))
		results[i] = Bracket{d - d/50, d + d/50}
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = learn(results)
	}
}
