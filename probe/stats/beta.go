package stats

import "math"

// clopperPearson is the exact 95 % interval of a share of which least to most of
// n were seen (Clopper and Pearson, "The use of confidence or fiducial limits
// illustrated in the case of the binomial", 1934): its lower end is that of
// least, its upper end that of most. The three need not be whole: values that
// depend on each other count as fewer (Korn and Graubard, "Confidence intervals
// for proportions with small expected number of positive counts", 1998).
func clopperPearson(least, most, n float64) (lower, upper float64) {
	const tail = (1 - confidence) / 2
	lower, upper = 0, 1
	if least > 0 {
		lower = betaPoint(tail, least, n-least+1)
	}
	if most < n {
		upper = betaPoint(1-tail, most+1, n-most)
	}
	return lower, upper
}

// betaPoint is where the beta distribution has a share below.
func betaPoint(below, a, b float64) float64 {
	low, high := 0.0, 1.0
	for high-low > 1e-12 {
		middle := low + (high-low)/2
		if betaBelow(middle, a, b) < below {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}

// betaBelow is the share of the beta distribution below x: its continued
// fraction (Abramowitz and Stegun, 26.5.8), by Lentz's method, on the side where
// that converges fast.
func betaBelow(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return min(1, max(0, x))
	}
	if x > (a+1)/(a+b+2) {
		return 1 - betaBelow(1-x, b, a)
	}
	const tiny, enough, most = 1e-300, 1e-15, 10_000
	off := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/off(1-(a+b)*x/(a+1))
	fraction := d
	for m := 1.0; m <= most; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		c, d = off(1+even/c), 1/off(1+even*d)
		fraction *= c * d
		c, d = off(1+odd/c), 1/off(1+odd*d)
		fraction *= c * d
		if math.Abs(c*d-1) < enough {
			break
		}
	}
	all, _ := math.Lgamma(a + b)
	one, _ := math.Lgamma(a)
	other, _ := math.Lgamma(b)
	return math.Exp(all-one-other+a*math.Log(x)+b*math.Log1p(-x)) * fraction / a
}
