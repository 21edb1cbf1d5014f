package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// seenFrom is a sample of a delay from commit to visible, as it is measured
// with a round trip to its origin.
func seenFrom(d pair.Direction, delay, trip float64) probe.Sample {
	s := replicated(d, 1024, max(1, delay-trip/2))
	s.CorrectedMS = delay
	return s
}

func TestUnevenRoundTripsAreNotADifferenceBetweenTheDirections(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	const runs = 60
	shown, measured := 0, 0
	last := Verdict{}
	for range runs {
		c, raw := NewCollector(), NewCollector()
		for range 300 {
			for d, trip := range []float64{10, 180} {
				s := seenFrom(pair.Direction(d), 1000*math.Exp(0.3*r.NormFloat64()), trip)
				c.Add(s)
				s.CorrectedMS = 0
				raw.Add(s)
			}
		}
		if last = c.CompareDirections(Once); last.Shown {
			shown++
		}
		if raw.CompareDirections(Once).Shown {
			measured++
		}
	}
	if measured < runs/2 {
		t.Fatalf("without the correction %d of %d: the case shows nothing", measured, runs)
	}
	if shown > runs*5/100 {
		t.Errorf("a difference shown in %d of %d", shown, runs)
	}
	if !strings.Contains(last.Sentence, "corrected for the round trips; as measured, 95 %: ") || !last.Event().Corrected {
		t.Errorf("%+v", last)
	}
}

func TestADifferenceThatTheRoundTripsHideIsNotShown(t *testing.T) {
	c := NewCollector()
	for i := range 20 {
		spread := 1 + 0.004*float64(i)
		c.Add(seenFrom(pair.AtoB, 1000*spread, 10))
		c.Add(seenFrom(pair.BtoA, 1085*spread, 180))
	}
	v := c.CompareDirections(Once)
	if v.Event().Line() != v.Sentence {
		t.Errorf("the correction decides it, and no number of samples would: %s", v.Line())
	}
	if v := c.CompareDirections(Anytime); !strings.Contains(v.Sentence, "; as measured, 95 % at every look: ") {
		t.Error(v.Sentence)
	}
	if v.Lower <= 1 || v.Shown || !strings.HasPrefix(v.Sentence, "Not sure whether the directions differ: B → A takes an estimated 1.09") {
		t.Errorf("%+v", v)
	}
}

func TestOneSampleWithoutACorrectionLeavesAllUncorrected(t *testing.T) {
	c := NewCollector()
	for range 7 {
		c.Add(seenFrom(pair.AtoB, 1000, 10))
		c.Add(seenFrom(pair.BtoA, 3000, 180))
	}
	if v := c.CompareDirections(Once); !v.Shown || !v.Corrected || math.Abs(v.Ratio-3) > 1e-6 {
		t.Errorf("%+v", v)
	}
	c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1024, Outcome: probe.Interrupted})
	if v := c.CompareDirections(Once); !v.Corrected {
		t.Errorf("a probe that was never watched takes the correction away: %+v", v)
	}
	c.Add(replicated(pair.AtoB, 1024, 1000))
	if v := c.CompareDirections(Once); v.Corrected || strings.Contains(v.Sentence, "corrected") {
		t.Errorf("%+v", v)
	}
}
