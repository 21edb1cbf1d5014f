package stats

import "math"

// exactMannWhitney is the number of samples a direction up to which the
// statistic's distribution is counted out.
const exactMannWhitney = 25

// mannWhitneyRank returns the rank, from 1, of the pairwise difference that
// starts the 95 % interval of the shift between samples of n and m: the
// largest c with P(U <= c-1) <= 2.5 %. It returns at least 1; whether n and m
// can reach 2.5 % at all is the caller's concern.
func mannWhitneyRank(n, m int) int {
	const tail = (1 - confidence) / 2
	if n > exactMannWhitney || m > exactMannWhitney {
		product := float64(n) * float64(m)
		spread := math.Sqrt(product * float64(n+m+1) / 12)
		return max(1, int(math.Floor(product/2-z975*spread+0.5)))
	}
	ways := mannWhitneyWays(n, m)
	all := 1.0
	for i := 1; i <= n; i++ {
		all *= float64(m+i) / float64(i)
	}
	rank, sum := 0, 0.0
	for _, w := range ways {
		sum += w
		if sum/all > tail {
			break
		}
		rank++
	}
	return max(1, rank)
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
