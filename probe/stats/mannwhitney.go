package stats

import "math"

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
