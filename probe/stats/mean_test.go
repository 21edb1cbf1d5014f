package stats

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestRestrictedMeanMatchesTheLeukaemiaTextbookExample(t *testing.T) {
	// Remission times under 6-MP as in the quantiles' test. R's survfit prints a
	// restricted mean of 23.287 with a standard error of 2.827, up to 35 weeks.
	m := lives(
		[]float64{6, 6, 6, 7, 10, 13, 16, 22, 23},
		[]float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35},
	).momentsToLongest()
	if off := math.Sqrt(m.second) / m.n; math.Abs(m.mean-23.287) > .001 || math.Abs(off-2.827) > .1 {
		t.Errorf("mean %.3f, standard error %.3f; want 23.287 and about 2.827", m.mean, off)
	}
}

func TestWithoutCensoredValuesBothWaysToTheMomentsAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	var sums moments
	var values []float64
	for range 1500 { // more than a chunk
		v := 4000 * math.Exp(.6*r.NormFloat64())
		sums.add(v)
		values = append(values, v)
	}
	walked := lives(values, nil).momentsToLongest()
	for what, pair := range map[string][2]float64{
		"n": {sums.n, walked.n}, "arrived": {sums.arrived, walked.arrived}, "mean": {sums.mean, walked.mean},
		"second": {sums.second, walked.second}, "third": {sums.third, walked.third},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9*math.Abs(pair[1]) {
			t.Errorf("%s: %v by sums, %v by the walk", what, pair[0], pair[1])
		}
	}
}

// delays are samples of a direction in milliseconds; below 0 for a give-up.
func delays(ms ...float64) *Collector {
	c := NewCollector()
	for _, v := range ms {
		s := probe.Sample{Direction: pair.AtoB, SizeBytes: 1, DurationMS: v, BracketMS: [2]float64{v * .9, v * 1.1}, Outcome: probe.Replicated}
		if v < 0 {
			s.DurationMS, s.BracketMS, s.Outcome = -v, [2]float64{-v, -v}, probe.GaveUp
		}
		c.Add(s)
	}
	return c
}

func TestAMeanSaysWhereItIsCut(t *testing.T) {
	whole := delays(1000, 2000, 3000, 4000, 5000, 6000).Direction(pair.AtoB).Mean
	if whole.Value != 3500*time.Millisecond || whole.Cut != 0 || whole.Brackets != 350*time.Millisecond || whole.State != Known {
		t.Errorf("of six arrivals: %+v", whole)
	}
	cut := delays(1000, 2000, 3000, 4000, 5000, 6000, -60000, -60000).Direction(pair.AtoB).Mean
	if want := 17625 * time.Millisecond; cut.Value != want || cut.Cut != time.Minute || cut.Upper > time.Minute {
		t.Errorf("with two give-ups: %+v, want %v cut at 1 min", cut, want)
	}
	e := delays(1000, 2000, 3000, 4000, 5000, 6000, -60000, -60000).Direction(pair.AtoB).Event()
	if e.MeanMS == nil || *e.MeanMS != 17625 || e.MeanCutMS == nil || *e.MeanCutMS != 60000 || e.MeanBracketMS == nil || *e.MeanBracketMS != 350 {
		t.Errorf("as an event: %+v", e)
	}
}

func TestFewArrivalsHaveNoMean(t *testing.T) {
	if m := delays(1000, 2000, 3000, 4000).Direction(pair.AtoB).Mean; m.State != NotEnough || m.Missing != 2 {
		t.Errorf("of four: %+v", m)
	}
	if m := delays(1000, 2000, 3000, 4000, 5000, -60000, -60000).Direction(pair.AtoB).Mean; m.State != NotEnough || m.Missing != 0 {
		t.Errorf("of five and two give-ups: %+v", m)
	}
	if m := NewCollector().Direction(pair.AtoB).Mean; m.State != NotEnough || m.Missing != 6 || m.Cut != 0 {
		t.Errorf("of none: %+v", m)
	}
}

func TestWhatTheFirstPollFoundWidensTheMean(t *testing.T) {
	c := NewCollector()
	add := func(ms float64, atFirst bool) {
		s := probe.Sample{Direction: pair.AtoB, SizeBytes: 1, DurationMS: ms, BracketMS: [2]float64{ms * .96, ms * 1.04}, Outcome: probe.Replicated}
		if atFirst {
			s.LeftCensored, s.BracketMS = true, [2]float64{0, 2 * ms}
		}
		c.Add(s)
	}
	for i := range 38 {
		add(float64(4000+100*i), false)
	}
	add(2000, false)
	add(2000, false)
	plain := c.Direction(pair.AtoB).Mean
	c = NewCollector()
	for i := range 38 {
		add(float64(4000+100*i), false)
	}
	add(2000, true)
	add(2000, true)
	wide := c.Direction(pair.AtoB).Mean
	if off := 100 * time.Millisecond; wide.Value != plain.Value || plain.Lower-wide.Lower != off || wide.Upper-plain.Upper != off || wide.State != Known {
		t.Errorf("%+v\nis to be wider by 2 x 2000 ms / 40, either way, than\n%+v", wide, plain)
	}
	for range 10 {
		add(2000, true)
	}
	if vague := c.Direction(pair.AtoB).Mean; vague.State != AtMost || vague.Lower >= wide.Lower || vague.Value <= wide.Lower || vague.Upper <= vague.Value {
		t.Errorf("with 12 of 50 at the first poll: %+v", vague)
	}
}

func TestDependenceWidensTheMean(t *testing.T) {
	c := delays(1000, 2000, 3000, 4000, 5000, 6000, 7000, 9000, 12000, 20000, 3000, 4000, 3500)
	g := &c.directions[pair.AtoB]
	one, three := g.mean(1), g.mean(3)
	if one.Value != three.Value || float64(three.Value-three.Lower) < 1.4*float64(one.Value-one.Lower) || three.Upper <= one.Upper {
		t.Errorf("independent %+v, with three times the variance %+v", one, three)
	}
}
