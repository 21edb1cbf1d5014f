package polling

import (
	"math"
	"slices"
)

// The peaks of a law. Each is a run of neighbouring results, sorted by length,
// that is taken for draws from one normal law in logarithmic time whose middle
// and width nobody knows. All ways of cutting the results into runs take part,
// each by how well it explains them: the odds are those of a Dirichlet process
// over runs, the widths have a normal-inverse-gamma prior. A single peak is
// drawn like a lognormal law, several keep the gaps between them.
const (
	peakOdds    = 0.5  // of one more peak: the process' concentration
	singleOdds  = 10.0 // of one peak for all, on top of that
	placeWeight = 0.04 // results that the middle of all counts for, in a peak's place
	widthWeight = 2.0  // pairs of results that the usual width counts for
	negligible  = 2e-3 // share below which a run is left out
)

// usualVariances are of a peak in logarithmic time. Each is tried for all
// peaks of a law together.
func usualVariances() [4]float64 { return [...]float64{.004, .02, .1, .4} }

// peaks weighs the runs of sorted results: run i to j holds the results from i
// up to, and without, j.
type peaks struct {
	n                     int
	sum, squares          []float64 // of all results before one, about the middle of all
	prior                 peak
	logGamma, logRun, log []float64 // by number of results: see newPeaks

	weight          []float64 // logarithm, of run i to j at i*(n+1)+j
	terms           []float64
	forward, behind []float64 // logarithm of the weight of all cuts of the results before one, and from it on
}

// peak is what results say about one normal law.
type peak struct{ place, middle, freedom, squares float64 }

func newPeaks(blurs []blur, middle float64) *peaks {
	n := len(blurs)
	p := &peaks{
		n: n, sum: make([]float64, n+1), squares: make([]float64, n+1),
		logGamma: make([]float64, n+1), logRun: make([]float64, n+1), log: make([]float64, n+1),
		terms: make([]float64, n), weight: make([]float64, n*(n+1)), forward: make([]float64, n+1), behind: make([]float64, n+1),
	}
	for i, b := range blurs {
		off := b.at - middle
		p.sum[i+1] = p.sum[i] + off
		p.squares[i+1] = p.squares[i] + off*off + b.width*b.width
	}
	for i := range n + 1 {
		p.logGamma[i], _ = math.Lgamma(widthWeight + float64(i)/2)
		p.logRun[i], _ = math.Lgamma(float64(max(i, 1)))
		p.log[i] = math.Log(placeWeight + float64(i))
	}
	return p
}

// addPeaks adds a share of what results foretell, which are sorted.
func (l *law) addPeaks(blurs []blur, middle, share float64) {
	p := newPeaks(blurs, middle)
	variances := usualVariances()
	var evidence [len(variances)]float64
	for v, variance := range variances {
		p.suppose(variance)
		evidence[v] = p.sumForward()
	}
	all := logSum(evidence[:])
	for v, variance := range variances {
		part := share * math.Exp(evidence[v]-all)
		if part < negligible {
			continue
		}
		p.suppose(variance)
		total := p.sumForward()
		p.sumBehind()
		for i := range p.n {
			for j := i + 1; j <= p.n; j++ {
				of := part * math.Exp(p.forward[i]+p.at(i, j)+p.behind[j]-total)
				if of > negligible {
					l.addPeak(p.run(i, j), middle, of*float64(j-i)/float64(p.n))
				}
			}
		}
	}
}

// suppose weighs every run as if peaks usually had the variance.
func (p *peaks) suppose(variance float64) {
	p.prior = peak{place: placeWeight, freedom: 2 * widthWeight, squares: 2 * widthWeight * variance}
	none := widthWeight*math.Log(p.prior.squares) - p.logGamma[0] + p.log[0]/2 + math.Log(peakOdds)
	for i := range p.n {
		for j := i + 1; j <= p.n; j++ {
			run := p.run(i, j)
			p.weight[i*(p.n+1)+j] = none + p.logRun[j-i] + p.logGamma[j-i] - p.log[j-i]/2 -
				run.freedom/2*math.Log(run.squares)
		}
	}
	p.weight[p.n] += math.Log(singleOdds)
}

func (p *peaks) at(i, j int) float64 { return p.weight[i*(p.n+1)+j] }

// run is the peak that the results from i to j are.
func (p *peaks) run(i, j int) peak {
	n := float64(j - i)
	sum := p.sum[j] - p.sum[i]
	place := p.prior.place + n
	about := max(0, p.squares[j]-p.squares[i]-sum*sum/place)
	return peak{place, sum / place, p.prior.freedom + n, p.prior.squares + about}
}

func (p *peaks) sumForward() float64 {
	for j := 1; j <= p.n; j++ {
		terms := p.terms[:j]
		for i := range terms {
			terms[i] = p.forward[i] + p.at(i, j)
		}
		p.forward[j] = logSum(terms)
	}
	return p.forward[p.n]
}

func (p *peaks) sumBehind() {
	for i := p.n - 1; i >= 0; i-- {
		terms := p.terms[:p.n-i]
		for k := range terms {
			terms[k] = p.at(i, i+1+k) + p.behind[i+1+k]
		}
		p.behind[i] = logSum(terms)
	}
}

// addPeak adds a share of the density of a peak's next value: Student's law,
// moved and stretched. Its exponent is half a whole number.
func (l *law) addPeak(p peak, middle, share float64) {
	const nothing = 1e-3                                    // of 1/(1+z²): far out in the tails
	scale := math.Sqrt(p.squares * (p.place + 1) / p.place) // times the root of the degrees of freedom
	above, _ := math.Lgamma((p.freedom + 1) / 2)
	below, _ := math.Lgamma(p.freedom / 2)
	top := share * math.Exp(above-below) / (math.Sqrt(math.Pi) * scale)
	halves := int(p.freedom) + 1
	reach := scale * math.Sqrt(1/nothing-1)
	at := middle + p.middle - l.start
	from := max(0, int((at-reach)/lawStep))
	to := min(lawPoints-1, int((at+reach)/lawStep)+1)
	for k := from; k <= to; k++ {
		z := (lawStep*float64(k) - at) / scale
		l.density[k] += top * powerOfHalves(1/(1+z*z), halves)
	}
}

// powerOfHalves is x to the power of halves/2.
func powerOfHalves(x float64, halves int) float64 {
	y := 1.0
	if halves&1 == 1 {
		y = math.Sqrt(x)
	}
	for whole := halves >> 1; whole > 0; whole >>= 1 {
		if whole&1 == 1 {
			y *= x
		}
		x *= x
	}
	return y
}

// logSum is the logarithm of the sum of numbers of which it takes the
// logarithms.
func logSum(logs []float64) float64 {
	const nothing = -40
	most, sum := slices.Max(logs), 0.0
	for _, l := range logs {
		if l-most > nothing {
			sum += math.Exp(l - most)
		}
	}
	return most + math.Log(sum)
}
