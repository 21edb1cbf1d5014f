package stats

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestMannWhitneyRanksOfAnotherLevelMatchTheTables(t *testing.T) {
	const z995 = 2.5758293035489004
	// Critical values of U, two-sided 1 %; the rank is one more.
	for _, c := range []struct{ n, m, critical int }{
		{5, 5, 0}, {6, 6, 2}, {8, 8, 7}, {10, 10, 16}, {12, 12, 27}, {15, 15, 51}, {20, 20, 105}, {4, 9, 1}, {20, 4, 8},
	} {
		if got := mannWhitneyRank(c.n, c.m, z995) - 1; got != c.critical {
			t.Errorf("n = %d, m = %d: U %d, want %d", c.n, c.m, got, c.critical)
		}
	}
	for _, c := range [][2]int{{4, 4}, {3, 8}, {2, 18}, {0, 9}, {1, 40000}} {
		if got := mannWhitneyRank(c[0], c[1], z995); got != 0 {
			t.Errorf("n = %d, m = %d cannot reach 1 %%, yet rank %d", c[0], c[1], got)
		}
	}
}

func TestTheWidthForEveryLookIsTheNormalMixtureBoundary(t *testing.T) {
	if Once.widthAt(7) != z975 {
		t.Errorf("one look: %v", Once.widthAt(7))
	}
	for _, n := range []float64{1, 7, 20, 36.5, 72, 10000} {
		// The mixture's likelihood ratio at the boundary is 1/α: the integral of
		// exp(θs - θ²n/2) over θ normal with mean 0 and variance 1/r, s = z√n.
		z, r := Anytime.widthAt(n), float64(mixture)
		s := z * math.Sqrt(n)
		ratio := math.Sqrt(r/(n+r)) * math.Exp(s*s/(2*(n+r)))
		if math.Abs(ratio*.05-1) > 1e-9 || SoFar.widthAt(n) != z {
			t.Errorf("n = %v: the likelihood ratio at %v is %v, want 20", n, z, ratio)
		}
	}
	if n := harmonic(10, 40); math.Abs(n-16) > 1e-12 {
		t.Errorf("10 and 40 tell as much as %v each", n)
	}
}

// apart holds n samples in each direction that do not overlap.
func apart(n int) *Collector {
	c := NewCollector()
	for i := range n {
		c.Add(replicated(pair.AtoB, 1024, 1000+float64(i)))
		c.Add(replicated(pair.BtoA, 1024, 3000+float64(i)))
	}
	return c
}

func TestBelowTwelveEachNothingIsShownBeforeTheEnd(t *testing.T) {
	if fewest := Anytime.fewest(); fewest != 12 || Once.fewest() != 4 {
		t.Errorf("from %d and %d each", fewest, Once.fewest())
	}
	for looks, want := range map[Looks]string{
		SoFar:   "Too few samples so far for a comparison (n = 7 each; from 12 each).",
		Anytime: "Too few samples for a comparison (n = 7 each; from 12 each).",
		Once:    "B → A takes 3.0 times as long as A → B (95 %: 3.0 to 3.0, n = 7 each).",
	} {
		v := apart(7).CompareDirections(looks)
		if v.Sentence != want || v.Shown != (looks == Once) || v.Reason == TooFew == (looks == Once) || v.N != [2]int{7, 7} {
			t.Errorf("%d: %+v", looks, v)
		}
	}
	if v := apart(12).CompareDirections(SoFar); !v.Shown || v.Sentence != "So far B → A takes 3.0 times as long as A → B (95 % at every look: 3.0 to 3.0, n = 12 each)." {
		t.Errorf("%+v", v)
	}
	if v := apart(9).CompareSizesIn(pair.AtoB, SoFar); !strings.HasPrefix(v.Sentence, "So far A → B: too few samples") {
		t.Error(v.Sentence)
	}
}

func TestAnIntervalForEveryLookIsWiderThanForOne(t *testing.T) {
	c := interleavedExactly(40)
	once, always := c.CompareDirections(Once), c.CompareDirections(Anytime)
	if !(always.Lower < once.Lower && once.Upper < always.Upper) || always.Ratio != once.Ratio {
		t.Errorf("%+v and %+v", once, always)
	}
	if once.WouldShow >= always.WouldShow || once.WouldShow <= 1 {
		t.Errorf("would have shown %v and %v", once.WouldShow, always.WouldShow)
	}
	once, always = c.CompareSizes(Once), c.CompareSizes(Anytime)
	if !(always.Lower < once.Lower && once.Upper < always.Upper) || once.N != [2]int{40, 40} {
		t.Errorf("sizes: %+v and %+v", once, always)
	}
}

// interleavedExactly holds n samples of two sizes in each direction, spread
// alike.
func interleavedExactly(n int) *Collector {
	c := NewCollector()
	for i := range n {
		for _, d := range pair.Directions() {
			c.Add(replicated(d, 1<<(10+i%2), 4000*math.Exp(.6*math.Sin(float64(3*i)+float64(d)))))
		}
	}
	return c
}

func TestOnlyARunThatEndedAsPlannedIsLookedAtOnce(t *testing.T) {
	rounds := probe.Config{Sizes: []int64{1}, Rounds: 3, Every: time.Second}
	length := probe.Config{Sizes: []int64{1}, For: time.Minute, Every: time.Second}
	for _, one := range []struct {
		cfg     probe.Config
		samples int
		last    probe.Outcome
		want    Looks
	}{
		{rounds, 6, probe.Replicated, Once},
		{rounds, 6, probe.GaveUp, Once},
		{length, 120, probe.Failed, Once},
		{probe.Config{Sizes: []int64{1}, Every: time.Second}, 6, probe.Replicated, Anytime},
		{rounds, 5, probe.Replicated, Anytime},
		{rounds, 6, probe.Interrupted, Anytime},
		{length, 119, probe.Replicated, Anytime},
	} {
		c := NewCollector()
		for i := range one.samples {
			s := replicated(pair.Direction(i%2), 1, 4000)
			if i == one.samples-1 {
				s.Outcome = one.last
			}
			c.Add(s)
		}
		if got := c.AtEnd(one.cfg); got != one.want {
			t.Errorf("%d samples, the last one %s, of %+v: %d, want %d", one.samples, one.last, one.cfg, got, one.want)
		}
	}
}

func TestAVerdictsEventSaysItsKindItsNumbersAndWhyItSaysNothing(t *testing.T) {
	for looks, want := range map[Looks]string{Once: `"interval":"one_look"`, Anytime: `"interval":"anytime"`, SoFar: `"interval":"anytime"`} {
		line, err := json.Marshal(apart(12).CompareDirections(looks).Event())
		if err != nil || !strings.Contains(string(line), want) || !strings.Contains(string(line), `"n":[12,12]`) || strings.Contains(string(line), "reason") {
			t.Errorf("%s, want %s", line, want)
		}
	}
	gaveUp, early := NewCollector(), NewCollector()
	for i := range 40 {
		for _, d := range pair.Directions() {
			late := replicated(d, 1<<(10+i%2), 900000)
			late.Outcome = probe.GaveUp
			gaveUp.Add(late)
			early.Add(atFirst(d, 1<<(10+i%2), 500))
		}
	}
	shares, _ := flying(20, 20)
	quit := apart(8)
	quit.directions[pair.BtoA] = group{}
	for i := range 8 {
		s := replicated(pair.BtoA, 1024, 100+float64(i))
		if i > 0 {
			s.Outcome = probe.Interrupted
		}
		quit.directions[pair.BtoA].add(s)
	}
	quit.corrected = [2]group{}
	for _, c := range []struct {
		v    Verdict
		want Reason
	}{
		{apart(3).CompareDirections(Once), TooFew},
		{apart(3).CompareSizes(Once), TooFew},
		{gaveUp.CompareSizes(Once), TooManyGaveUp},
		{early.CompareSizes(Once), TooManyAtFirst},
		{shares.CompareDirections(Once), SharesDiffer},
		{quit.CompareDirections(Once), TooFewArrivals},
		{CompareRuns(shares, apart(30), pair.AtoB, Once), SharesDiffer},
		{CompareRuns(apart(3), apart(30), pair.AtoB, Once), TooFew},
	} {
		if c.v.Enough || c.v.Reason != c.want || c.v.N == [2]int{} {
			t.Errorf("want %s: %+v", c.want, c.v)
		}
	}
}

// atFirst is a sample that the first poll, after so many milliseconds, found.
func atFirst(d pair.Direction, size int64, ms float64) probe.Sample {
	s := replicated(d, size, ms/2)
	s.LeftCensored, s.BracketMS = true, [2]float64{0, ms}
	return s
}
