package deep

import "math"

// confidence is how sure an upper end is.
const confidence = 0.95

// Below is the share under which that of all versions lies, with 95 % confidence,
// where bad of looked are bad: the upper end of Clopper and Pearson's one-sided
// interval. None bad of n gives a little less than 3/n. 1 where nothing was looked
// at.
func Below(bad, looked int) float64 {
	if looked <= 0 || bad >= looked {
		return 1
	}
	low, high := float64(bad)/float64(looked), 1.0
	for range 100 {
		middle := (low + high) / 2
		if atMost(bad, looked, middle) > 1-confidence {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// atMost is how likely at most so many of n are, of which each is with
// probability p.
func atMost(bad, n int, p float64) float64 {
	sum := 0.0
	whole, _ := math.Lgamma(float64(n + 1))
	for i := range bad + 1 {
		some, _ := math.Lgamma(float64(i + 1))
		rest, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(whole - some - rest + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}
