package report

import "fmt"

// TooFew is said in place of a quantile that the samples don't support:
// missing is how many more samples it takes, 0 where that can't be said because
// some gave up, were interrupted or are in flight, which tells less than an
// arrival.
func TooFew(missing int) string {
	if missing > 0 {
		return fmt.Sprintf("too few (%d more)", missing)
	}
	return "too few arrivals"
}

// NoMaximum is said in place of the longest time where there is none.
const NoMaximum = "none"
