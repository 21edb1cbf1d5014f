//go:build !race

package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"bothways/aws/pair"
)

// TestRunsOfOneLevelSeldomShowAChange holds the false alarms to what changeAt
// says.
func TestRunsOfOneLevelSeldomShowAChange(t *testing.T) {
	for _, c := range []struct {
		n         int
		phi, most float64
	}{
		{24, 0, .02},
		{72, 0, .02},
		{300, 0, .03},
		{1000, 0, .05},
		{24, .5, .065},
		{72, .5, .06},
		{300, .5, .06},
		{1000, .5, .06},
		{72, .8, .25},
		{300, .8, .10},
	} {
		t.Run(fmt.Sprintf("n = %d, phi %v", c.n, c.phi), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(c.n), 1+uint64(10*c.phi)))
			runs := min(1000, 200_000/c.n)
			alarms := 0
			for range runs {
				changed := false
				for range pair.Directions() {
					changed = changed || len(levels.changes(ranksOf(timedOfAll(every10s(levelled(r, c.n, c.phi, 4000), 1))))) > 0
				}
				if changed {
					alarms++
				}
			}
			if share := float64(alarms) / float64(runs); share > c.most {
				t.Errorf("%.3f of the runs, want at most %.3f", share, c.most)
			}
		})
	}
}
