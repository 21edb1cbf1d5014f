package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOrderedAgreesWithASortedSlice(t *testing.T) {
	for name, next := range map[string]func(*rand.Rand, int) float64{
		"random":     func(r *rand.Rand, _ int) float64 { return r.ExpFloat64() },
		"ascending":  func(_ *rand.Rand, i int) float64 { return float64(i) },
		"descending": func(_ *rand.Rand, i int) float64 { return float64(-i) },
		"many ties":  func(r *rand.Rand, _ int) float64 { return float64(r.IntN(7)) },
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			var o ordered
			var want []float64
			for i := range 5000 {
				v := next(r, i)
				o.add(v)
				want = append(want, v)
			}
			slices.Sort(want)
			if o.n != len(want) {
				t.Fatalf("n = %d, want %d", o.n, len(want))
			}
			for k, v := range want {
				if got := o.at(k); got != v {
					t.Fatalf("at(%d) = %v, want %v", k, got, v)
				}
			}
			for _, v := range []float64{want[0] - 1, want[0], want[2500], want[2500] + 1e-9, want[4999], want[4999] + 1} {
				below, upTo := 0, 0
				for _, w := range want {
					if w < v {
						below++
					}
					if w <= v {
						upTo++
					}
				}
				if got := o.below(v); got != below {
					t.Errorf("below(%v) = %d, want %d", v, got, below)
				}
				if got := o.upTo(v); got != upTo {
					t.Errorf("upTo(%v) = %d, want %d", v, got, upTo)
				}
			}
		})
	}
}
