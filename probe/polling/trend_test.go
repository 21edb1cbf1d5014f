package polling

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// drifted is a window of results whose middles change by a factor of ten over 60
// of them, the last of which is now.
func drifted(n int, now, sign float64) (w window, r *rand.Rand) {
	r = rand.New(rand.NewPCG(8, 1))
	for i := range n {
		d := seconds(now * math.Pow(10, -sign*float64(n-i)/60) * math.Exp(.2*r.NormFloat64()))
		w.add(Bracket{d - d/50, d + d/50})
	}
	return w, r
}

func TestADriftingSeriesIsPolledByWhereItIsNow(t *testing.T) {
	for name, sign := range map[string]float64{"falling": -1, "rising": 1} {
		w, _ := drifted(windowResults, 10, sign)
		if got := w.outlook().median; got < 8*time.Second || got > 12*time.Second {
			t.Errorf("%s to 10 s: the median is taken for %v", name, got)
		}
	}
}

func TestAnUnchangedSeriesIsHardlyMovedAlongATrend(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	moved, far := 0, 0
	const series = 400
	for range series {
		results := make([]Bracket, windowResults)
		for i := range results {
			d := seconds(4 * math.Exp(.6*r.NormFloat64()))
			results[i] = Bracket{d - d/50, d + d/50}
		}
		now := detrended(nil, results)
		factor := now[0].High.Seconds() / results[0].High.Seconds()
		if factor != 1 {
			moved++
		}
		if factor > 2 || factor < .5 {
			far++
		}
	}
	if moved > series/10 || far > series/25 {
		t.Errorf("of %d series that stay as they are %d are moved, %d of them by more than a factor of 2 at their oldest", series, moved, far)
	}
}

// A delay that was seen far out is asked for there, and not all the way to it.
func TestARareFarDelayIsPolledWhereItWasSeen(t *testing.T) {
	var w window
	r := rand.New(rand.NewPCG(1, 2))
	for i := range windowResults {
		d := seconds(4 * math.Exp(.3*r.NormFloat64()))
		if i == 12 || i == 20 {
			d = seconds(600 * math.Exp(.1*r.NormFloat64()))
		}
		w.add(Bracket{d - d/50, d + d/50})
	}
	plan := Polls{Spacing: 1, RTT: 30 * time.Millisecond}
	before, around := 0, 0
	known := w.outlook()
	for at := 20 * time.Second; at < 800*time.Second; at = plan.Next(at, 9, known, 0, false) {
		switch {
		case at < 300*time.Second:
			before++
		case at > 450*time.Second:
			around++
		}
	}
	if around < 30 || before > around {
		t.Errorf("%d polls from 20 s to 5 min and %d around 10 min: want most there, and 30 at least", before, around)
	}
}
