package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestClopperPearsonMatchesPublishedAndSummedUpIntervals(t *testing.T) {
	for _, c := range []struct {
		least, most, n, lower, upper float64
	}{
		{71, 71, 72, .925033, .999648},
		{72, 72, 72, .950055, 1}, // .025^(1/72)
		{0, 0, 10, 0, .308497},   // 1 - .025^(1/10), as in most tables
		{8, 8, 10, .443905, .974789},
		{2, 5, 10, .025211, .812914}, // the ends of 2 and of 5 of 10
		{499, 499, 500, .988907, .999949},
	} {
		lower, upper := clopperPearson(c.least, c.most, c.n)
		if math.Abs(lower-c.lower) > 1e-5 || math.Abs(upper-c.upper) > 1e-5 {
			t.Errorf("%v to %v of %v: %.6f to %.6f, want %.6f to %.6f", c.least, c.most, c.n, lower, upper, c.lower, c.upper)
		}
	}
	// The ends' definition, with the binomial summed up.
	for n := 1; n <= 40; n += 3 {
		for k := 0; k <= n; k++ {
			lower, upper := clopperPearson(float64(k), float64(k), float64(n))
			var atLeast, atMost float64
			for i := 0; i <= n; i++ {
				if i >= k && k > 0 {
					atLeast += binomial(n, i, lower)
				}
				if i <= k && k < n {
					atMost += binomial(n, i, upper)
				}
			}
			if k > 0 && math.Abs(atLeast-.025) > 1e-6 || k < n && math.Abs(atMost-.025) > 1e-6 {
				t.Fatalf("%d of %d: tails of %v and %v", k, n, atLeast, atMost)
			}
		}
	}
}

func TestTheExactIntervalCoversUnderDependenceWhereItIsToldOfIt(t *testing.T) {
	// Delays in pairs that always agree: as many as half of them.
	r := rand.New(rand.NewPCG(3, 3))
	covered := [2]int{}
	const runs, pairs, share = 4000, 36, .9
	for range runs {
		met := 0.0
		for range pairs {
			if r.Float64() < share {
				met += 2
			}
		}
		for i, inflation := range []float64{1, 2} {
			if lower, upper := clopperPearson(met/inflation, met/inflation, 2*pairs/inflation); lower <= share && share <= upper {
				covered[i]++
			}
		}
	}
	if alone, told := float64(covered[0])/runs, float64(covered[1])/runs; told < .95 || alone > .93 {
		t.Errorf("it covers %.3f, and %.3f where it is told of the dependence", alone, told)
	}
}

// against holds samples against a target of a minute.
func against(samples ...probe.Sample) Within {
	c := NewCollector()
	for _, s := range samples {
		s.SizeBytes = 1
		c.Add(s)
	}
	return c.Within(pair.AtoB, time.Minute)
}

func TestATargetIsMetMissedOrNotKnown(t *testing.T) {
	arrived := func(low, high float64) probe.Sample {
		return probe.Sample{Outcome: probe.Replicated, DurationMS: (low + high) / 2, BracketMS: [2]float64{low, high}}
	}
	ended := func(outcome probe.Outcome, ms float64) probe.Sample {
		return probe.Sample{Outcome: outcome, DurationMS: ms, BracketMS: [2]float64{ms, ms}}
	}
	for name, c := range map[string]struct {
		of   probe.Sample
		want [3]int // met, missed, unknown
	}{
		"before it":               {arrived(50_000, 59_999), [3]int{1, 0, 0}},
		"just in time":            {arrived(50_000, 60_000), [3]int{1, 0, 0}},
		"it lies in the bracket":  {arrived(59_000, 60_001), [3]int{0, 0, 1}},
		"after it":                {arrived(60_000, 61_000), [3]int{0, 1, 0}},
		"at the first poll":       {arrived(0, 70_000), [3]int{0, 0, 1}},
		"given up after it":       {ended(probe.GaveUp, 60_000), [3]int{0, 1, 0}},
		"given up before it":      {ended(probe.GaveUp, 59_000), [3]int{0, 0, 1}},
		"interrupted after it":    {ended(probe.Interrupted, 61_000), [3]int{0, 1, 0}},
		"interrupted before it":   {ended(probe.Interrupted, 3000), [3]int{0, 0, 1}},
		"never looked for":        {ended(probe.Interrupted, 0), [3]int{}},
		"failed after its upload": {probe.Sample{Outcome: probe.Failed, VersionID: "v"}, [3]int{0, 1, 0}},
		"a failed upload":         {probe.Sample{Outcome: probe.Failed}, [3]int{}},
		"asleep":                  {ended(probe.Suspended, 70_000), [3]int{}},
	} {
		if w := against(c.of); [3]int{w.Met, w.Missed, w.Unknown} != c.want || w.N != w.Met+w.Missed+w.Unknown {
			t.Errorf("%s: %+v, want %v", name, w, c.want)
		}
	}
}

func TestATargetIsSaidWithItsBoundsAndItsProof(t *testing.T) {
	var samples []probe.Sample
	for range 71 {
		samples = append(samples, probe.Sample{Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	}
	late := probe.Sample{Outcome: probe.GaveUp, DurationMS: 60_500, BracketMS: [2]float64{60_500, 60_500}}
	if got, want := against(append(samples, late)...).Sentence(), "A → B: 71 of 72 within 1 min: 98.6 % (95 %: 92.5 to 99.96 %). 2,995 without a miss would show 99.9 % (95 %, one-sided), if misses don't come in bursts."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	early := probe.Sample{Outcome: probe.Interrupted, DurationMS: 500, BracketMS: [2]float64{500, 500}}
	if got, want := against(append(samples, early)...).Sentence(), "A → B: 71 of 72 within 1 min, of 1 it is not known: 98.6 to 100 % (95 %: 92.5 to 100 %). 2,995 without a miss would show 99.9 % (95 %, one-sided), if misses don't come in bursts."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := against().Sentence(), "A → B: nothing that could be held against a target of 1 min."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for n, want := range map[int]string{
		2994: "A → B: 2,994 of 2,994 within 15 min: 100 % (95 %: 99.9 to 100 %). 2,995 without a miss would show 99.9 % (95 %, one-sided), if misses don't come in bursts.",
		2995: "A → B: 2,995 of 2,995 within 15 min: 100 % (95 %: 99.9 to 100 %). That shows 99.9 % or more (95 %, one-sided), if misses don't come in bursts.",
	} {
		c := NewCollector()
		for range n {
			c.Add(probe.Sample{SizeBytes: 1, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
		}
		if got := c.Within(pair.AtoB, RTC).Sentence(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhatIsInFlightMayStillMeetATargetUntilItIsOver(t *testing.T) {
	c := NewCollector()
	c.Add(probe.Sample{SizeBytes: 1, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	flights := []InFlight{{SizeBytes: 1, LongerThan: time.Second}, {SizeBytes: 1, LongerThan: time.Minute}, {SizeBytes: 1}}
	if w := c.Underway(flights).Within(pair.AtoB, time.Minute); w.Met != 1 || w.Missed != 1 || w.Unknown != 2 {
		t.Errorf("%+v", w)
	}
}

func TestWithinEventsAreOfDirectionsThenSizes(t *testing.T) {
	c := NewCollector()
	for _, size := range []int64{1, 2} {
		c.Add(probe.Sample{SizeBytes: size, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	}
	var got []string
	for _, e := range c.WithinEvents(RTC) {
		got = append(got, strings.SplitN(e.Sentence, ":", 2)[0])
	}
	if want := "A → B,B → A,A → B 1 B,A → B 2 B"; strings.Join(got, ",") != want {
		t.Errorf("%q, want %q", got, want)
	}
	if c.WithinEvents(0) != nil {
		t.Error("events without a target")
	}
}

func TestOfTooFewBurstsNothingIsSaidOfATarget(t *testing.T) {
	c := NewCollector()
	for i := range 12 { // the last three in a row are late
		s := replicated(pair.AtoB, 1024, 3000)
		if s.SinceStartMS = 1000 * float64(i+1); i >= 9 {
			s.DurationMS, s.BracketMS = 30000, [2]float64{29500, 30500}
		}
		c.Add(s)
	}
	if w := c.Within(pair.AtoB, 15*time.Second); w.Met != 9 || w.N != 12 || w.Lower != 0 || w.Upper != 1 || w.AtLeast != 0 {
		t.Errorf("%+v", w)
	}
}
