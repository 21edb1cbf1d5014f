package stats

import "math"

// Delays that follow each other are alike: replication is slow in bursts. Then
// n of them say less than n independent ones, and every interval that counts
// them as such is too narrow. What n are worth is n over the inflation of the
// variance of a mean: the long-run variance over the plain one.

// dependence is how alike neighbours are, as factors of the variance of a mean: of as many
// independent values it is 1.
type dependence struct {
	factor float64 // the estimate, for words; below 1 where rounds are slow in both directions
	// cautious is the estimate with what it may be off, for intervals.
	cautious float64
	// seen: they are more alike than chance makes independent values.
	seen bool
	// estimated: there was an order to estimate it from.
	estimated bool
}

// independent is where nothing is known of any order.
func independent() dependence { return dependence{factor: 1, cautious: 1} }

// atLeast is the larger of two.
func (a dependence) atLeast(b dependence) dependence {
	return dependence{factor: max(a.factor, b.factor), cautious: max(a.cautious, b.cautious), seen: a.seen || b.seen, estimated: a.estimated || b.estimated}
}

// ifSeen is the cautious factor where dependence was seen, else 1: for what needs
// no more caution than that.
func (a dependence) ifSeen() float64 {
	if !a.seen {
		return 1
	}
	return max(1, a.cautious)
}

// worth is how many independent values tell as much as n do.
func (a dependence) worth(n int) int { return worth(n, a.factor) }

// worth is n over the factor of the variance, and at most n.
func worth(n int, factor float64) int {
	const slack = 1e-9 // of the rounding
	return int(float64(n)/max(1, factor) + slack)
}

// The numbers of the estimate were set by simulation: see BenchmarkHonest.
const (
	fewestForDependence = 4   // values in a series
	seenAbove           = 1.5 // standard errors from which a correlation counts as seen
	seenInBlocks        = 3   // standard errors from which the variance of means counts as seen
	mostCorrelated      = 0.98
	mostInBlocks        = 0.8
	fewestBlocks        = 12
)

// caution is how many standard errors are added to a correlation of neighbours
// in series of n: more of few, of which chance hides more.
func caution(n float64) float64 { return max(0.5, 12/n-0.5) }

// dependence estimates by how much the variance of a mean of these series, of one
// kind, is larger than of as many independent values.
//
// From one value to the next it is (1+phi)/(1-phi), as of an autoregression, with
// phi's bias corrected (Marriott and Pope, "Bias in the estimation of
// autocorrelations", 1954). Bursts under noise last longer than that tells: so,
// where dependence was seen, the same is asked of the means of 2, 4, 8 …
// neighbours, and the largest answer counts.
func dependenceOf(all ...[]float64) dependence {
	n, longest := 0, 0
	for _, s := range all {
		n, longest = n+len(s), max(longest, len(s))
	}
	base := variance(all...)
	if longest < fewestForDependence || !(base > 0) {
		return independent()
	}
	result := dependence{estimated: true, seen: correlation(all...)*unbiased(float64(n)/float64(len(all))) > seenAbove/math.Sqrt(float64(n))}
	factor, cautious := 1.0, 1.0
	for size := 1; size == 1 || longest/size >= fewestBlocks; size *= 2 {
		blocks := inBlocks(size, all...)
		count := 0
		for _, b := range blocks {
			count += len(b)
		}
		each := float64(count) / float64(len(all))
		between := float64(size) * variance(blocks...) / base
		if size > 1 && between > 1+seenInBlocks*math.Sqrt(2/float64(count)) {
			result.seen = true
		}
		phi := correlation(blocks...)
		if size > 1 { // so few means would soon take a drift for a burst without an end
			phi = min(mostInBlocks, phi)
		}
		plain := between * widened(max(0, phi))
		factor, cautious = max(factor, plain), max(cautious, plain)
		if size == 1 {
			// The estimate of so few varies itself: the power is that of Student's
			// wider tails.
			high := max(0, phi+caution(each)/math.Sqrt(float64(count)))
			result.cautious = math.Pow(widened(high), 1+4/each)
			cautious = max(cautious, result.cautious)
		}
	}
	if !result.seen {
		factor, cautious = 1, result.cautious
	}
	result.factor, result.cautious = factor, cautious
	return result
}

// widened is the factor of an autoregression.
func widened(phi float64) float64 {
	phi = min(mostCorrelated, phi)
	return (1 + phi) / (1 - phi)
}

// variance is about each series' own mean.
func variance(all ...[]float64) float64 {
	sum, free := 0.0, 0
	for _, s := range all {
		m := mean(s)
		for _, v := range s {
			sum += (v - m) * (v - m)
		}
		if len(s) > 0 {
			free += len(s) - 1
		}
	}
	return sum / float64(max(1, free))
}

// correlation is that of neighbours, its bias corrected.
func correlation(all ...[]float64) float64 {
	products, squares, n, count := 0.0, 0.0, 0, 0
	for _, s := range all {
		m := mean(s)
		for i, v := range s {
			squares += (v - m) * (v - m)
			if i > 0 {
				products += (v - m) * (s[i-1] - m)
			}
		}
		if len(s) > 0 {
			n, count = n+len(s), count+1
		}
	}
	if !(squares > 0) {
		return 0
	}
	each := float64(n) / float64(count)
	r := (products/squares + 1/each) / unbiased(each)
	return min(mostCorrelated, max(-mostCorrelated, r))
}

// unbiased is by what a correlation of n neighbours is too small.
func unbiased(n float64) float64 { return max(.5, 1-4/n) }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}

// inBlocks are the means of size neighbours each; what is left over at the start
// stays out.
func inBlocks(size int, all ...[]float64) [][]float64 {
	if size == 1 {
		return all
	}
	blocks := make([][]float64, len(all))
	for k, s := range all {
		blocks[k] = make([]float64, 0, len(s)/size)
		for at := len(s) % size; at < len(s); at += size {
			blocks[k] = append(blocks[k], mean(s[at:at+size]))
		}
	}
	return blocks
}
