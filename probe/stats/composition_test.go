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

// mixed holds 40 small objects and so many large ones that take five times as
// long, the others of 40 having failed.
func mixed(r *rand.Rand, d pair.Direction, large int, c *Collector) *Collector {
	for i := range 40 {
		c.Add(replicated(d, 1<<17, 4000*math.Exp(0.3*r.NormFloat64())))
		s := replicated(d, 1<<30, 20000*math.Exp(0.3*r.NormFloat64()))
		if i >= large {
			s.Outcome = probe.Failed
		}
		c.Add(s)
	}
	return c
}

func TestOtherSharesOfTheSizesAreNotADifference(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	before, after := mixed(r, pair.AtoB, 40, NewCollector()), mixed(r, pair.AtoB, 10, NewCollector())
	v := CompareRuns(before, after, pair.AtoB, Once)
	if v.Shown || v.Enough || v.Sentence != "A → B: no comparison over all sizes: the share of one size differs by 30 % (n = 80 before and 50 after), and sizes may differ." {
		t.Errorf("%+v", v)
	}
	if v := CompareRunsBySize(before, after, pair.AtoB, 1<<17, Once); !v.Enough {
		t.Errorf("size by size: %+v", v)
	}
	both := mixed(r, pair.BtoA, 10, before)
	if v := both.CompareDirections(Once); v.Shown || v.Enough || v.Sentence != "No comparison over all sizes: the share of one size differs by 30 % (n = 80 A → B and 50 B → A), and sizes may differ." {
		t.Errorf("%+v", v)
	}
	near := mixed(r, pair.AtoB, 36, NewCollector())
	if v := CompareRuns(mixed(r, pair.AtoB, 40, NewCollector()), near, pair.AtoB, Once); !v.Enough {
		t.Errorf("nearly the same shares: %+v", v)
	}
}

// flying holds n objects of two sizes in both directions, of which some large
// ones of A → B are still in flight.
func flying(n, away int) (ended *Collector, inFlight []InFlight) {
	c := NewCollector()
	for i := range n {
		for _, d := range pair.Directions() {
			for _, size := range []int64{1 << 17, 1 << 30} {
				if d == pair.AtoB && size == 1<<30 && i >= n-away {
					inFlight = append(inFlight, InFlight{d, size, time.Duration(40+i) * time.Second})
					continue
				}
				c.Add(replicated(d, size, 4000+float64(i)))
			}
		}
	}
	return c, inFlight
}

func TestWhatIsInFlightHasItsShareOfALiveComparison(t *testing.T) {
	for away := range 8 {
		c, inFlight := flying(12, away)
		if v := c.Underway(inFlight).CompareDirections(SoFar); !v.Enough || v.Reason != "" && v.boundedInterval() {
			t.Errorf("%d in flight: %s", away, v.Sentence)
		}
	}
	c, inFlight := flying(8, 4)
	if v := c.CompareDirections(Anytime); v.Enough || v.Reason != SharesDiffer {
		t.Errorf("after the run nothing is in flight any more: %s", v.Sentence)
	}
	before := c.CompareDirections(Once)
	c.Underway(inFlight)
	if after := c.CompareDirections(Once); after != before || len(c.Sizes()) != 2 {
		t.Errorf("reading a run underway changes it: %+v, before %+v", after, before)
	}
}

func TestASizeThatStaysAwayIsSlow(t *testing.T) {
	c, inFlight := flying(40, 40)
	v := c.Underway(inFlight).CompareDirections(SoFar)
	if !v.Enough || v.Lower > 1 || v.N != [2]int{80, 80} || !strings.Contains(v.Sentence, "n = 80 each, of which 40 A → B and 80 B → A arrived") {
		t.Errorf("all large objects of a direction are in flight: %+v", v)
	}
}

func TestASizeThatFailsRefusesALiveComparison(t *testing.T) {
	c := NewCollector()
	for range 12 {
		for _, d := range pair.Directions() {
			for _, size := range []int64{1 << 17, 1 << 30} {
				s := replicated(d, size, 4000)
				if d == pair.BtoA && size == 1<<30 {
					s.Outcome = probe.Failed
				}
				c.Add(s)
			}
		}
	}
	if v := c.Underway(nil).CompareDirections(SoFar); v.Enough || v.Reason != SharesDiffer {
		t.Errorf("all large objects of a direction failed: %+v", v)
	}
}
