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

// exactMannWhitney bounds the numbers of samples up to which the statistic's
// distribution is counted out: 25 in each group, or as much work otherwise.
const exactMannWhitney = 25

// mannWhitneyRank returns the rank, from 1, of the pairwise difference that
// starts the interval of the shift between samples of n and m: the largest c
// with P(U <= c-1) at most a normal distribution's tail beyond width standard
// errors. It is 0 where n and m are too few to reach that at all.
func mannWhitneyRank(n, m int, width float64) int {
	tail := math.Erfc(width/math.Sqrt2) / 2
	small, product := min(n, m), float64(n)*float64(m)
	if small < 1 {
		return 0
	}
	if float64(small)*product > exactMannWhitney*exactMannWhitney*exactMannWhitney {
		spread := math.Sqrt(product * float64(n+m+1) / 12)
		return max(0, int(math.Floor(product/2-width*spread+0.5)))
	}
	all := 1.0
	for i := 1; i <= small; i++ {
		all *= float64(n+m-small+i) / float64(i)
	}
	rank, sum := 0, 0.0
	for _, w := range mannWhitneyWays(small, max(n, m)) {
		sum += w
		if sum/all > tail {
			break
		}
		rank++
	}
	return rank
}

// mannWhitneyWays counts the orders of n and m values that give U = 0, 1, …,
// n*m/2: the coefficients of the Gaussian binomial, built up factor by factor
// as (1-q^(m+i))/(1-q^i).
func mannWhitneyWays(n, m int) []float64 {
	ways := make([]float64, n*m/2+1)
	ways[0] = 1
	for i := 1; i <= n; i++ {
		for u := len(ways) - 1; u >= m+i; u-- {
			ways[u] -= ways[u-m-i]
		}
		for u := i; u < len(ways); u++ {
			ways[u] += ways[u-i]
		}
	}
	return ways
}

// exactStudent is the number of degrees of freedom up to which Student's
// distribution is summed up.
const exactStudent = 200

// student is the point beyond which Student's distribution has as much as the
// normal one has beyond z: exactly up to 200 degrees of freedom, and by the
// Cornish-Fisher expansion in 1/df above.
func student(z float64, df int) float64 {
	v := float64(df)
	z3 := z * z * z
	z5 := z3 * z * z
	point := z + (z3+z)/(4*v) + (5*z5+16*z3+3*z)/(96*v*v)
	if df < 1 || df > exactStudent {
		return point
	}
	outside := math.Erfc(z / math.Sqrt2)
	low, high := 0.0, 2*point
	for studentOutside(high, df) > outside {
		high *= 2
	}
	for high-low > 1e-12*high {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if studentOutside(middle, df) > outside {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// studentOutside is P(|T| > t) for T of Student's distribution (Abramowitz and
// Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4).
func studentOutside(t float64, df int) float64 {
	angle := math.Atan2(t, math.Sqrt(float64(df)))
	sin, cos := math.Sincos(angle)
	if df%2 == 0 {
		sum, term := 1.0, 1.0
		for k := 2; k <= df-2; k += 2 {
			term *= cos * cos * float64(k-1) / float64(k)
			sum += term
		}
		return 1 - sin*sum
	}
	sum := 0.0
	for k, term := 1, cos; k <= df-2; k += 2 {
		sum += term
		term *= cos * cos * float64(k+1) / float64(k+2)
	}
	return 1 - 2/math.Pi*(angle+sin*sum)
}
