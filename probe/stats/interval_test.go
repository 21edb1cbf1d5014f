package stats

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// Brackets as wide as the delays, of which a part was there at the first poll
// and a part was broken off: the curves of the brackets' ends may then cross
// that of their middles.
func TestAnIntervalHoldsItsEstimateHoweverWideTheBrackets(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, early := range []float64{0, .1, .3, .5} {
		for _, broken := range []float64{.05, .1, .3, .5} {
			for range 300 {
				c := NewCollector()
				for range []int{12, 30, 72}[r.IntN(3)] {
					s := replicated(pair.AtoB, 1024, 4000*math.Exp(.6*r.NormFloat64()))
					s.BracketMS = [2]float64{s.DurationMS * .1, s.DurationMS * 1.9}
					switch u := r.Float64(); {
					case u < broken:
						s.Outcome, s.DurationMS = probe.Interrupted, s.DurationMS*r.Float64()
						s.BracketMS = [2]float64{s.DurationMS, s.DurationMS}
					case u < broken+early:
						s.BracketMS, s.LeftCensored = [2]float64{0, s.DurationMS * 2}, true
					}
					c.Add(s)
				}
				summary := c.Direction(pair.AtoB)
				for _, q := range []Quantile{summary.Median, summary.P90, summary.P95} {
					if q.State == Known && (q.Lower > q.Value || !q.Open && q.Upper < q.Value) {
						t.Fatalf("%.0f %% there at first, %.0f %% broken off: %v, from %v to %v", 100*early, 100*broken, q.Value, q.Lower, q.Upper)
					}
				}
			}
		}
	}
}

// How many more samples it takes can be said of arrivals alone: one that is in
// flight may turn out to lie on either side.
func TestHowManyMoreItTakesIsSaidWhereAllArrived(t *testing.T) {
	c := NewCollector()
	for i := range 4 {
		c.Add(replicated(pair.AtoB, 1024, 1000+float64(i)))
	}
	if got := c.Direction(pair.AtoB).Median; got.State != NotEnough || got.Missing != 2 {
		t.Errorf("four arrivals: %+v, want 2 missing", got)
	}
	early := c.Underway([]InFlight{{Direction: pair.AtoB, SizeBytes: 1024, LongerThan: 10 * time.Millisecond}})
	if got := early.Direction(pair.AtoB).Median; got.State != NotEnough || got.Missing != 0 {
		t.Errorf("four arrivals and one in flight: %+v, want that it is not said", got)
	}
}
