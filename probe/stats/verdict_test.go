package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func replicated(d pair.Direction, size int64, ms float64) probe.Sample {
	return probe.Sample{Direction: d, SizeBytes: size, DurationMS: ms, BracketMS: [2]float64{ms * 0.97, ms * 1.03}, HEADs: 14, Outcome: probe.Replicated}
}

func TestMannWhitneyRanksMatchTheTables(t *testing.T) {
	// Critical values of U, two-sided 5 %, as printed in textbooks (such as
	// Siegel, Nonparametric Statistics, table K); the rank is one more.
	for _, c := range []struct{ n, m, critical int }{
		{4, 4, 0},
		{5, 5, 2},
		{6, 6, 5},
		{7, 7, 8},
		{8, 8, 13},
		{9, 9, 17},
		{10, 10, 23},
		{12, 12, 37},
		{15, 15, 64},
		{20, 20, 127},
		{5, 9, 7},
		{6, 13, 16},
		{8, 16, 31},
	} {
		if got := mannWhitneyRank(c.n, c.m, z975) - 1; got != c.critical {
			t.Errorf("n = %d, m = %d: U %d, want %d", c.n, c.m, got, c.critical)
		}
	}
}

func TestNormalMannWhitneyRankMeetsTheExactOne(t *testing.T) {
	n := exactMannWhitney
	exact := mannWhitneyRank(n, n, z975)
	mean, spread := float64(n*n)/2, math.Sqrt(float64(n*n)*float64(2*n+1)/12)
	if normal := int(mean - z975*spread + 0.5); max(normal-exact, exact-normal) > 1 {
		t.Errorf("exact %d, normal %d", exact, normal)
	}
}

func TestRatioIsTheMedianOfAllRatios(t *testing.T) {
	c := NewCollector()
	a, b := []float64{1000, 2000, 4000, 5000, 9000}, []float64{3000, 7000, 8000, 11000}
	var ratios []float64
	for _, x := range a {
		c.Add(replicated(pair.AtoB, 1024, x))
		for _, y := range b {
			ratios = append(ratios, y/x)
		}
	}
	for _, y := range b {
		c.Add(replicated(pair.BtoA, 1024, y))
	}
	slices.Sort(ratios)
	v := c.CompareDirections(Once)
	// n = 5 and 4: P(U <= 1) = 2/126 = 1.6 %, P(U <= 2) = 4/126 = 3.2 %, so
	// the interval runs from the 2nd to the 19th of the 20 ratios.
	for name, pair := range map[string][2]float64{
		"ratio": {v.Ratio, math.Sqrt(ratios[9] * ratios[10])},
		"lower": {v.Lower, ratios[1]},
		"upper": {v.Upper, ratios[18]},
	} {
		if math.Abs(pair[0]/pair[1]-1) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestThinnedComparisonAgreesWithAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const n = 3000
	c := NewCollector()
	var x, y []float64
	for range n {
		a, b := 4000*math.Exp(0.6*r.NormFloat64()), 5000*math.Exp(0.6*r.NormFloat64())
		x, y = append(x, math.Log(a)), append(y, math.Log(b))
		c.Add(replicated(pair.AtoB, 1024, a))
		c.Add(replicated(pair.BtoA, 1024, b))
	}
	slices.Sort(x)
	slices.Sort(y)
	// ranked is the k-th smallest of all y-x.
	ranked := func(k int) float64 {
		low, high := -10.0, 10.0
		for range 60 {
			middle, count, below := (low+high)/2, 0, 0
			for _, a := range x {
				for below < n && y[below]-a <= middle {
					below++
				}
				count += below
			}
			if count >= k {
				high = middle
			} else {
				low = middle
			}
		}
		return high
	}
	rank := mannWhitneyRank(n, n, z975)
	v := c.CompareDirections(Once)
	for name, got := range map[string][2]float64{
		"ratio": {v.Ratio, math.Exp(ranked(n * n / 2))},
		"lower": {v.Lower, math.Exp(ranked(rank))},
		"upper": {v.Upper, math.Exp(ranked(n*n + 1 - rank))},
	} {
		if math.Abs(got[0]-got[1]) > 0.003 { // the interval is 0.075 wide
			t.Errorf("%s: thinned %v, all pairs %v", name, got[0], got[1])
		}
	}
}

func TestDirectionIntervalCoversTheTrueRatio(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	const runs = 1000
	covered, false1 := 0, 0
	for range runs {
		c, same := NewCollector(), NewCollector()
		for range 12 {
			a, b := 4000*math.Exp(0.6*r.NormFloat64()), 4000*math.Exp(0.6*r.NormFloat64())
			c.Add(replicated(pair.AtoB, 1024, a))
			c.Add(replicated(pair.BtoA, 1024, 2.36*b))
			same.Add(replicated(pair.AtoB, 1024, a))
			same.Add(replicated(pair.BtoA, 1024, b))
		}
		if v := c.CompareDirections(Once); v.Lower <= 2.36 && 2.36 <= v.Upper {
			covered++
		}
		if same.CompareDirections(Once).Shown {
			false1++
		}
	}
	if share := float64(covered) / runs; share < 0.94 {
		t.Errorf("covered %.3f, want 0.95", share)
	}
	if share := float64(false1) / runs; share > 0.06 {
		t.Errorf("a difference shown in %.3f of the runs without one, want 0.05", share)
	}
}

func TestDirectionSentencesSayOnlyWhatIsShown(t *testing.T) {
	spread := []float64{0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3}
	build := func(factor float64, n, gaveUpB int) *Collector {
		c := NewCollector()
		for i := range n {
			c.Add(replicated(pair.AtoB, 1024, 4000*spread[i]))
			b := replicated(pair.BtoA, 1024, 4000*factor*spread[i])
			if i >= n-gaveUpB {
				b.Outcome, b.DurationMS = probe.GaveUp, 900000
			}
			c.Add(b)
		}
		return c
	}
	brokenOff := build(2.3, 4, 0)
	brokenOff.directions[pair.AtoB] = group{}
	delete(brokenOff.cells, cellKey{pair.AtoB, 1024})
	for i, ms := range []float64{4000, 4100, 4200, 1} {
		sample := replicated(pair.AtoB, 1024, ms)
		if i == 3 {
			sample.Outcome = probe.Interrupted
		}
		brokenOff.Add(sample)
	}
	quitEarly := build(1, 7, 0)
	quitEarly.directions[pair.BtoA] = group{}
	delete(quitEarly.cells, cellKey{pair.BtoA, 1024})
	for i := range 7 {
		sample := replicated(pair.BtoA, 1024, 1000*float64(i+1))
		if i > 0 {
			sample.Outcome = probe.Interrupted
		}
		quitEarly.Add(sample)
	}
	for _, c := range []struct {
		name string
		from *Collector
		want string
	}{
		{"too few", build(2.3, 3, 0), "Too few samples for a comparison (n = 3 each; from 4 each)."},
		{"too few that count", brokenOff, "Too few samples for a comparison (3 A → B and 4 B → A count, of n = 4 each; from 4 each)."},
		{"slower back", build(2.3, 7, 0), "B → A takes 2.3 times as long as A → B (95 %: 1.7 to 3.1, n = 7 each)."},
		{"faster back", build(1/2.3, 7, 0), "A → B takes 2.3 times as long as B → A (95 %: 1.7 to 3.1, n = 7 each)."},
		{"nothing shown", build(1, 7, 0), "No difference between the directions shown: B → A takes an estimated 1.0 times as long as A → B (95 %: 0.8 to 1.3, n = 7 each)."},
		{"broken off early", quitEarly, "Too few arrivals were seen for a comparison (n = 7 each, of which 7 A → B and 1 B → A arrived)."},
		{"most gave up", build(2.3, 7, 5), "B → A takes longer than A → B, by how much is not known: too many gave up (95 %: at least 1.8 times as long, n = 7 each, of which 7 A → B and 2 B → A arrived)."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.from.CompareDirections(Once).Sentence; got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatWouldHaveBeenShownIsSaidOfEnoughSamplesOnly(t *testing.T) {
	few, enough := interleavedExactly(fewestForPower-1), interleavedExactly(fewestForPower)
	lines := func(c *Collector) map[string]VerdictEvent {
		return map[string]VerdictEvent{
			"directions": c.CompareDirections(Once).Event(), "runs": CompareRuns(c, c, pair.AtoB, Once).Event(), "sizes": c.CompareSizes(Once).Event(),
		}
	}
	for about, e := range lines(few) {
		if small := strings.HasSuffix(e.Line(), ". n is too small to say what difference would have been shown."); e.WouldShow != 0 || small == (about == "sizes") {
			t.Errorf("%s of few: %+v", about, e)
		}
	}
	for about, e := range lines(enough) {
		if said := strings.Contains(e.Line(), ". Four of five such comparisons would have shown it if one took "); said == (about == "sizes") || said != (e.WouldShow > 1) || strings.Contains(e.Line(), "too small") {
			t.Errorf("%s of enough: %+v", about, e)
		}
	}
	for _, c := range []*Collector{apart(8), apart(3)} { // shown, and nothing to compare
		if e := c.CompareDirections(Once).Event(); e.Line() != e.Sentence {
			t.Error(e.Line())
		}
	}
}

func TestAVerdictsEventSaysWhatItsRatioIsOf(t *testing.T) {
	c := apart(9)
	for want, v := range map[string]Verdict{
		"BtoA : AtoB": c.CompareDirections(Once), "doubled size : size": c.CompareSizesIn(pair.AtoB, Once), "after : before": CompareRuns(c, c, pair.BtoA, Once),
	} {
		line, err := json.Marshal(v.Event())
		if err != nil || !strings.Contains(string(line), `"ratio_of":"`+want+`","ratio":`) {
			t.Errorf("no %q in %s", want, line)
		}
	}
}

func TestWhatWasSuspendedIsCountedAsLeftOut(t *testing.T) {
	c := interleavedExactly(12)
	asleep := replicated(pair.BtoA, 1<<10, 500000)
	asleep.Outcome = probe.Suspended
	before := c.CompareDirections(Once)
	c.Add(asleep)
	for name, v := range map[string]Verdict{
		"directions": c.CompareDirections(Once), "sizes": c.CompareSizes(Once), "runs": CompareRuns(interleavedExactly(12), c, pair.BtoA, Once),
	} {
		if !v.Enough || !strings.Contains(v.Sentence, "; 1 suspended left out)") {
			t.Errorf("%s: %s", name, v.Sentence)
		}
	}
	if after := c.CompareDirections(Once); after.Ratio != before.Ratio || after.Upper != before.Upper || strings.Contains(before.Sentence, "suspended") {
		t.Errorf("%+v, before %+v", after, before)
	}
}

func TestSameGiveUpsOnBothSidesAreNotADifference(t *testing.T) {
	c := NewCollector()
	for range 20 {
		for _, d := range pair.Directions() {
			s := replicated(d, 1024, 900000)
			s.Outcome = probe.GaveUp
			c.Add(s)
		}
	}
	v := c.CompareDirections(Once)
	if v.Shown || !strings.Contains(v.Sentence, "too many gave up") {
		t.Errorf("shown %v: %s", v.Shown, v.Sentence)
	}
	if e := v.Event(); e.Lower != nil && *e.Lower != 0 || e.Upper != nil {
		t.Errorf("the interval of nothing but give-ups is bounded: %+v", e)
	}
}

func TestRatiosNeverReadAsOneUnlessTheyAre(t *testing.T) {
	for r, want := range map[float64]string{2.3: "2.3", 11.7: "12", 9.96: "10", 0.8: "0.8", 1.03: "1.03", 0.97: "0.97", 1.004: "1.004", 0.05: "0.05", 1: "1.0"} {
		if got := ratioText(r); got != want {
			t.Errorf("ratioText(%v) = %s, want %s", r, got, want)
		}
	}
}

// What decides is not the interval that is quoted, so that one may exclude 1 while
// nothing is shown: then it is not said that there is no difference.
func TestNoDifferenceIsNotSaidBesideAnIntervalThatExcludesOne(t *testing.T) {
	for _, c := range []struct {
		lower, upper float64
		want         string
	}{{1.1, 2, "Not sure whether"}, {0.4, 0.9, "Not sure whether"}, {0.9, 1.2, "No difference"}} {
		v := Verdict{Ratio: math.Sqrt(c.lower * c.upper), Lower: c.lower, Upper: c.upper}
		if got := directionSentence(v, Once, "n = 72 each"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%v to %v: %s", c.lower, c.upper, got)
		}
	}
}
