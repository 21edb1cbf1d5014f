package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func replicated(d pair.Direction, size int64, ms float64) probe.Sample {
	return probe.Sample{Direction: d, SizeBytes: size, DurationMS: ms, BracketMS: [2]float64{ms * 0.97, ms * 1.03}, HEADs: 14, Outcome: probe.Replicated}
}

func TestMannWhitneyRanksMatchTheTables(t *testing.T) {
	// Critical values of U, two-sided 5 %, as printed in textbooks (such as
	// Siegel, Nonparametric Statistics, table K); the rank is one more.
	for _, c := range []struct{ n, m, critical int }{
		{4, 4, 0},
		{5, 5, 2},
		{6, 6, 5},
		{7, 7, 8},
		{8, 8, 13},
		{9, 9, 17},
		{10, 10, 23},
		{12, 12, 37},
		{15, 15, 64},
		{20, 20, 127},
		{5, 9, 7},
		{6, 13, 16},
		{8, 16, 31},
	} {
		if got := mannWhitneyRank(c.n, c.m, z975) - 1; got != c.critical {
			t.Errorf("n = %d, m = %d: U %d, want %d", c.n, c.m, got, c.critical)
		}
	}
}

func TestNormalMannWhitneyRankMeetsTheExactOne(t *testing.T) {
	n := exactMannWhitney
	exact := mannWhitneyRank(n, n, z975)
	mean, spread := float64(n*n)/2, math.Sqrt(float64(n*n)*float64(2*n+1)/12)
	if normal := int(mean - z975*spread + 0.5); max(normal-exact, exact-normal) > 1 {
		t.Errorf("exact %d, normal %d", exact, normal)
	}
}

func TestRatioIsTheMedianOfAllRatios(t *testing.T) {
	c := NewCollector()
	a, b := []float64{1000, 2000, 4000, 5000, 9000}, []float64{3000, 7000, 8000, 11000}
	var ratios []float64
	for _, x := range a {
		c.Add(replicated(pair.AtoB, 1024, x))
		for _, y := range b {
			ratios = append(ratios, y/x)
		}
	}
	for _, y := range b {
		c.Add(replicated(pair.BtoA, 1024, y))
	}
	slices.Sort(ratios)
	v := c.CompareDirections(Once)
	// n = 5 and 4: P(U <= 1) = 2/126 = 1.6 %, P(U <= 2) = 4/126 = 3.2 %, so
	// the interval runs from the 2nd to the 19th of the 20 ratios.
	for name, pair := range map[string][2]float64{
		"ratio": {v.Ratio, math.Sqrt(ratios[9] * ratios[10])},
		"lower": {v.Lower, ratios[1]},
		"upper": {v.Upper, ratios[18]},
	} {
		if math.Abs(pair[0]/pair[1]-1) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestThinnedComparisonAgreesWithAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const n = 3000
	c := NewCollector()
	var x, y []float64
	for range n {
		a, b := 4000*math.Exp(0.6*r.NormFloat64()), 5000*math.Exp(0.6*r.NormFloat64())
		x, y = append(x, math.Log(a)), append(y, math.Log(b))
		c.Add(replicated(pair.AtoB, 1024, a))
		c.Add(replicated(pair.BtoA, 1024, b))
	}
	slices.Sort(x)
	slices.Sort(y)
	all := differences{x: x, y: y}
	rank := float64(mannWhitneyRank(n, n, z975))
	v := c.CompareDirections(Once)
	for name, got := range map[string][2]float64{
		"ratio": {v.Ratio, math.Exp(all.ranked(n*n/2, 0.5))},
		"lower": {v.Lower, math.Exp(all.ranked(rank, 1))},
		"upper": {v.Upper, math.Exp(all.ranked(n*n+1-rank, 0))},
	} {
		if math.Abs(got[0]-got[1]) > 0.003 { // the interval is 0.075 wide
			t.Errorf("%s: thinned %v, all pairs %v", name, got[0], got[1])
		}
	}
}

func TestDirectionIntervalCoversTheTrueRatio(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	const runs = 1000
	covered, false1 := 0, 0
	for range runs {
		c, same := NewCollector(), NewCollector()
		for range 12 {
			a, b := 4000*math.Exp(0.6*r.NormFloat64()), 4000*math.Exp(0.6*r.NormFloat64())
			c.Add(replicated(pair.AtoB, 1024, a))
			c.Add(replicated(pair.BtoA, 1024, 2.36*b))
			same.Add(replicated(pair.AtoB, 1024, a))
			same.Add(replicated(pair.BtoA, 1024, b))
		}
		if v := c.CompareDirections(Once); v.Lower <= 2.36 && 2.36 <= v.Upper {
			covered++
		}
		if same.CompareDirections(Once).Shown {
			false1++
		}
	}
	if share := float64(covered) / runs; share < 0.94 {
		t.Errorf("covered %.3f, want 0.95", share)
	}
	if share := float64(false1) / runs; share > 0.06 {
		t.Errorf("a difference shown in %.3f of the runs without one, want 0.05", share)
	}
}

func TestDirectionSentencesSayOnlyWhatIsShown(t *testing.T) {
	spread := []float64{0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3}
	build := func(factor float64, n, gaveUpB int) *Collector {
		c := NewCollector()
		for i := range n {
			c.Add(replicated(pair.AtoB, 1024, 4000*spread[i]))
			b := replicated(pair.BtoA, 1024, 4000*factor*spread[i])
			if i >= n-gaveUpB {
				b.Outcome, b.DurationMS = probe.GaveUp, 900000
			}
			c.Add(b)
		}
		return c
	}
	brokenOff := build(2.3, 4, 0)
	brokenOff.directions[pair.AtoB] = group{}
	delete(brokenOff.cells, cellKey{pair.AtoB, 1024})
	for i, ms := range []float64{4000, 4100, 4200, 1} {
		sample := replicated(pair.AtoB, 1024, ms)
		if i == 3 {
			sample.Outcome = probe.Interrupted
		}
		brokenOff.Add(sample)
	}
	quitEarly := build(1, 7, 0)
	quitEarly.directions[pair.BtoA] = group{}
	delete(quitEarly.cells, cellKey{pair.BtoA, 1024})
	for i := range 7 {
		sample := replicated(pair.BtoA, 1024, 1000*float64(i+1))
		if i > 0 {
			sample.Outcome = probe.Interrupted
		}
		quitEarly.Add(sample)
	}
	for _, c := range []struct {
		name string
		from *Collector
		want string
	}{
		{"too few", build(2.3, 3, 0), "Too few samples for a comparison (n = 3 and 3; from 4 each)."},
		{"too few that count", brokenOff, "Too few samples for a comparison (3 and 4 count, of n = 4 and 4; from 4 each)."},
		{"slower back", build(2.3, 7, 0), "B → A takes 2.3 times as long (95 %: 1.7 to 3.1, n = 7 and 7)."},
		{"faster back", build(1/2.3, 7, 0), "A → B takes 2.3 times as long (95 %: 1.7 to 3.1, n = 7 and 7)."},
		{"nothing shown", build(1, 7, 0), "No difference between the directions shown (ratio 1.0, 95 %: 0.8 to 1.3, n = 7 and 7)."},
		{"broken off early", quitEarly, "Too few arrivals were seen for a comparison (n = 7 and 7, of which 7 and 1 arrived)."},
		{"most gave up", build(2.3, 7, 5), "B → A takes longer, by how much is not known: too many gave up (95 %: at least 1.8, n = 7 and 7, of which 7 and 2 arrived)."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.from.CompareDirections(Once).Sentence; got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatWasSuspendedIsCountedAsLeftOut(t *testing.T) {
	c := interleavedExactly(12)
	asleep := replicated(pair.BtoA, 1<<10, 500000)
	asleep.Outcome = probe.Suspended
	before := c.CompareDirections(Once)
	c.Add(asleep)
	for name, v := range map[string]Verdict{
		"directions": c.CompareDirections(Once), "sizes": c.CompareSizes(Once), "runs": CompareRuns(interleavedExactly(12), c, pair.BtoA, Once),
	} {
		if !v.Enough || !strings.Contains(v.Sentence, "; 1 suspended left out)") {
			t.Errorf("%s: %s", name, v.Sentence)
		}
	}
	if after := c.CompareDirections(Once); after.Ratio != before.Ratio || after.Upper != before.Upper || strings.Contains(before.Sentence, "suspended") {
		t.Errorf("%+v, before %+v", after, before)
	}
}

func TestSameGiveUpsOnBothSidesAreNotADifference(t *testing.T) {
	c := NewCollector()
	for range 20 {
		for _, d := range pair.Directions() {
			s := replicated(d, 1024, 900000)
			s.Outcome = probe.GaveUp
			c.Add(s)
		}
	}
	v := c.CompareDirections(Once)
	if v.Shown || !strings.Contains(v.Sentence, "too many gave up") {
		t.Errorf("shown %v: %s", v.Shown, v.Sentence)
	}
	if e := v.Event(); e.Lower != nil && *e.Lower != 0 || e.Upper != nil {
		t.Errorf("the interval of nothing but give-ups is bounded: %+v", e)
	}
}

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
	if want := "Each doubling of the size takes 1.20 times as long (95 %: 1.20 to 1.20, n = 60)."; v.Sentence != want {
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
	if got := none.CompareSizes(Once).Sentence; !strings.HasPrefix(got, "No link to file size shown; at most ×1.") || !strings.Contains(got, "measured (95 %), either way (×1.0 per doubling, 95 %: 0.9") {
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
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 5 << 30, Outcome: probe.Interrupted, DurationMS: 600000})
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 30, Outcome: probe.Failed})
	}
	v := c.CompareSizes(Once)
	want := fmt.Sprintf("at most ×%s between the smallest and the largest size measured (95 %%)", factorText(math.Pow(max(v.Upper, 1/v.Lower), 3)))
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

func TestRatiosNeverReadAsOneUnlessTheyAre(t *testing.T) {
	for r, want := range map[float64]string{2.3: "2.3", 11.7: "12", 9.96: "10", 0.8: "0.8", 1.03: "1.03", 0.97: "0.97", 1.004: "1.004", 0.05: "0.05", 1: "1.0"} {
		if got := ratioText(r); got != want {
			t.Errorf("ratioText(%v) = %s, want %s", r, got, want)
		}
	}
}
