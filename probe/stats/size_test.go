package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestSlopeMatchesAnExactPowerLaw(t *testing.T) {
	c := NewCollector()
	for i := range 6 {
		size := int64(131072) << i
		for k := range 5 {
			noise := 1 + 0.001*float64(k-2)
			c.Add(replicated(pair.AtoB, size, 4000*math.Pow(1.2, float64(i))*noise))
			c.Add(replicated(pair.BtoA, size, 9300*math.Pow(1.2, float64(i))*noise))
		}
	}
	v := c.CompareSizes(Once)
	if !v.Shown || math.Abs(v.Ratio-1.2) > 0.001 || v.Lower > 1.2 || v.Upper < 1.2 {
		t.Errorf("%+v, want 1.2 per doubling", v)
	}
	if want := "An object of twice the size takes 1.20 times as long (95 %: 1.20 to 1.20, n = 60)."; v.Sentence != want {
		t.Errorf("%s, want %s", v.Sentence, want)
	}
}

func TestSlopeIntervalCoversAndDirectionsDoNotLeakIntoIt(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	const runs = 1000
	covered := 0
	for range runs {
		c := NewCollector()
		for i := range 4 {
			for range 5 {
				// B → A is slower and probed with larger files more often:
				// without a level for each direction that looks like a slope.
				c.Add(replicated(pair.AtoB, 1<<(17+i), 4000*math.Exp(0.6*r.NormFloat64())))
				c.Add(replicated(pair.BtoA, 1<<(18+i), 9300*math.Exp(0.6*r.NormFloat64())))
			}
		}
		if v := c.CompareSizes(Once); v.Lower <= 1 && 1 <= v.Upper {
			covered++
		}
	}
	if share := float64(covered) / runs; share < 0.93 || share > 0.97 {
		t.Errorf("covered %.3f, want 0.95", share)
	}
}

func TestSizeSentences(t *testing.T) {
	few := NewCollector()
	for range 4 {
		few.Add(replicated(pair.AtoB, 1024, 4000))
		few.Add(replicated(pair.AtoB, 2048, 4000))
	}
	if got, want := few.CompareSizes(Once).Sentence, "Too few samples for a link to file size (n = 8; from 5 at each of two sizes)."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	crossed := NewCollector()
	for range 6 {
		crossed.Add(replicated(pair.AtoB, 1024, 4000))
		crossed.Add(replicated(pair.BtoA, 2048, 9000))
	}
	if v := crossed.CompareSizes(Once); v.Enough {
		t.Errorf("size and direction can't be told apart, yet: %s", v.Sentence)
	}
	none := NewCollector()
	for i := range 6 {
		for k := range 6 {
			none.Add(replicated(pair.AtoB, 1<<(17+i), 4000*(1+0.2*float64((k+i)%3))))
		}
	}
	if got := none.CompareSizes(Once).Sentence; !strings.HasPrefix(got, "No link to file size shown; at most ×1.") || !strings.Contains(got, " from 128 KiB to 4 MiB (95 %), either way (×1.0 per doubling, 95 %: 0.9") {
		t.Error(got)
	}
}

func TestLargeFilesThatNeverArriveLeaveTheLinkToSizeOpen(t *testing.T) {
	c := NewCollector()
	for k := range 8 {
		c.Add(replicated(pair.AtoB, 1<<20, 4000+100*float64(k)))
		late := replicated(pair.AtoB, 1<<30, 900000-float64(k))
		late.Outcome = probe.GaveUp
		c.Add(late)
	}
	v := c.CompareSizes(Once)
	if v.Enough || v.Shown || v.Sentence != "Too many gave up to say whether file size matters (8 of n = 16)." {
		t.Error(v.Sentence)
	}
}

// With a limit that cuts the tail off, a line through the limits is too flat:
// its interval would miss the truth in most runs.
func TestALimitThatCutsTheTailOffYieldsNoSlopeThatIsTooFlat(t *testing.T) {
	r := rand.New(rand.NewPCG(53, 54))
	const factor, limit = 1.5, 20000.0
	quoted, covered, naive := 0, 0, 0
	const runs = 200
	for range runs {
		c := NewCollector()
		for i := range 6 {
			for range 12 {
				s := replicated(pair.AtoB, 1<<(17+i), math.Pow(factor, float64(i))*4000*math.Exp(0.6*r.NormFloat64()))
				if s.DurationMS > limit {
					s.Outcome, s.DurationMS, s.BracketMS = probe.GaveUp, limit, [2]float64{limit, limit}
				}
				c.Add(s)
			}
		}
		if v := c.CompareSizes(Once); v.Enough {
			quoted++
			if v.Lower <= factor && factor <= v.Upper {
				covered++
			}
		}
		if v := (fitted{lines: c.fit, sizesSeen: c.sizesSeen(pair.AtoB)}).compare(Once); v.Lower <= factor && factor <= v.Upper {
			naive++
		}
	}
	if naive > runs/2 {
		t.Fatalf("limits as arrivals cover in %d of %d: the case shows nothing", naive, runs)
	}
	if quoted-covered > runs*5/100 {
		t.Errorf("%d intervals, %d of them cover", quoted, covered)
	}
}

func TestInterruptedOnesAreTheSlowTailAndLeaveTheLinkToSizeOpen(t *testing.T) {
	c := interleavedExactly(40)
	for range 2 {
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 10, Outcome: probe.Interrupted, DurationMS: 600000})
	}
	c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 10, Outcome: probe.Interrupted}) // in its upload
	v := c.CompareSizes(Anytime)
	if v.Enough || v.Reason != TooManyInterrupted || v.Sentence != "Too many were interrupted to say whether file size matters (2 of 82; 1 interrupted left out)." {
		t.Errorf("%+v", v)
	}
	if v := c.CompareSizesIn(pair.BtoA, Anytime); !v.Enough {
		t.Errorf("the direction without any: %+v", v)
	}
	mixed := interleavedExactly(60)
	late := replicated(pair.AtoB, 1<<10, 900000)
	late.Outcome = probe.GaveUp
	mixed.Add(late)
	mixed.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 10, Outcome: probe.Interrupted, DurationMS: 600000})
	if v := mixed.CompareSizes(Anytime); v.Sentence != "Too many gave up or were interrupted to say whether file size matters (2 of 122)." {
		t.Errorf("%+v", v)
	}
}

func TestAFewGiveUpsAreNamedForWhatTheyCountAs(t *testing.T) {
	c := NewCollector()
	for i := range 150 {
		c.Add(replicated(pair.AtoB, 1<<(10+i%2), 4000+float64(i%7)))
	}
	late := replicated(pair.AtoB, 1<<10, 4100)
	late.Outcome = probe.GaveUp
	c.Add(late)
	if v := c.CompareSizes(Once); !v.Enough || !strings.Contains(v.Sentence, "n = 151, 1 that gave up taken for arrivals when last missed)") {
		t.Errorf("%+v", v)
	}
}

func TestTheAbsenceOfALinkIsNeverClaimedButBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(55, 56))
	const runs, factor = 300, 1.3
	covered := 0
	for range runs {
		c := NewCollector()
		for range 20 {
			for i := range 2 {
				for _, d := range pair.Directions() {
					c.Add(replicated(d, 1<<(17+3*i), math.Pow(factor, 3*float64(i))*4000*math.Exp(0.6*r.NormFloat64())))
				}
			}
		}
		v := c.CompareSizes(Once)
		if strings.Contains(v.Sentence, "ot linked") {
			t.Fatal(v.Sentence)
		}
		if v.Upper >= factor {
			covered++
		}
	}
	if covered < runs*95/100 {
		t.Errorf("the upper end is at least the truth in %d of %d", covered, runs)
	}
	c := NewCollector()
	for range 20 {
		for i, size := range []int64{1 << 17, 1 << 18, 1 << 20} {
			c.Add(replicated(pair.AtoB, size, (4000+float64(i))*math.Exp(0.3*r.NormFloat64())))
		}
		c.Add(replicated(pair.AtoB, 0, 10))
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 5 << 30, Outcome: probe.Interrupted}) // in its upload
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 30, Outcome: probe.Failed})
	}
	v := c.CompareSizes(Once)
	want := fmt.Sprintf("at most ×%s from 128 KiB to 1 MiB (95 %%)", factorText(math.Pow(max(v.Upper, 1/v.Lower), 3)))
	if !strings.Contains(v.Sentence, want) || !strings.HasSuffix(v.Sentence, ", n = 60; 0 B left out; 20 interrupted left out; 2 of 5 sizes with fewer than 5 samples).") {
		t.Errorf("%s\nwant %s", v.Sentence, want)
	}
}

func TestStudentMatchesTheTables(t *testing.T) {
	const z9995 = 3.290526731491926 // the normal distribution's 99.95 % point
	for _, c := range []struct {
		z    float64
		df   int
		want float64
	}{
		{z975, 1, 12.706},
		{z975, 2, 4.303},
		{z975, 7, 2.365},
		{z975, 10, 2.228},
		{z975, 30, 2.042},
		{z975, 120, 1.980},
		{z975, 1000, 1.962},
		{z9995, 1, 636.62},
		{z9995, 5, 6.869},
		{z9995, 8, 5.041},
		{z9995, 20, 3.850},
		{z9995, 120, 3.373},
		{z9995, 1000, 3.300},
	} {
		if got := student(c.z, c.df); math.Abs(got-c.want) > 0.0006 && math.Abs(got/c.want-1) > 1e-5 {
			t.Errorf("beyond %.2f with %d degrees of freedom: %.4f, want %.4f", c.z, c.df, got, c.want)
		}
	}
	for _, z := range []float64{z975, z9995} { // where the sum ends
		if below, above := student(z, exactStudent), student(z, exactStudent+1); math.Abs(below-above) > 4e-4 || above >= below {
			t.Errorf("beyond %.2f: %v, then %v", z, below, above)
		}
	}
}
