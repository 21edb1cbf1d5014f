package delays

import "math"

// inBursts cuts the time of each direction into pieces of on + off, each with
// one burst somewhere in it: bursts have all the same length, and between two
// lies off on average. What is written in one takes factor times as long.
func inBursts(s *Source, values [most]float64) process {
	on, off, factor := values[0], values[1], values[2]
	quiet := quietLevel(on/(on+off), factor)
	return alone{func(direction string, at float64) float64 {
		piece := math.Floor(at / (on + off))
		since := at - piece*(on+off)
		begins := off * s.random(direction, int64(piece)).Float64()
		if since >= begins && since < begins+on {
			return quiet * factor
		}
		return quiet
	}}
}

// quietLevel is how many times as long as the median delays are outside of
// bursts, below 1, so that it stays the median of all: a share of them is factor
// times as long.
func quietLevel(share, factor float64) float64 {
	// Below the median has to lie one half of all, of which the logarithm is
	// looked for between that of all in bursts and that of none.
	low, high := -math.Log(factor), 0.0
	for range 60 {
		middle := (low + high) / 2
		below := (1-share)*normal(-middle/sigma) + share*normal((-middle-math.Log(factor))/sigma)
		if below > 0.5 {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Exp((low + high) / 2)
}

// normal is the share of a normal law that lies below z standard deviations.
func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
