//go:build !race

// Simulations in one goroutine, as those of the intervals.

package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
)

// A burst in one direction that takes a part of the run is no difference of the two,
// and is said to leave it open.
func TestALevelThatChangedWithinTheRunLeavesTheDifferenceOpen(t *testing.T) {
	r := rand.New(rand.NewPCG(91, 92))
	run := func(n, slowUntil int, by, ratio float64) *Collector {
		logs := [2][]float64{autoregressive(r, n, 0), autoregressive(r, n, 0)}
		for i := range slowUntil {
			logs[pair.BtoA][i] += math.Log(by)
		}
		c := NewCollector()
		for _, s := range sampled(logs, ratio, math.Inf(1)) {
			c.Add(s)
		}
		return c
	}
	held := 0
	for _, looks := range []Looks{Once, SoFar} {
		for range 20 {
			c := run(72, 40, 6, 1)
			v := c.CompareDirections(looks)
			if v.Shown || !strings.Contains(v.Sentence, "bursts") {
				t.Errorf("a burst in one direction: %s", v.Sentence)
			}
			if q := c.Direction(pair.BtoA).Median; q.State != NotEnough && (q.Lower > 6e9 || q.Upper < 18e9) {
				t.Errorf("a burst for half of the run, and a median of %v to %v", q.Lower, q.Upper)
			}
			// What holds whatever of the levels is the one to come is shown.
			if v := run(72, 60, 2, 20).CompareDirections(looks); v.Shown && v.Lower <= 20 {
				held++
			}
		}
	}
	if held < 18 {
		t.Errorf("20 to 40 times as long is shown in %d of 40 runs", held)
	}
}

func TestIndependentDelaysSeldomLookAsIfTheirLevelChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(93, 94))
	for n, most := range map[int]int{24: 20, 72: 30, 300: 30} { // of 600: 2.5 % and what chance adds
		found := 0
		for range 600 {
			values := make([]float64, n)
			for i := range values {
				values[i] = r.Float64()
			}
			if len(apartLevels.changes(values)) > 0 {
				found++
			}
		}
		if found > most {
			t.Errorf("n = %d: in %d of 600", n, found)
		}
	}
}

func TestBurstsInOneDirectionSeldomPassForADifference(t *testing.T) {
	const runs = 100
	for _, of := range []struct {
		name string
		most float64
	}{{"bursts", .06}, {"regular bursts", .05}} {
		h := measureHonesty(worldOf(t, of.name), 72, runs, false)
		if h.falseOnce > of.most+sampling(runs) {
			t.Errorf("%s: a difference that is not there is shown in %.3f of the runs", of.name, h.falseOnce)
		}
	}
}
