//go:build !race

package figures_test

import (
	"math"
	"testing"

	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/record"
)

// Whatever the delays, the polls, the tail of the fault and the steps of the clock
// were: what the report says of a drill holds what nobody in it could know.
func TestTheFiguresOfAThousandDrillsHoldTheTruth(t *testing.T) {
	drills := uint64(1000)
	if testing.Short() {
		drills = 50
	}
	medians, covered, ratios, coveredRatios := 0, 0, 0, 0
	for seed := range drills {
		w := evidencetest.Wish{Seed: seed, Kind: record.Cut}
		if seed%2 == 1 {
			w.Kind = record.Pause
		}
		if seed%5 == 4 {
			w.Factor = 2.5
		}
		r, truth := reported(t, w)
		const rounding = 1e-3 // a microsecond: durations are whole nanoseconds
		within := func(what string, low, high *float64, want float64) {
			t.Helper()
			if low == nil || high == nil || want < *low-rounding || want > *high+rounding {
				t.Fatalf("drill %d, %s: %v lies outside of %v to %v", seed, what, want, orNone(low), orNone(high))
			}
		}
		for _, l := range r.Results.RPO.ByCanaries {
			within("RPO "+l.Direction.String(), &l.LowMS, &l.HighMS, truth.LossMS[l.Direction])
			if n := truth.Lost[l.Direction]; n < l.Certain || n > l.Certain+l.Possible {
				t.Fatalf("drill %d: %d are lost, and %d to %d are said to be", seed, n, l.Certain, l.Certain+l.Possible)
			}
		}
		within("RTO", r.Results.RTO.LowMS, r.Results.RTO.HighMS, truth.RTOMS)
		within("the drain", r.Results.Convergence.ByCanaries.LowMS, r.Results.Convergence.ByCanaries.HighMS, truth.DrainMS)
		within("convergence", r.Results.Convergence.ByAudit.LowMS, r.Results.Convergence.ByAudit.HighMS, truth.ConvergenceMS)
		for _, i := range r.Results.Fault.Isolations {
			if i.LastArrived == nil || math.Abs(*i.LastArrived-truth.LastThroughMS[i.Direction]) > rounding || i.FirstHeld == nil || *i.FirstHeld <= *i.LastArrived {
				t.Fatalf("drill %d, %s: the last that came through was written at %v, and isolation is said to begin between %v and %v",
					seed, i.Direction, truth.LastThroughMS[i.Direction], orNone(i.LastArrived), orNone(i.FirstHeld))
			}
			if i.EndsHighMS == nil || *r.Results.Fault.EndsMS > *i.EndsHighMS+60_000 {
				t.Fatalf("drill %d: isolation ends by %v", seed, orNone(i.EndsHighMS))
			}
		}
		if len(r.Journal.Missing) > 0 || !r.Restoration.Equal || !r.Results.Convergence.Twice {
			t.Fatalf("drill %d: a whole journal lacks %v, equal %v", seed, r.Journal.Missing, r.Restoration.Equal)
		}
		for _, e := range r.Results.Baseline {
			if e.SizeBytes == nil && e.MedianIntervalMS != nil {
				medians++
				if e.MedianIntervalMS[1] == nil || truth.MedianMS[e.Direction] >= *e.MedianIntervalMS[0] && truth.MedianMS[e.Direction] <= *e.MedianIntervalMS[1] {
					covered++
				}
			}
		}
		for _, b := range r.Results.FailBack {
			if b.Lower != nil {
				ratios++
				if truth.Factor >= *b.Lower && (b.Upper == nil || truth.Factor <= *b.Upper) {
					coveredRatios++
				}
			}
			if truth.Factor == 1 && b.Slower {
				t.Logf("drill %d: %s", seed, b.Sentence)
			}
		}
	}
	t.Logf("medians: %d of %d intervals hold the truth; ratios: %d of %d", covered, medians, coveredRatios, ratios)
	if medians < int(drills) || ratios < int(drills) || float64(covered) < .93*float64(medians) || float64(coveredRatios) < .93*float64(ratios) {
		t.Errorf("medians: %d of %d intervals hold the truth; ratios: %d of %d", covered, medians, coveredRatios, ratios)
	}
}

func orNone(ms *float64) any {
	if ms == nil {
		return "none"
	}
	return *ms
}
