//go:build !race

// Simulations in one goroutine, as those of the intervals.

package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// overlapping are so many samples of a run whose brackets are much longer than
// chance makes an interval.
func overlapping(n int) []probe.Sample {
	r := rand.New(rand.NewPCG(7, 8))
	samples := make([]probe.Sample, n)
	for i := range samples {
		samples[i] = polled(r, pair.AtoB, 1, 4000+1000*r.Float64(), .2, 1, 1e9)
	}
	return samples
}

func collect(samples []probe.Sample) *Collector {
	c := NewCollector()
	for _, s := range samples {
		c.Add(s)
	}
	return c
}

func width(q Quantile) time.Duration { return q.Upper - q.Lower }

// toTheEnds is the median with its interval out to the brackets' ends.
func toTheEnds(c *Collector) Quantile {
	g := c.directions[pair.AtoB]
	g.brackets.drop()
	return g.quantile(.5, independent())
}

func TestAnIntervalIsSharperWhereBracketsOverlapAndStaysWithinTheEnds(t *testing.T) {
	c := collect(overlapping(400))
	is, was := c.Direction(pair.AtoB).Median, toTheEnds(c)
	if 2*width(is) > width(was) || is.Lower < was.Lower || is.Upper > was.Upper || is.Value != was.Value {
		t.Errorf("%v to %v around %v, the ends' is %v to %v around %v", is.Lower, is.Upper, is.Value, was.Lower, was.Upper, was.Value)
	}
}

func TestAnIntervalStaysAsItWas(t *testing.T) {
	few := overlapping(fewestSharp - 1)
	held := overlapping(400)
	held[7].Held = true
	fine := overlapping(400)
	for i, s := range fine {
		fine[i].BracketMS = [2]float64{s.DurationMS - 1, s.DurationMS + 1}
	}
	early := overlapping(400)
	for i := range 250 {
		early[i].LeftCensored, early[i].BracketMS[0], early[i].DurationMS = true, 0, early[i].BracketMS[1]/2
	}
	for name, samples := range map[string][]probe.Sample{
		"few": few, "a held answer": held, "brackets that hardly count": fine, "found by first polls": early, "too many to keep": overlapping(mostBrackets + 1),
	} {
		c := collect(samples)
		if is, was := c.Direction(pair.AtoB).Median, toTheEnds(c); is != was {
			t.Errorf("%s: %+v, want %+v", name, is, was)
		}
	}
}

func TestWhereAllBracketsAreTheSameTheIntervalIsSuchABracket(t *testing.T) {
	samples := overlapping(400)
	for i := range samples {
		samples[i].DurationMS, samples[i].BracketMS = 4075, [2]float64{3900, 4250}
	}
	if q := collect(samples).Direction(pair.AtoB).Median; q.Lower != 3900*time.Millisecond || q.Upper != 4250*time.Millisecond {
		t.Errorf("from %v to %v", q.Lower, q.Upper)
	}
}

func TestInTheMiddleOfARunIntervalsGoOutToTheEnds(t *testing.T) {
	c := collect(overlapping(400))
	was := toTheEnds(c)
	for name, is := range map[string]Quantile{
		"underway": c.Underway(nil).Direction(pair.AtoB).Median, "one size": c.Underway(nil).Cell(pair.AtoB, 1).Median,
		"watching": c.Watching(pair.AtoB, nil).Median,
	} {
		if is != was {
			t.Errorf("%s: %+v, want %+v", name, is, was)
		}
	}
}

// What was estimated of as many samples must not be taken for others'.
func TestASnapshotThatTakesOtherSamplesHasAnIntervalOfItsOwn(t *testing.T) {
	samples := overlapping(400)
	c := collect(samples)
	own := c.Snapshot()
	for _, s := range samples[:100] {
		c.Add(s)
		s.BracketMS[0], s.BracketMS[1], s.DurationMS = s.BracketMS[0]+3000, s.BracketMS[1]+3000, s.DurationMS+3000
		own.Add(s)
	}
	first := c.Direction(pair.AtoB).Median
	want := collect(nil)
	for _, s := range samples {
		want.Add(s)
	}
	for _, s := range samples[:100] {
		s.BracketMS[0], s.BracketMS[1], s.DurationMS = s.BracketMS[0]+3000, s.BracketMS[1]+3000, s.DurationMS+3000
		want.Add(s)
	}
	if is := own.Direction(pair.AtoB).Median; is != want.Direction(pair.AtoB).Median || is == first {
		t.Errorf("%+v, want %+v", is, want.Direction(pair.AtoB).Median)
	}
}

// BenchmarkSharp is what the first reading of a direction costs after so many
// samples; the next ones find the estimates.
func BenchmarkSharp(b *testing.B) {
	for _, n := range []int{1000, 8640, 20_000} {
		all := collect(overlapping(n))
		g := &all.directions[pair.AtoB]
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				g.brackets.found = &found{}
				g.quantile(.5, independent())
			}
		})
	}
}
