//go:build !race

// Simulations in one goroutine, as those of the intervals.

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

// worldOf is the benchmark's world of a name.
func worldOf(t *testing.T, name string) world {
	t.Helper()
	for _, w := range worlds() {
		if w.name == name {
			return w
		}
	}
	t.Fatalf("no world %s", name)
	return world{}
}

func TestBurstsAreNotTakenForADifferenceOfTheDirections(t *testing.T) {
	const runs, n = 150, 72
	for _, name := range []string{"AR(1) 0.5", "AR(1) 0.8", "AR(1) 0.95"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := measureHonesty(worldOf(t, name), n, runs, false)
			if h.falseOnce > .06+sampling(runs)/2 {
				t.Errorf("a difference that is not there is shown in %.3f of the runs", h.falseOnce)
			}
			if name != "AR(1) 0.95" && h.covers < .93-sampling(runs) {
				t.Errorf("the median's interval covers %.3f", h.covers)
			}
		})
	}
}

func TestWhatSlowsBothDirectionsTogetherCostsNoPower(t *testing.T) {
	const runs, n = 100, 72
	shared, apart := measureHonesty(worldOf(t, "shared bursts"), n, runs, false), measureHonesty(worldOf(t, "bursts"), n, runs, false)
	if shared.powerOnce < .7 || apart.powerOnce > .6 || shared.falseOnce > .1 {
		t.Errorf("shared %+v, apart %+v", shared, apart)
	}
}

func TestItIsSaidWhatSamplesOfBurstsAreWorth(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	c := NewCollector()
	samples := sampled([2][]float64{autoregressive(r, 72, .8), autoregressive(r, 72, .8)}, 1, math.Inf(1))
	for _, s := range samples {
		c.Add(s)
	}
	v := c.CompareDirections(Once)
	if v.Worth[0] < 1 || v.Worth[0] > 30 || !strings.Contains(v.Sentence, "worth ") || v.Event().Worth == nil {
		t.Errorf("%+v", v)
	}
	if s := c.Direction(pair.AtoB); s.Worth < 1 || s.Worth > 40 || s.Event().Worth != s.Worth {
		t.Errorf("%+v", s)
	}
	// The same in another order of arrival: the starts count.
	swapped := NewCollector()
	for i := range samples {
		swapped.Add(samples[i*77%len(samples)])
	}
	if s := swapped.Direction(pair.AtoB); s.Worth != c.Direction(pair.AtoB).Worth {
		t.Errorf("%d in another order, %d", s.Worth, c.Direction(pair.AtoB).Worth)
	}
}

func TestWhereNoneArriveOneWayThatWayTakesLonger(t *testing.T) {
	for _, n := range []int{10, 30, 600} {
		c := NewCollector()
		for i := range n {
			c.Add(replicated(pair.AtoB, 1024, 4000*math.Exp(.6*math.Sin(float64(3*i)))))
			lost := replicated(pair.BtoA, 1024, 60000)
			lost.Outcome, lost.BracketMS = probe.GaveUp, [2]float64{60000, 60000}
			c.Add(lost)
		}
		v := c.CompareDirections(Once)
		if !v.Shown || v.Lower < 3 || !math.IsInf(v.Upper, 1) || v.estimated() || !strings.HasPrefix(v.Sentence, "B → A takes longer than A → B, by how much is not known: too many gave up") {
			t.Errorf("%d: %+v", n, v)
		}
	}
	// Nor does it take the end of the run: they are in flight for a while.
	c, away := NewCollector(), []InFlight(nil)
	for i := range 30 {
		c.Add(replicated(pair.AtoB, 1024, 4000*math.Exp(.6*math.Sin(float64(3*i)))))
		away = append(away, InFlight{pair.BtoA, 1024, time.Duration(60+i) * time.Second})
	}
	if v := c.Underway(away).CompareDirections(SoFar); !v.Shown || v.Lower < 1 {
		t.Errorf("%+v", v)
	}
}

func TestGiveUpsNeitherBiasTheRatioNorHideIt(t *testing.T) {
	const runs, ratio = 60, 2.3
	for _, cut := range []float64{.05, .25} {
		limit := ratio * 4000 * math.Exp(spread*math.Sqrt2*math.Erfinv(1-2*cut)) // of the slower one's
		before := 0
		for _, n := range []int{12, 24, 72, 300} {
			r := rand.New(rand.NewPCG(85, uint64(n)))
			shown, sum, covered := 0, 0.0, 0
			for range runs {
				c := NewCollector()
				for _, s := range sampled([2][]float64{autoregressive(r, n, 0), autoregressive(r, n, 0)}, ratio, limit) {
					c.Add(s)
				}
				v := c.CompareDirections(Once)
				if v.Shown {
					shown++
				}
				if v.Lower <= ratio && ratio <= v.Upper {
					covered++
				}
				if v.estimated() {
					sum += math.Log(v.Ratio/ratio) / runs
				}
			}
			if math.Abs(sum) > .12 || float64(covered)/runs < .95-sampling(runs) || shown < before-2 {
				t.Errorf("%v cut, n = %d: %.3f of the truth, covered %d of %d, shown %d after %d", cut, n, math.Exp(sum), covered, runs, shown, before)
			}
			before = shown
		}
		if before < runs-1 {
			t.Errorf("%v cut: shown in %d of %d runs of 300", cut, before, runs)
		}
	}
}

// As above p90 lie too few to show it.
func TestWhatTheMiddleShowsOfBurstsCountsForEveryQuantile(t *testing.T) {
	r := rand.New(rand.NewPCG(87, 88))
	quoted, covers := 0, 0
	truth := probe.Duration(4000 * math.Exp(1.2816*spread))
	for range 200 {
		c := NewCollector()
		for _, s := range sampled([2][]float64{autoregressive(r, 29, .9), autoregressive(r, 29, .9)}, 1, math.Inf(1)) {
			c.Add(s)
		}
		q := c.Direction(pair.AtoB).P90
		if q.Missing > 0 {
			t.Fatalf("%d more would do, in bursts: %+v", q.Missing, q)
		}
		if q.State == NotEnough {
			continue
		}
		if quoted++; q.Lower <= truth && (q.Open || truth <= q.Upper) {
			covers++
		}
	}
	if quoted-covers > 10 {
		t.Errorf("of 200 runs %d quote a p90, of which %d cover it", quoted, covers)
	}
}

func TestARunOfManySamplesASecondIsNotTakenForAShortOne(t *testing.T) {
	r := rand.New(rand.NewPCG(89, 90))
	c := NewCollector()
	for i := range 10_000 {
		for _, d := range pair.Directions() {
			s := replicated(d, 1024, 4000*float64(1+d)*math.Exp(spread*r.NormFloat64()))
			s.SinceStartMS = 1 + 10*float64(i)
			c.Add(s)
		}
	}
	if v := c.CompareDirections(SoFar); !v.Shown {
		t.Errorf("after 100 s: %s", v.Sentence)
	}
}

func TestWhatIsFarOutIsAtLeastAsFarAsIsQuoted(t *testing.T) {
	for _, slow := range pair.Directions() {
		c := NewCollector()
		for i := range 24 {
			c.Add(replicated(1-slow, 1024, 3+float64(i)/4))
			lost := replicated(slow, 1024, 900_000)
			lost.Outcome, lost.BracketMS = probe.GaveUp, [2]float64{900_000, 900_000}
			c.Add(lost)
		}
		v := c.CompareDirections(Once)
		near := v.Lower
		if slow == pair.AtoB {
			near = 1 / v.Upper
		}
		if !v.Shown || math.IsInf(near, 0) || near < 1000 || strings.Contains(v.Sentence, "Inf") {
			t.Errorf("%s: %+v", slow, v)
		}
	}
}
