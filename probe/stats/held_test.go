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

// heldAt is a sample of a store that holds answers: asked early, answered when
// the object was there.
func heldAt(d pair.Direction, size int64, end float64) probe.Sample {
	return probe.Sample{
		Direction: d, SizeBytes: size, Outcome: probe.Replicated, Held: true, HEADs: 2,
		DurationMS: end, BracketMS: [2]float64{160, end}, CorrectedMS: end + 1,
	}
}

// seenAt is the same sample as somebody saw it who asks all the time, and whose
// answers nobody holds.
func seenAt(s probe.Sample) probe.Sample {
	s.Held, s.BracketMS = false, [2]float64{s.DurationMS - 5, s.DurationMS + 5}
	return s
}

// holding are the samples of a store that holds answers, B → A in twice the time.
func holding(n int) (samples []probe.Sample) {
	r := rand.New(rand.NewPCG(9, 1))
	for i := range n {
		for _, d := range pair.Directions() {
			size := int64(1 << 20 << (2 * (i % 3)))
			samples = append(samples, heldAt(d, size, 2500*float64(1+d)*math.Exp(.4*r.NormFloat64())))
		}
	}
	return samples
}

func TestHeldAnswersAreQuotedAsAtMostTheirEnds(t *testing.T) {
	c, tight := NewCollector(), NewCollector()
	for _, s := range holding(72) {
		c.Add(s)
		tight.Add(seenAt(s))
	}
	for _, d := range pair.Directions() {
		got, want := c.Direction(d), tight.Direction(d)
		for name, q := range map[string][2]Quantile{"median": {got.Median, want.Median}, "p90": {got.P90, want.P90}, "maximum": {got.Max, want.Max}} {
			if q[0].State != AtMost || math.Abs(float64(q[0].Value)/float64(q[1].Value)-1) > .01 {
				t.Errorf("%s: %s %v in state %v, somebody who asks all the time reads %v", d, name, q[0].Value, q[0].State, q[1].Value)
			}
		}
		if got.Median.Lower > want.Median.Lower || got.Median.Upper < want.Median.Upper-5*time.Millisecond || got.Held != 72 {
			t.Errorf("%s: the median lies in %v to %v, %d held; want it around %v to %v, 72", d, got.Median.Lower, got.Median.Upper, got.Held, want.Median.Lower, want.Median.Upper)
		}
	}
}

func TestDirectionsOfAStoreThatHoldsAnswersAreComparedByTheirEnds(t *testing.T) {
	c, tight := NewCollector(), NewCollector()
	for _, s := range holding(72) {
		c.Add(s)
		tight.Add(seenAt(s))
	}
	got, want := c.CompareDirections(Once), tight.CompareDirections(Once)
	if got.Shown != want.Shown || math.Abs(got.Ratio/want.Ratio-1) > .01 || math.Abs(got.Lower/want.Lower-1) > .02 {
		t.Errorf("%s\nby somebody who asks all the time: %s", got.Sentence, want.Sentence)
	}
	if !strings.Contains(got.Sentence, "144 taken for arrivals when a held answer came") {
		t.Errorf("nothing says how it was compared: %s", got.Sentence)
	}
}

func TestNoLineIsLaidThroughHeldAnswers(t *testing.T) {
	c := NewCollector()
	for i, s := range holding(300) {
		if i%30 > 0 {
			s = seenAt(s)
		} else {
			s = heldAt(s.Direction, 16<<20, 100000)
		}
		c.Add(s)
	}
	if v := c.CompareSizes(Once); v.Reason != TooManyHeld || v.Enough || !strings.HasPrefix(v.Sentence, "Too many answers were held") {
		t.Errorf("%q: %s", v.Reason, v.Sentence)
	}
	without := NewCollector()
	c = NewCollector()
	for i, s := range holding(300) {
		c.Add(seenAt(s))
		without.Add(seenAt(s))
		if i == 40 {
			c.Add(heldAt(s.Direction, 16<<20, 100000))
		}
	}
	got, want := c.CompareSizes(Once), without.CompareSizes(Once)
	if got.Ratio != want.Ratio || got.Lower != want.Lower || !strings.Contains(got.Sentence, "1 held answer left out") {
		t.Errorf("%s\nwithout the held one: %s", got.Sentence, want.Sentence)
	}
}

func TestBracketsAsLongAsTheTimesSayNothingOfFileSize(t *testing.T) {
	c := NewCollector()
	for _, s := range holding(60) {
		s = seenAt(s)
		s.BracketMS = [2]float64{.6 * s.DurationMS, 1.4 * s.DurationMS}
		c.Add(s)
	}
	if v := c.CompareSizes(Once); v.Reason != TooWide || v.Enough || !strings.HasPrefix(v.Sentence, "The brackets are too wide") {
		t.Errorf("%q: %s", v.Reason, v.Sentence)
	}
}
