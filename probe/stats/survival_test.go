package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func lives(events, censored []float64) *lifetimes {
	l := &lifetimes{}
	for _, v := range events {
		l.events.add(v)
	}
	for _, v := range censored {
		l.censored.add(v)
	}
	return l
}

func TestKaplanMeierMatchesTheLeukaemiaTextbookExample(t *testing.T) {
	// Remission times under 6-MP, weeks (Freireich et al. 1963, the example
	// of most survival textbooks): S(22) = 0.538, S(23) = 0.448, median 23.
	l := lives(
		[]float64{6, 6, 6, 7, 10, 13, 16, 22, 23},
		[]float64{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35},
	)
	for _, c := range []struct{ p, want float64 }{
		{0.10, 6},  // S(6) = 0.857
		{0.15, 7},  // S(7) = 0.807
		{0.20, 10}, // S(10) = 0.753
		{0.30, 13}, // S(13) = 0.690
		{0.35, 16}, // S(16) = 0.627
		{0.40, 22}, // S(22) = 0.538
		{0.50, 23}, // S(23) = 0.448
		{0.55, 23},
	} {
		if got, ok := l.quantile(c.p, true); !ok || got != c.want {
			t.Errorf("quantile(%v) = %v, %v, want %v", c.p, got, ok, c.want)
		}
	}
	if got, ok := l.quantile(0.56, true); ok {
		t.Errorf("quantile(0.56) = %v, want none: the curve ends at 0.552", got)
	}
}

func TestKaplanMeierByHand(t *testing.T) {
	// At risk 5: S(1) = 4/5. One leaves at 1.5. At risk 3: S(2) = 4/5*2/3 =
	// 8/15, S(3) = 4/15, S(4) = 0.
	l := lives([]float64{1, 2, 3, 4}, []float64{1.5})
	for _, c := range []struct{ p, want float64 }{{0.19, 1}, {0.21, 2}, {0.46, 2}, {0.47, 3}, {0.73, 3}, {0.74, 4}} {
		if got, ok := l.quantile(c.p, false); !ok || got != c.want {
			t.Errorf("quantile(%v) = %v, %v, want %v", c.p, got, ok, c.want)
		}
	}
}

func TestMedianOfAnEvenNumberIsTheMiddleOfTheTwo(t *testing.T) {
	if got, ok := lives([]float64{4, 1, 3, 2}, nil).quantile(0.5, true); !ok || got != 2.5 {
		t.Errorf("median of 1 2 3 4 = %v, %v, want 2.5", got, ok)
	}
	if got, ok := lives([]float64{1, 2, 3}, []float64{9}).quantile(0.5, true); !ok || got != 2.5 {
		t.Errorf("median of 1 2 3 9+ = %v, %v, want 2.5", got, ok)
	}
}

func TestMedianIsBeyondFromHalfCensored(t *testing.T) {
	if got, ok := lives([]float64{1, 2}, []float64{9, 9}).quantile(0.5, true); ok {
		t.Errorf("median of 1 2 9+ 9+ = %v, want none", got)
	}
	if got, ok := lives([]float64{1, 2, 3}, []float64{9, 9}).quantile(0.5, true); !ok || got != 3 {
		t.Errorf("median of 1 2 3 9+ 9+ = %v, %v, want 3", got, ok)
	}
	if _, ok := lives(nil, nil).quantile(0.5, true); ok {
		t.Error("the median of nothing is known")
	}
}

// directKaplanMeier walks every event, as the definition does.
func directKaplanMeier(events, censored []float64, p float64) (float64, bool) {
	slices.Sort(events)
	survival := 1.0
	for i, x := range events {
		risk := len(events) - i
		for _, c := range censored {
			if c >= x {
				risk++
			}
		}
		survival *= float64(risk-1) / float64(risk)
		if survival <= 1-p+1e-12 {
			return x, true
		}
	}
	return 0, false
}

func TestQuantileInRunsAgreesWithTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var events, censored []float64
		for range 1 + r.IntN(60) {
			v := float64(1 + r.IntN(40))
			if r.IntN(3) == 0 {
				censored = append(censored, v)
			} else {
				events = append(events, v)
			}
		}
		p := 0.001 + 0.998*r.Float64()
		l := lives(events, censored)
		got, ok := l.quantile(p, false)
		want, wantOK := directKaplanMeier(events, censored, p)
		if got != want || ok != wantOK {
			t.Fatalf("events %v censored %v p %v: %v %v, want %v %v", events, censored, p, got, ok, want, wantOK)
		}
	}
}
