package turnbull

import (
	"math"
	"slices"
)

// Estimates are two distributions of the same times.
type Estimates struct {
	// Smooth is what a few steps of Turnbull's iteration make of one that is even
	// on a logarithmic scale: it varies from run to run as little as that of
	// exact times does, and does not follow what is much narrower than the brackets.
	Smooth Distribution
	// Likeliest is what the iteration comes to, the most likely distribution. It
	// follows anything, and varies more for it: its error shrinks with the cube root
	// of the samples only where brackets are long (Groeneboom and Wellner 1992).
	Likeliest Distribution
}

const (
	// smoothSteps was set by simulation: of 1 to 32 the one with which the two
	// together cover best, of laws with and without peaks (see sharp_coverage_test.go of package stats).
	smoothSteps = 4
	// openAtEnd is by how much the likelihood's logarithm might still grow at most,
	// for each time, when the search ends.
	openAtEnd = 1e-6
	// mostSteps is far above the 10 to 20 that it takes.
	mostSteps = 500
	shortest  = 1e-3 // ms: keeps the logarithm of a zero finite
	// halvings of a step that leads too far.
	halvings = 12
)

// Estimate finds the distributions; ok is false without brackets, and where the
// search doesn't end. Between steps of Turnbull's own it takes those of the iterative
// convex minorant algorithm (Groeneboom and Wellner 1992), with halved steps
// (Jongbloed 1998): Wellner and Zhan, "A hybrid algorithm for computation of the
// nonparametric maximum likelihood estimator from censored data", 1997. A step costs
// as much as there are brackets.
func Estimate(brackets []Bracket) (e Estimates, ok bool) {
	if len(brackets) == 0 {
		return e, false
	}
	inner, spans := innermost(brackets)
	f := newFit(inner, spans)
	begin := make([]float64, len(brackets))
	for i, b := range brackets {
		begin[i] = b.Low
	}
	slices.Sort(begin)
	for range smoothSteps {
		f.expect()
		f.share()
	}
	e.Smooth = Distribution{inner, slices.Clone(f.upTo[1:]), begin}
	for range mostSteps {
		if f.expect() < openAtEnd {
			e.Likeliest = Distribution{inner, f.upTo[1:], begin}
			return e, true
		}
		f.share()
		f.climb()
	}
	return e, false
}

// fit is the search for the most likely distribution.
type fit struct {
	spans []spanned
	upTo  []float64 // the share before each innermost interval, and after the last
	dues  []float64 // what each interval's brackets give it, over what it has
	// slope and curvature are those of the likelihood's logarithm in each of upTo,
	// the second without its sign.
	slope, curvature []float64
	next             []float64
	levels           []level
}

// level is a stretch of equal shares.
type level struct {
	share, weight float64
	n             int
}

// newFit begins with a distribution that is even on a logarithmic scale. What was
// cut off may all lie beyond the longest.
func newFit(inner []Bracket, spans []spanned) *fit {
	n := len(inner)
	row := func() []float64 { return make([]float64, n+1) }
	f := &fit{spans: spans, upTo: row(), dues: row(), slope: row(), curvature: row(), next: row(), levels: make([]level, 0, n)}
	closed := n
	if math.IsInf(inner[n-1].High, 1) {
		closed--
	}
	place := func(i int) float64 {
		return math.Log(max(shortest, inner[i].Low/2+inner[i].High/2))
	}
	const least = 1e-9 // so that nothing is impossible
	sum := 0.0
	for i := range closed {
		sum += least + place(min(i+1, closed-1)) - place(max(i-1, 0))
		f.upTo[i+1] = sum
	}
	beyond := 0.0
	if closed < n {
		cut := 0
		for _, s := range spans {
			if int(s.last) == n-1 {
				cut++
			}
		}
		beyond = float64(cut) / float64(len(spans))
	}
	for i := range closed {
		f.upTo[i+1] *= (1 - beyond) / sum
	}
	f.upTo[n] = 1
	return f
}

// expect works out the dues, and by how much the likelihood's logarithm might
// still grow at most, for each time.
func (f *fit) expect() (open float64) {
	clear(f.dues)
	each := 1 / float64(len(f.spans))
	for _, s := range f.spans {
		due := each / (f.upTo[s.last+1] - f.upTo[s.first])
		f.dues[s.first] += due
		f.dues[s.last+1] -= due
	}
	sum := 0.0
	for i, due := range f.dues[:len(f.dues)-1] {
		sum += due
		f.dues[i] = sum
		open = max(open, sum-1)
	}
	return open
}

// share gives each interval its dues: Turnbull's step.
func (f *fit) share() {
	before, sum := 0.0, 0.0
	for i, due := range f.dues[:len(f.dues)-1] {
		own := f.upTo[i+1] - before
		before = f.upTo[i+1]
		sum += own * due
		f.upTo[i+1] = sum
	}
	for i := range f.upTo {
		f.upTo[i] /= sum
	}
}

// climb goes to the ascending shares that are best for the parabola with the
// likelihood's slope and curvature, or so far on the way that it is more likely.
func (f *fit) climb() {
	clear(f.slope)
	clear(f.curvature)
	for _, s := range f.spans {
		v := 1 / (f.upTo[s.last+1] - f.upTo[s.first])
		f.slope[s.last+1] += v
		f.slope[s.first] -= v
		f.curvature[s.last+1] += v * v
		f.curvature[s.first] += v * v
	}
	// Pool adjacent violators: every interval is the last of a bracket, so that no
	// curvature is 0.
	last := len(f.upTo) - 1
	levels := f.levels[:0]
	for i := 1; i < last; i++ {
		l := level{f.upTo[i] + f.slope[i]/f.curvature[i], f.curvature[i], 1}
		for len(levels) > 0 && levels[len(levels)-1].share >= l.share {
			top := levels[len(levels)-1]
			weight := top.weight + l.weight
			l = level{(top.share*top.weight + l.share*l.weight) / weight, weight, top.n + l.n}
			levels = levels[:len(levels)-1]
		}
		levels = append(levels, l)
	}
	f.levels = levels
	at := 1
	for _, l := range levels {
		for range l.n {
			f.next[at] = min(1, max(0, l.share))
			at++
		}
	}
	f.next[0], f.next[last] = 0, 1
	was := f.likelihood(f.upTo)
	for range halvings {
		if f.likelihood(f.next) > was {
			f.upTo, f.next = f.next, f.upTo
			return
		}
		for i, share := range f.upTo {
			f.next[i] = share + (f.next[i]-share)/2
		}
	}
}

// likelihood is its logarithm.
func (f *fit) likelihood(upTo []float64) float64 {
	const small = 1e-200 // a logarithm of many factors at once, before they vanish
	sum, product := 0.0, 1.0
	for _, s := range f.spans {
		p := upTo[s.last+1] - upTo[s.first]
		if !(p > 0) {
			return math.Inf(-1)
		}
		if product *= p; product < small {
			sum += math.Log(product)
			product = 1
		}
	}
	return sum + math.Log(product)
}
