package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bothways/probe"
)

func TestMedianRanksMatchTheBinomialTables(t *testing.T) {
	for n, want := range map[int][2]int{
		6: {1, 6}, 8: {1, 8}, 9: {2, 8}, 10: {2, 9}, 12: {3, 10}, 15: {4, 12},
		20: {6, 15}, 25: {8, 18}, 30: {10, 21}, 50: {18, 33}, 100: {40, 61},
	} {
		lower, upper, ok := rankInterval(n, 0.5)
		if !ok || [2]int{lower, upper} != want {
			t.Errorf("n = %d: [%d, %d] %v, want %v", n, lower, upper, ok, want)
		}
	}
}

func TestIntervalsExistFromTheStatedNumberOfSamples(t *testing.T) {
	for _, c := range []struct {
		p    float64
		from int
	}{{0.5, 6}, {0.9, 29}, {0.95, 59}, {0.99, 299}} {
		if got := fewestFor(c.p); got != c.from {
			t.Errorf("p = %v needs %d, want %d", c.p, got, c.from)
		}
		if _, _, ok := rankInterval(c.from-1, c.p); ok {
			t.Errorf("p = %v has an interval at n = %d", c.p, c.from-1)
		}
		lower, upper, ok := rankInterval(c.from, c.p)
		if !ok || lower < 1 || upper != c.from {
			t.Errorf("p = %v at n = %d: [%d, %d] %v", c.p, c.from, lower, upper, ok)
		}
	}
}

func TestRankIntervalsCoverAtLeast95PercentExactly(t *testing.T) {
	for _, p := range []float64{0.5, 0.9, 0.95, 0.99} {
		for n := 1; n <= 400; n++ {
			lower, upper, ok := rankInterval(n, p)
			if !ok {
				continue
			}
			covered := 0.0
			for k := lower; k < upper; k++ {
				covered += binomial(n, k, p)
			}
			if lower < 1 || upper > n || covered < confidence-1e-9 {
				t.Fatalf("p %v n %d: [%d, %d] covers %v", p, n, lower, upper, covered)
			}
		}
	}
}

func TestNormalRanksStayWithinOneOfTheExactOnes(t *testing.T) {
	for _, p := range []float64{0.5, 0.9, 0.95, 0.99} {
		n := exactRanks
		lower, upper, _ := rankInterval(n, p)
		mean, spread := float64(n)*p, z975*math.Sqrt(float64(n)*p*(1-p))
		if math.Abs(mean-spread-float64(lower)) > 1.5 || math.Abs(mean+spread+1-float64(upper)) > 1.5 {
			t.Errorf("p %v: exact [%d, %d], normal [%.1f, %.1f]", p, lower, upper, mean-spread, mean+spread+1)
		}
	}
}

func TestMedianIntervalCoversTheTruth(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const runs = 2000
	for _, n := range []int{6, 12, 30} {
		covered, withGiveUps := 0, 0
		for range runs {
			var all, kept, censored []float64
			for range n {
				v := 4000 * math.Exp(0.6*r.NormFloat64())
				all = append(all, v)
				if v > 7000 { // about 18 % give up
					censored = append(censored, 7000)
				} else {
					kept = append(kept, v)
				}
			}
			if covers(lives(all, nil), 4000) {
				covered++
			}
			if covers(lives(kept, censored), 4000) {
				withGiveUps++
			}
		}
		for name, count := range map[string]int{"complete": covered, "with give-ups": withGiveUps} {
			if share := float64(count) / runs; share < 0.94 {
				t.Errorf("n = %d, %s: covered %.3f, want 0.95", n, name, share)
			}
		}
	}
}

func TestMedianIntervalCoversTheTruthWhenRunsAreInterrupted(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const runs, n = 2000, 20
	covered := 0
	for range runs {
		var kept, censored []float64
		for range n {
			v := 4000 * math.Exp(0.6*r.NormFloat64())
			if stop := 12000 * r.Float64(); stop < v {
				censored = append(censored, stop)
			} else {
				kept = append(kept, v)
			}
		}
		if covers(lives(kept, censored), 4000) {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.94 {
		t.Errorf("covered %.3f, want 0.95", share)
	}
}

// exactly is a group whose brackets are points.
func exactly(l *lifetimes) *group {
	return &group{times: *l, earliest: l.events, latest: l.events}
}

func covers(l *lifetimes, truth float64) bool {
	q := exactly(l).quantile(0.5, independent())
	if q.State == NotEnough {
		return true // nothing claimed
	}
	want := probe.Duration(truth)
	return q.Lower <= want && (q.Open || want <= q.Upper)
}

func TestDroppingGiveUpsWouldShortenTheMedianAndKeepingThemDoesNot(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	var kept, censored []float64
	for range 20000 {
		v := 9300 * math.Exp(0.6*r.NormFloat64())
		if v > 10000 {
			censored = append(censored, 10000)
		} else {
			kept = append(kept, v)
		}
	}
	dropped, _ := lives(slices.Clone(kept), nil).quantile(0.5, true)
	honest, ok := lives(kept, censored).quantile(0.5, true)
	if math.Abs(dropped-6490) > 150 {
		t.Errorf("median without the give-ups %.0f, want about 6490", dropped)
	}
	if !ok || math.Abs(honest-9300) > 150 {
		t.Errorf("median %.0f, want about 9300", honest)
	}
}

func TestQuantileAmongGiveUpsIsBeyondTheLimit(t *testing.T) {
	l := lives([]float64{1000, 2000, 3000, 4000, 5000}, []float64{9000, 9000, 9000, 9000, 9000, 9000, 9000})
	q := exactly(l).quantile(0.5, independent())
	want := Quantile{State: Beyond, Value: 9 * time.Second, Lower: 3 * time.Second, Upper: 9 * time.Second, Open: true}
	if q != want {
		t.Errorf("%+v, want %+v", q, want)
	}
	if longest := exactly(l).maximum(); longest.State != Beyond || longest.Value != 9*time.Second {
		t.Errorf("maximum %+v, want beyond 9 s", longest)
	}
}

func TestAQuantileBeyondIsOverNoMoreThanTheSamplesProve(t *testing.T) {
	var arrived, gaveUp []float64
	for i := range 12 {
		arrived, gaveUp = append(arrived, 1000+85*float64(i)), append(gaveUp, 2000+8*float64(i))
	}
	// Half arrived, the last in 1,935 ms, and the first give-up was watched for
	// 2,000 ms: had it arrived a moment later, the median were between the two.
	q := exactly(lives(arrived, gaveUp)).quantile(0.5, independent())
	if q.State != Beyond || q.Value > 1968*time.Millisecond || q.Lower > 2*time.Second {
		t.Errorf("half gave up: %+v", q)
	}
	// Of 15 in flight for 0 to 22 s one is the oldest: it says nothing of the others.
	var flying []float64
	for i := range 11 {
		flying = append(flying, 2200*float64(i))
	}
	q = exactly(lives([]float64{3000, 3500, 4000, 5000}, flying)).quantile(0.5, independent())
	if q.State == Beyond && (q.Value > 7*time.Second || q.Lower > 7*time.Second) || q.State == Known {
		t.Errorf("most are in flight: %+v", q)
	}
}

func TestProbesInterruptedAtOnceDoNotPretendToALargerNumber(t *testing.T) {
	l := lives([]float64{1, 2, 3, 4, 5}, []float64{0, 0, 0, 0, 0, 0})
	if q := exactly(l).quantile(0.5, independent()); q.State != NotEnough {
		t.Errorf("five results and six interrupted at once: %+v, want not enough", q)
	}
}
