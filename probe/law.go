package probe

import (
	"math"
	"slices"
	"time"
)

// The law of a series' delays, as far as its last results show it: a mixture
// of kernel densities of several widths and of the normal law's predictive
// density, all in logarithmic time, each weighted by how well it foretells
// every result from the others. A single peak is drawn like a lognormal law,
// several peaks keep the gaps between them. A share of a broad law stands for
// what was not seen yet.
const (
	broadShare = 0.04 // of the broad law
	broadWidth = 2.0  // its standard deviation
	normalOdds = 10.0 // of the normal law against each width of kernel, before any result
	leastWidth = 0.03 // of a normal law fitted to results that hardly differ
	// unseenBelow is how far below its first hit a delay is taken to lie that
	// no poll missed.
	unseenBelow = 64.0

	lawStep   = 0.03 // of the grid, in logarithmic time
	lawBelow  = 4.5  // the grid's reach from the median
	lawAbove  = 7.0
	lawPoints = 384
)

// kernelWidths are the standard deviations of the kernels.
func kernelWidths() [7]float64 { return [...]float64{.03, .06, .1, .16, .25, .4, .6} }

// bracket is the interval that holds a delay, counted from the upload's
// acknowledgement: low is 0 where the first poll already hit.
type bracket struct{ low, high time.Duration }

func (b bracket) middle() time.Duration { return (b.low + b.high) / 2 }

// law is a density over a grid of logarithmic time, in seconds.
type law struct {
	start    float64
	density  [lawPoints]float64
	survival [lawPoints]float64
}

// blur is one result in logarithmic time, with the standard deviation that its
// bracket leaves.
type blur struct{ at, width float64 }

func blurOf(b bracket) blur {
	high := math.Log(max(b.high, time.Millisecond).Seconds())
	low := high - math.Log(unseenBelow)
	if b.low > 0 {
		low = max(low, math.Log(b.low.Seconds()))
	}
	at := (low + high) / 2
	if b.low > 0 {
		at = math.Log(max(b.middle(), time.Millisecond).Seconds())
	}
	return blur{at, (high - low) / math.Sqrt(12)}
}

// lawOf estimates the law from at least three results.
func lawOf(results []bracket) *law {
	blurs := make([]blur, len(results))
	sorted := make([]float64, len(results))
	for i, r := range results {
		blurs[i] = blurOf(r)
		sorted[i] = blurs[i].at
	}
	slices.Sort(sorted)
	n := len(sorted)
	middle := (sorted[(n-1)/2] + sorted[n/2]) / 2
	l := &law{start: middle - lawBelow}
	weights := foretold(blurs, middle)
	for k, width := range kernelWidths() {
		l.addKernels(blurs, width, (1-broadShare)*weights[k])
	}
	fit := predictiveOf(blurs, -1)
	share := (1 - broadShare) * weights[len(weights)-1]
	broad := bellOf(broadWidth)
	for k := range l.density {
		u := l.at(k)
		l.density[k] += share*fit.density(u) + broadShare*broad.density(u-middle)
	}
	l.normalise()
	return l
}

func (l *law) at(k int) float64 { return l.start + lawStep*float64(k) }

func (l *law) addKernels(blurs []blur, width, share float64) {
	const reach, negligible = 4.0, 1e-3
	if share < negligible {
		return
	}
	share /= float64(len(blurs))
	for _, b := range blurs {
		w := math.Hypot(width, b.width)
		shape := bellOf(w)
		from := max(0, int((b.at-reach*w-l.start)/lawStep))
		to := min(lawPoints-1, int((b.at+reach*w-l.start)/lawStep)+1)
		// Along an even grid a bell's values follow from each other by a factor
		// that itself changes by a factor.
		distance := l.at(from) - b.at
		value := share * shape.top * math.Exp(shape.factor*distance*distance)
		ratio := math.Exp(shape.factor * lawStep * (2*distance + lawStep))
		change := math.Exp(2 * shape.factor * lawStep * lawStep)
		for k := from; k <= to; k++ {
			l.density[k] += value
			value *= ratio
			ratio *= change
		}
	}
}

// normalise sums the survival up from the far end.
func (l *law) normalise() {
	const last = lawPoints - 1
	l.survival[last] = l.density[last]
	for k := last - 1; k >= 0; k-- {
		l.survival[k] = l.survival[k+1] + lawStep*(l.density[k]+l.density[k+1])/2
	}
	all := l.survival[0]
	for k := range l.density {
		l.density[k] /= all
		l.survival[k] /= all
	}
}

// foretold weighs the kernel widths and, last, the normal law by the
// likelihood that each gives to every result when it is left out.
func foretold(blurs []blur, middle float64) []float64 {
	widths := kernelWidths()
	logs := make([]float64, len(widths)+1)
	share := (1 - broadShare) / float64(len(blurs)-1)
	unseen := make([]float64, len(blurs))
	for i, one := range blurs {
		unseen[i] = broadShare * normal(one.at-middle, broadWidth)
		logs[len(widths)] += math.Log((1-broadShare)*predictiveOf(blurs, i).density(one.at) + unseen[i])
	}
	logs[len(widths)] += math.Log(normalOdds)
	shapes := make([]bell, len(blurs))
	for k, width := range widths {
		for j, b := range blurs {
			shapes[j] = bellOf(math.Hypot(width, b.width))
		}
		for i, one := range blurs {
			sum := 0.0
			for j, other := range blurs {
				if i != j {
					sum += shapes[j].density(one.at - other.at)
				}
			}
			logs[k] += math.Log(share*sum + unseen[i])
		}
	}
	best, sum := slices.Max(logs), 0.0
	for k := range logs {
		logs[k] = math.Exp(logs[k] - best)
		sum += logs[k]
	}
	for k := range logs {
		logs[k] /= sum
	}
	return logs
}

// predictive is the density of the next value of a normal law of which both
// parameters were estimated: Student's, moved and stretched.
type predictive struct{ mean, scale, freedom, top float64 }

// predictiveOf fits all values but the one at without.
func predictiveOf(blurs []blur, without int) predictive {
	n, mean, squares := 0.0, 0.0, 0.0
	for i, b := range blurs {
		if i == without {
			continue
		}
		n++
		off := b.at - mean
		mean += off / n
		squares += off * (b.at - mean)
	}
	freedom := n - 1
	scale := math.Sqrt((1 + 1/n) * max(squares/freedom, leastWidth*leastWidth))
	above, _ := math.Lgamma((freedom + 1) / 2)
	below, _ := math.Lgamma(freedom / 2)
	return predictive{mean, scale, freedom, math.Exp(above-below) / (math.Sqrt(freedom*math.Pi) * scale)}
}

func (p predictive) density(u float64) float64 {
	z := (u - p.mean) / p.scale
	return p.top * math.Pow(1+z*z/p.freedom, -(p.freedom+1)/2)
}

// bell is a normal density: its height and the factor of the squared distance.
type bell struct{ top, factor float64 }

func bellOf(width float64) bell {
	return bell{1 / (width * math.Sqrt(2*math.Pi)), -0.5 / (width * width)}
}

func (b bell) density(distance float64) float64 {
	const nothing = -25.0
	exponent := distance * distance * b.factor
	if exponent < nothing {
		return 0
	}
	return b.top * math.Exp(exponent)
}

func normal(distance, width float64) float64 { return bellOf(width).density(distance) }
