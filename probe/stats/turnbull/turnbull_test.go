package turnbull

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// naiveTurnbull is the self-consistent distribution by its definition: mass on
// every span between two neighbouring ends, each bracket's shared out in
// proportion, until nothing moves.
func naiveTurnbull(brackets []Bracket) (ends, upTo []float64) {
	for _, b := range brackets {
		ends = append(ends, b.Low, b.High)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	mass := make([]float64, len(ends)) // mass[i] lies after ends[i-1], up to ends[i]
	for i := range mass {
		mass[i] = 1 / float64(len(mass))
	}
	first, last := make([]int, len(brackets)), make([]int, len(brackets))
	for k, b := range brackets {
		first[k], _ = slices.BinarySearch(ends, b.Low)
		last[k], _ = slices.BinarySearch(ends, b.High)
	}
	for range 10_000 {
		next := make([]float64, len(mass))
		for k := range brackets {
			sum := 0.0
			for _, m := range mass[first[k]+1 : last[k]+1] {
				sum += m
			}
			sum *= float64(len(brackets))
			for i := first[k] + 1; i <= last[k]; i++ {
				next[i] += mass[i] / sum
			}
		}
		mass = next
	}
	sum := 0.0
	for _, m := range mass {
		sum += m
		upTo = append(upTo, sum)
	}
	return ends, upTo
}

func logLikelihood(brackets []Bracket, upTo func(ms float64) float64) (sum float64) {
	for _, b := range brackets {
		sum += math.Log(upTo(b.High) - upTo(b.Low))
	}
	return sum
}

// at is the share up to an end of a bracket, where it is known.
func (d Distribution) at(ms float64) float64 {
	share := 0.0
	for i, inner := range d.inner {
		if inner.High <= ms {
			share = d.upTo[i]
		}
	}
	return share
}

func TestTheMostLikelyDistributionIsThatOfThePlainIteration(t *testing.T) {
	for seed, cut := range []bool{false, true, false, true} {
		r := rand.New(rand.NewPCG(uint64(seed), 150))
		var brackets []Bracket
		for range 150 {
			truth, low := 4000*math.Exp(.6*r.NormFloat64()), 0.0
			at := 300 * (1 + r.Float64())
			for at < truth {
				low, at = at, at*(1+.2*(.5+r.Float64()))
			}
			if cut && r.IntN(5) == 0 {
				at = math.Inf(1)
			}
			brackets = append(brackets, Bracket{low, at})
		}
		e, ok := Estimate(brackets)
		if !ok {
			t.Fatal("it was not found")
		}
		ends, naive := naiveTurnbull(brackets)
		plain := func(ms float64) float64 {
			i, _ := slices.BinarySearch(ends, ms)
			return naive[i]
		}
		for _, inner := range e.Likeliest.inner {
			if got, want := e.Likeliest.at(inner.High), plain(inner.High); math.Abs(got-want) > 2e-3 {
				t.Errorf("up to %v it is %.4f, the plain iteration comes to %.4f", inner.High, got, want)
			}
		}
		got, want := logLikelihood(brackets, e.Likeliest.at), logLikelihood(brackets, plain)
		if most := openAtEnd * float64(len(brackets)); got < want-most {
			t.Errorf("its likelihood is %.6f, that of the plain iteration %.6f", got, want)
		}
		if before := logLikelihood(brackets, e.Smooth.at); before > got {
			t.Errorf("the smooth one is more likely: %.4f", before)
		}
	}
}

// Without brackets it is the empirical distribution, and with times that were cut
// off Kaplan and Meier's.
func TestOfExactTimesTheMostLikelyDistributionIsKaplanAndMeiers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var brackets []Bracket
	for i := range 200 {
		ms := math.Round(4000 * math.Exp(r.NormFloat64()))
		if i%6 == 0 {
			brackets = append(brackets, Bracket{ms, math.Inf(1)})
			continue
		}
		brackets = append(brackets, Bracket{ms, ms})
	}
	e, ok := Estimate(brackets)
	if !ok {
		t.Fatal("it was not found")
	}
	for p := .05; p < .9; p += .0501 {
		want := kaplanMeier(brackets, p)
		if from, to := e.Likeliest.From(p), e.Likeliest.To(p); from != want || to != want {
			t.Errorf("it comes to %.3f from %v to %v, want %v", p, from, to, want)
		}
	}
}

// kaplanMeier is when the share p has come, by the product over all times.
func kaplanMeier(times []Bracket, p float64) float64 {
	var arrivals []float64
	for _, b := range times {
		if b.Low == b.High {
			arrivals = append(arrivals, b.Low)
		}
	}
	slices.Sort(arrivals)
	left := 1.0
	for _, ms := range slices.Compact(arrivals) {
		waiting, came := 0.0, 0.0
		for _, b := range times {
			if b.Low >= ms {
				waiting++
			}
			if b.High == ms {
				came++
			}
		}
		if left *= 1 - came/waiting; 1-left >= p {
			return ms
		}
	}
	return math.Inf(1)
}

func TestInnermostIntervals(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name     string
		brackets []Bracket
		inner    []Bracket
		spans    []spanned
	}{
		{"all the same", []Bracket{{3900, 4250}, {3900, 4250}}, []Bracket{{3900, 4250}}, []spanned{{0, 0}, {0, 0}}},
		{"they overlap", []Bracket{{1, 3}, {2, 5}, {4, 6}}, []Bracket{{2, 3}, {4, 5}}, []spanned{{0, 0}, {0, 1}, {1, 1}}},
		{"one ends where the next begins", []Bracket{{1, 3}, {3, 5}}, []Bracket{{1, 3}, {3, 5}}, []spanned{{0, 0}, {1, 1}}},
		{"an exact time at an end", []Bracket{{1, 3}, {3, 3}, {3, 5}}, []Bracket{{3, 3}, {3, 5}}, []spanned{{0, 0}, {0, 0}, {1, 1}}},
		{"cut off", []Bracket{{1, 3}, {2, inf}, {4, inf}}, []Bracket{{2, 3}, {4, inf}}, []spanned{{0, 0}, {0, 1}, {1, 1}}},
	} {
		inner, spans := innermost(c.brackets)
		if !slices.Equal(inner, c.inner) || !slices.Equal(spans, c.spans) {
			t.Errorf("%s: %v and %v, want %v and %v", c.name, inner, spans, c.inner, c.spans)
		}
	}
}

// Four brackets have a tick at 4 in them, and two that belong to a later one begin
// between it and the first end behind it, so that the most likely place is past both.
func TestBeforeGoesBeyondSingleBracketsThatBegin(t *testing.T) {
	e, ok := Estimate([]Bracket{
		{1, 2}, {1.5, 2.5}, {3.5, 4.3}, {3.6, 4.4}, {3.7, 4.5}, {3.8, 4.6}, {4.1, 5.3}, {4.2, 5.4}, {4.8, 5.5}, {4.9, 5.6}, {6, 7}, {6.5, math.Inf(1)},
	})
	if !ok {
		t.Fatal("no estimate")
	}
	d := e.Likeliest
	if from := d.From(.5); from <= 4 {
		t.Fatalf("the most likely place begins at %v, and the tick at 4 is in it", from)
	}
	if before := d.Before(.5, 2); before >= 4 || before < 3.5 {
		t.Errorf("before it is %v, and not the tick at 4", before)
	}
	if before := d.Before(.5, 0); before != d.From(.5) {
		t.Errorf("beyond no beginning it is %v, want %v", before, d.From(.5))
	}
	if before := d.Before(.5, 100); before != 1 {
		t.Errorf("before everything is %v", before)
	}
}
