package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// runOf is a collector with n samples a direction around a median, in seconds.
func runOf(seed uint64, n int, median float64) *Collector {
	r := rand.New(rand.NewPCG(seed, 1))
	c := NewCollector()
	for range n {
		for _, d := range pair.Directions() {
			c.Add(probe.Sample{Direction: d, SizeBytes: 1024, Outcome: probe.Replicated, DurationMS: median * 1000 * math.Exp(0.5*r.NormFloat64())})
		}
	}
	return c
}

func TestTwoRunsAreComparedPerDirectionLaterToEarlier(t *testing.T) {
	before, after := runOf(1, 60, 4), runOf(2, 60, 8)
	for _, d := range pair.Directions() {
		v := CompareRuns(before, after, d, Once)
		if !v.Shown || v.Lower > 2 || v.Upper < 2 || v.About != AboutRuns || !strings.HasPrefix(v.Sentence, d.Arrow()+" takes ") || !strings.Contains(v.Sentence, "after as before") {
			t.Errorf("%+v", v)
		}
		back := CompareRuns(after, before, d, Once)
		if !back.Shown || math.Abs(back.Ratio*v.Ratio-1) > 1e-6 || !strings.Contains(back.Sentence, "before as after") {
			t.Errorf("the other way round: %+v", back)
		}
		if cell := CompareRunsBySize(before, after, d, 1024, Once); cell.Ratio != v.Ratio {
			t.Errorf("its only size: %+v, want %v", cell, v.Ratio)
		}
		if none := CompareRunsBySize(before, after, d, 7, Once); none.Enough || none.Shown {
			t.Errorf("a size that nobody measured: %+v", none)
		}
	}
}

func TestTwoRunsOfOneLawAreRarelySaidToDiffer(t *testing.T) {
	const runs = 400
	shown := 0
	for i := range uint64(runs) {
		if CompareRuns(runOf(2*i+10, 20, 4), runOf(2*i+11, 20, 4), pair.AtoB, Once).Shown {
			shown++
		}
	}
	if shown > runs*8/100 { // 5 % and three standard deviations
		t.Errorf("%d of %d", shown, runs)
	}
}

func TestARunInWhichMostGiveUpTakesLongerByWhatIsNotKnown(t *testing.T) {
	before, after := runOf(1, 30, 4), runOf(2, 14, 8)
	for range 16 {
		after.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1024, Outcome: probe.GaveUp, DurationMS: 60_000})
	}
	v := CompareRuns(before, after, pair.AtoB, Once)
	if !v.Shown || v.Lower < 1 || !strings.Contains(v.Sentence, "takes longer after than before") {
		t.Errorf("%+v", v)
	}
}

func TestTooFewSamplesOfARunAreSaidToBeTooFew(t *testing.T) {
	v := CompareRuns(runOf(1, 3, 4), runOf(2, 30, 4), pair.BtoA, Once)
	if v.Enough || v.Shown || v.Sentence != "B → A: too few samples for a comparison (n = 3 before and 30 after; from 4 each)." {
		t.Errorf("%+v", v)
	}
	quit := runOf(2, 8, 4)
	quit.directions[pair.BtoA] = group{}
	for i := range 8 {
		s := replicated(pair.BtoA, 1024, 1000*float64(i+1))
		if i > 0 {
			s.Outcome = probe.Interrupted
		}
		quit.directions[pair.BtoA].add(s)
	}
	if v := CompareRuns(runOf(1, 8, 4), quit, pair.BtoA, Once); v.Sentence != "B → A: no comparison, too many were interrupted to say how many times as long it takes after as before (95 %: at least 0.6, n = 8 each, of which 8 before and 1 after arrived)." {
		t.Errorf("%+v", v)
	}
}
