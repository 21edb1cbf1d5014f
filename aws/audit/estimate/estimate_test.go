package estimate

import (
	"math"
	"strings"
	"testing"
	"time"
)

// The figures of a side of so many versions are those of the research.
func TestEstimates(t *testing.T) {
	for _, row := range []struct {
		each        int64
		dollars     [4]float64 // from here, in the region, join, Athena
		inRegion    time.Duration
		recommended Way
	}{
		{1e3, [4]float64{0.0001, 0.00002, 0.00001, 0.0001}, time.Millisecond, FromHere},
		{1e6, [4]float64{0.10, 0.02, 0.012, 0.0076}, time.Second, FromHere},
		{1e8, [4]float64{10, 2, 1.22, 0.735}, 102 * time.Second, InRegion},
		{1e9, [4]float64{100, 20, 12.2, 23.6}, 1020 * time.Second, InRegion},
		{1e10, [4]float64{1000, 200, 122, 3030}, 10204 * time.Second, InRegion},
	} {
		all := Of(Size{Versions: row.each}, Size{Versions: row.each}, Measured{PerSecond: 20_000}, false)
		for i, e := range all {
			if math.Abs(e.Dollars-row.dollars[i]) > 0.1*row.dollars[i]+0.0001 {
				t.Errorf("%d a side, %s: %v USD, want about %v", row.each, e.Way, e.Dollars, row.dollars[i])
			}
			if lists := e.Way == Join || e.Way == Athena; (e.Wait > 0) != lists {
				t.Errorf("%s waits %v", e.Way, e.Wait)
			}
		}
		if got := all[1].Time; got < row.inRegion*9/10 || got > row.inRegion*11/10 {
			t.Errorf("%d a side take %v in the region", row.each, got)
		}
		if got, reason := Recommend(all); got != row.recommended || reason == "" {
			t.Errorf("%d a side: %s is recommended: %s", row.each, got, reason)
		}
	}
}

func TestWhatWasNotMeasuredIsNotRecommended(t *testing.T) {
	all := Of(Size{Versions: 1000}, Size{}, Measured{}, true)
	if way, _ := Recommend(all); all[0].Time != 0 || way == FromHere {
		t.Errorf("%s is recommended, %v", way, all[0].Time)
	}
}

// What was not counted to its end is recommended for with that said.
func TestALeastSizeIsSaidInTheReason(t *testing.T) {
	for bound, says := range map[Bound]bool{Exactly: false, About: false, AtMost: false, AtLeast: true} {
		got := Result{A: Size{Versions: 8000, Bound: bound}, B: Size{Versions: 10, Bound: Exactly}, PerSecond: 20_000}.Complete()
		if len(got.Ways) != 4 || got.Recommended != FromHere || strings.Contains(got.Reason, "there is more") != says {
			t.Errorf("%s: %+v", bound, got)
		}
	}
}
