package stats

import "math"

const (
	confidence = 0.95
	z975       = 1.959963984540054 // the normal distribution's 97.5 % point
	// exactRanks is the n up to which the binomial tails are summed exactly;
	// above it the normal approximation is within one rank.
	exactRanks = 2000
	// negligible is how many standard deviations from its mean a binomial's
	// mass no longer matters to a 2.5 % tail.
	negligible = 7
)

// rankInterval returns the ranks, from 1, of the order statistics that enclose
// the p-quantile of any continuous distribution with at least 95 %
// probability: P(X(lower) <= q < X(upper)) = P(lower <= B < upper) for B
// binomial (n, p). Each tail gets at most 2.5 %; where n is too small for that
// on the upper side, the largest value is the upper end and the lower tail
// gets what is left. ok is false where even the whole range covers less.
func rankInterval(n int, p float64) (lower, upper int, ok bool) {
	const tail = (1 - confidence) / 2
	if n < 1 || 1-math.Pow(p, float64(n))-math.Pow(1-p, float64(n)) < confidence {
		return 0, 0, false
	}
	if n > exactRanks {
		mean, spread := float64(n)*p, z975*math.Sqrt(float64(n)*p*(1-p))
		return int(math.Floor(mean - spread)), int(math.Ceil(mean+spread)) + 1, true
	}
	mean, reach := float64(n)*p, negligible*math.Sqrt(float64(n)*p*(1-p))
	upper = min(n, int(mean+reach)+2) + 1
	above := 0.0 // P(B >= upper)
	for mass := binomial(n, upper-1, p); above+mass <= tail; {
		above += mass
		upper--
		k := float64(upper)
		mass *= k / (float64(n) - k + 1) * (1 - p) / p // from P(B = upper) to P(B = upper-1)
	}
	budget := tail
	if upper > n {
		upper = n
		budget = 1 - confidence - math.Pow(p, float64(n))
	}
	lower = max(0, int(mean-reach)-2)
	below := 0.0 // P(B < lower)
	for mass := binomial(n, lower, p); below+mass <= budget && lower < upper-1; {
		below += mass
		mass *= float64(n-lower) / float64(lower+1) * p / (1 - p)
		lower++
	}
	return lower, upper, lower >= 1
}

// fewestFor is the least n for which the p-quantile has an interval: 6 for the
// median, 29 for p90, 59 for p95, 299 for p99.
func fewestFor(p float64) int {
	n := int(math.Log(1-confidence) / math.Log(p)) // the larger of the two tails alone
	for {
		if _, _, ok := rankInterval(n, p); ok {
			return n
		}
		n++
	}
}

// binomial is P(B = k) for B binomial (n, p).
func binomial(n, k int, p float64) float64 {
	all, _ := math.Lgamma(float64(n + 1))
	in, _ := math.Lgamma(float64(k + 1))
	out, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(all - in - out + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}
