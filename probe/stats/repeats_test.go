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

// repeated are runs of n samples, lognormal around a level that differs by
// spread from run to run.
func repeated(r *rand.Rand, runs, n int, level, spread float64) (all []*Collector) {
	for range runs {
		c, own := NewCollector(), level*math.Exp(spread*r.NormFloat64())
		for range n {
			ms := own * math.Exp(.6*r.NormFloat64())
			c.Add(probe.Sample{SizeBytes: 1, Outcome: probe.Replicated, DurationMS: ms, BracketMS: [2]float64{ms, ms}})
		}
		all = append(all, c)
	}
	return all
}

func TestRunsThatDifferByThemselvesSeldomPassForAChange(t *testing.T) {
	const runs, n = 400, 30
	for _, c := range []struct {
		before, after int
		spreads       [2]float64
		most          float64
	}{
		{2, 2, [2]float64{.1, .1}, .07},
		{3, 3, [2]float64{.3, .3}, .07},
		{5, 2, [2]float64{.1, .1}, .07},
		{1, 3, [2]float64{.3, .3}, .07},
		{3, 3, [2]float64{.2, .6}, .095},
		{5, 2, [2]float64{.2, .6}, .20},
		{1, 1, [2]float64{}, 0},
	} {
		r, shown := rand.New(rand.NewPCG(3, uint64(c.before))), 0
		for range runs {
			if CompareRepeats(repeated(r, c.before, n, 4000, c.spreads[0]), repeated(r, c.after, n, 4000, c.spreads[1]), pair.AtoB).Shown {
				shown++
			}
		}
		if share := float64(shown) / runs; share > c.most+2*math.Sqrt(c.most*(1-c.most)/runs) {
			t.Errorf("%d runs and %d, which differ by %v: %.3f show a difference", c.before, c.after, c.spreads, share)
		}
	}
}

func TestOneRunASideMistakesItsOwnForAChange(t *testing.T) {
	r, shown := rand.New(rand.NewPCG(4, 4)), 0
	const runs = 400
	for range runs {
		if CompareRuns(repeated(r, 1, 72, 4000, .1)[0], repeated(r, 1, 72, 4000, .1)[0], pair.AtoB, Once).Shown {
			shown++
		}
	}
	if share := float64(shown) / runs; share < .18 || share > .34 {
		t.Errorf("%.2f of them show a difference; a quarter is said", share)
	}
}

func TestSeveralRunsShowAChange(t *testing.T) {
	r, shown := rand.New(rand.NewPCG(5, 4)), 0
	for range 100 {
		if v := CompareRepeats(repeated(r, 4, 72, 4000, .1), repeated(r, 4, 72, 8000, .1), pair.AtoB); v.Shown && v.Ratio > 1.5 && v.Ratio < 2.7 {
			shown++
		}
	}
	if shown < 90 {
		t.Errorf("twice the time is shown in %d of 100", shown)
	}
}

func TestStudentsTestOfRunsMatchesItsFormula(t *testing.T) {
	at := func(seconds ...float64) (all []Quantile) {
		for _, s := range seconds {
			all = append(all, Quantile{State: Known, Value: time.Duration(s * float64(time.Second))})
		}
		return all
	}
	e := math.E
	for name, c := range map[string]struct {
		before, after        []Quantile
		apart, width, spread float64
	}{
		// Logs 1 2 3 and 2 4: squares 2 and 2, of 3 degrees of freedom, whose point is 3.182446.
		"three and two": {at(e, e*e, e*e*e), at(e*e, e*e*e*e), 1, 3.182446 * math.Sqrt(4./3*(1./3+1./2)), math.Sqrt(4. / 3)},
		// Logs 1 3 and 4: squares 2, of one, whose point is 12.706205.
		"two and one": {at(e, e*e*e), at(e * e * e * e), 2, 12.706205 * math.Sqrt(2*(1./2+1)), math.Sqrt2},
	} {
		v := Repeats{Medians: [2][]Quantile{c.before, c.after}}
		v.compare()
		if !v.Enough || math.Abs(math.Log(v.Ratio)-c.apart) > 1e-6 || math.Abs(math.Log(v.Upper)-c.apart-c.width) > 1e-4 || math.Abs(math.Log(v.Spread)-c.spread) > 1e-6 {
			t.Errorf("%s: %+v: want %v apart, %v either way, a spread of %v", name, v, c.apart, c.width, c.spread)
		}
	}
}

// Runs of a store that answers in steps all have the same medians, which doesn't
// show that they would always.
func TestMediansThatAreAllTheSameShowNoDifference(t *testing.T) {
	runsOf := func(n int, ms, half float64) (all []*Collector) {
		for range n {
			c := NewCollector()
			for range 30 {
				c.Add(probe.Sample{SizeBytes: 1, Outcome: probe.Replicated, DurationMS: ms, BracketMS: [2]float64{ms - half, ms + half}})
			}
			all = append(all, c)
		}
		return all
	}
	for _, n := range []int{2, 3, 8} {
		for _, v := range []Repeats{
			CompareRepeats(runsOf(n, 4000, 0), runsOf(n, 4001, 0), pair.AtoB),
			CompareRepeatsBySize(runsOf(n, 4000, 0), runsOf(n, 6000, 0), pair.AtoB, 1),
		} {
			if v.Shown || v.Reason != NoSpread || v.Event().Lower != nil || !strings.HasSuffix(v.Sentence(), "no comparison, no spread between runs.") {
				t.Errorf("%d runs a side: %s", n, v.Sentence())
			}
		}
		// The brackets go from 3,800 to 4,200: a fifth of them is nothing that they show.
		v := CompareRepeats(runsOf(n, 4000, 200), runsOf(n, 4040, 200), pair.AtoB)
		width := student(z975, 2*n-2) * math.Log(4200./3800) / math.Sqrt(12) * math.Sqrt(2/float64(n))
		if v.Shown || math.Abs(math.Log(v.Upper/v.Ratio)/width-1) > .02 {
			t.Errorf("%d runs a side with brackets: %s, want %v either way", n, v.Sentence(), math.Exp(width))
		}
	}
}

func TestRunsOfBurstsStillHaveALevel(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 4))
	runs := make([]*Collector, 3)
	for i := range runs {
		runs[i] = NewCollector()
		for _, s := range every10s(levelled(r, 40, .97, 4000), 1) {
			runs[i].Add(s)
		}
	}
	if v := CompareRepeats(runs[:2], runs[2:], pair.BtoA); !v.Enough {
		t.Errorf("%+v", v)
	}
}

func TestRepeatsSayWhyThereIsNoComparison(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 4))
	few := repeated(r, 2, 3, 4000, 0)
	for want, v := range map[string]Repeats{
		"A → B: no comparison, median unknown.":        CompareRepeats(repeated(r, 2, 30, 4000, 0), few, pair.AtoB),
		"A → B: no comparison, too few runs.":          CompareRepeats(repeated(r, 1, 30, 4000, 0), repeated(r, 1, 30, 4000, 0), pair.AtoB),
		"A → B 2 B: no comparison, median unknown.":    CompareRepeatsBySize(repeated(r, 2, 30, 4000, 0), few, pair.AtoB, 2),
		"A → B 1 B: no difference shown, it takes an ": CompareRepeatsBySize(repeated(r, 2, 30, 4000, .1), repeated(r, 2, 30, 4000, .1), pair.AtoB, 1),
	} {
		if got := v.Sentence(); !strings.HasPrefix(got, want) || v.Enough != (v.Event().Ratio != nil) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	other := NewCollector()
	for i := range 30 {
		other.Add(probe.Sample{SizeBytes: int64(1 + i%2), Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{4000, 4000}})
	}
	if v := CompareRepeats(repeated(r, 2, 30, 4000, 0), []*Collector{other}, pair.AtoB); v.Reason != SharesDiffer {
		t.Errorf("sizes in other shares: %+v", v)
	}
}
