package stats

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

var dawn = time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)

// every10s are samples of a direction, one every ten seconds, of sizes in turn.
func every10s(ms []float64, sizes ...int64) (samples []probe.Sample) {
	for i, v := range ms {
		samples = append(samples, probe.Sample{
			Direction: pair.BtoA, SizeBytes: sizes[i%len(sizes)], SinceStartMS: 1 + 10_000*float64(i), Outcome: probe.Replicated,
			DurationMS: v, BracketMS: [2]float64{.96 * v, 1.04 * v},
		})
	}
	return samples
}

// levelled are delays whose logarithms are an autoregression around levels that
// begin at so many shares of them.
func levelled(r *rand.Rand, n int, phi float64, levels ...float64) []float64 {
	ms, v := make([]float64, n), r.NormFloat64()
	for i := range ms {
		ms[i] = levels[i*len(levels)/n] * math.Exp(.6*v)
		v = phi*v + math.Sqrt(1-phi*phi)*r.NormFloat64()
	}
	return ms
}

func TestChangesOfLevelAreFoundWhereTheyWere(t *testing.T) {
	for name, c := range map[string]struct {
		levels []float64
		phi    float64
		starts []int // of 90, within 6
	}{
		"one":                       {[]float64{4000, 19000}, 0, []int{0, 45}},
		"one and dependence":        {[]float64{4000, 19000}, .5, []int{0, 45}},
		"a slow time":               {[]float64{4000, 19000, 4000}, 0, []int{0, 30, 60}},
		"up and further":            {[]float64{2000, 8000, 40000}, 0, []int{0, 30, 60}},
		"none":                      {[]float64{4000}, 0, []int{0}},
		"none, but they come alike": {[]float64{4000}, .5, []int{0}},
	} {
		r, found := rand.New(rand.NewPCG(2, 8)), 0
		const runs = 60
		for range runs {
			stretches := Stretches(every10s(levelled(r, 90, c.phi, c.levels...), 1), dawn, pair.BtoA)
			fits := len(stretches) == len(c.starts)
			for i := 0; fits && i < len(stretches); i++ {
				begins := (stretches[i].From - time.Millisecond) / (10 * time.Second)
				fits = math.Abs(float64(begins)-float64(c.starts[i])) <= 6
			}
			if fits {
				found++
			}
		}
		if found < runs*8/10 {
			t.Errorf("%s: found in %d of %d", name, found, runs)
		}
	}
}

func TestAStretchSumsUpItsOwnTimes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 8))
	samples := every10s(levelled(r, 90, 0, 4000, 19000), 1)
	samples = append(samples, probe.Sample{ // one that was broken off in the second half
		Direction: pair.BtoA, SizeBytes: 1, SinceStartMS: 890_001, Outcome: probe.Interrupted, DurationMS: 100, BracketMS: [2]float64{100, 100},
	}, probe.Sample{Direction: pair.AtoB, SizeBytes: 1, SinceStartMS: 1, Outcome: probe.Replicated, DurationMS: 1, BracketMS: [2]float64{1, 1}})
	stretches := Stretches(samples, dawn, pair.BtoA)
	if len(stretches) != 2 || stretches[0].N+stretches[1].N != 91 || stretches[0].From != time.Millisecond || stretches[1].To != 890001*time.Millisecond {
		t.Fatalf("%+v", stretches)
	}
	if a, b := stretches[0].Median, stretches[1].Median; a.Upper > 8*time.Second || b.Lower < 10*time.Second || a.State != Known || b.State != Known {
		t.Errorf("medians %+v and %+v", a, b)
	}
	clock := func(d time.Duration) string { return dawn.Add(d).Format("15:04") }
	want := "until " + clock(stretches[1].From) + " " + stretches[0].Median.Words().WithInterval("", wording.Duration) + ", then " + stretches[1].Median.Words().WithInterval("", wording.Duration)
	if got := StretchesText(stretches, clock); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := StretchesText(stretches[:1], clock); got != "" {
		t.Errorf("without a change: %q", got)
	}
}

func TestASizeThatTakesLongerIsNoChangeOfLevel(t *testing.T) {
	r, changed := rand.New(rand.NewPCG(6, 8)), 0
	for range 40 {
		ms := levelled(r, 120, 0, 4000)
		samples := every10s(ms, 1, 1<<20)
		for i := range samples {
			if samples[i].SizeBytes == 1<<20 {
				samples[i].DurationMS *= 10
			}
			if i >= 80 { // and only the larger one is left
				samples[i].SizeBytes = 1 << 20
				samples[i].DurationMS = 10 * ms[i]
			}
		}
		if len(Stretches(samples, dawn, pair.BtoA)) != 1 {
			changed++
		}
	}
	if changed > 2 {
		t.Errorf("%d of 40 runs show a change", changed)
	}
}

func TestGiveUpsAreTheHighestLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	samples := every10s(levelled(r, 60, 0, 4000), 1)
	for i := 40; i < 60; i++ {
		samples[i].Outcome, samples[i].DurationMS, samples[i].BracketMS = probe.GaveUp, 3000, [2]float64{3000, 3000} // the limit, too
	}
	if stretches := Stretches(samples, dawn, pair.BtoA); len(stretches) != 2 || stretches[1].Median.State != Beyond {
		t.Errorf("%+v", stretches)
	}
}

func TestTooFewTimesHaveNoStretches(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 9))
	if stretches := Stretches(every10s(levelled(r, 15, 0, 1, 1e6), 1), dawn, pair.BtoA); stretches != nil {
		t.Errorf("%+v", stretches)
	}
	if stretches := Stretches(every10s(levelled(r, 16, 0, 1, 1e6), 1), dawn, pair.BtoA); len(stretches) != 2 {
		t.Errorf("eight and eight that share nothing: %+v", stretches)
	}
	if stretches := Stretches(every10s(make([]float64, 40), 1), dawn, pair.BtoA); len(stretches) != 1 {
		t.Errorf("all alike: %+v", stretches)
	}
}
