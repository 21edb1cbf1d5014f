package stats

import "math"

// inRounds are the differences of the scores of two series that ran in rounds: of
// what was planned together.
func inRounds(x, y series, ux, uy []float64) []float64 {
	type place struct {
		round int
		size  int64
	}
	there, twice := make(map[place]float64, len(x)), false
	for i, m := range x {
		key := place{m.round, m.size}
		_, known := there[key]
		twice = twice || known
		there[key] = ux[i]
	}
	var differences []float64
	if twice { // no rounds are known: they took turns
		for i := range min(len(ux), len(uy)) {
			differences = append(differences, uy[i]-ux[i])
		}
		return differences
	}
	for i, m := range y {
		if u, known := there[place{m.round, m.size}]; known {
			differences = append(differences, uy[i]-u)
		}
	}
	return differences
}

// together is the dependence behind a difference of the two directions. Where both were
// seen to be slow at the same times, as what slows both makes them, that of what
// is left within the rounds counts.
func (o *order) together() dependence {
	x, y, ux, uy := o.times[0], o.times[1], o.scores[0], o.scores[1]
	apart := dependenceOf(ux, uy)
	if !apart.seen {
		return apart
	}
	d := inRounds(x, y, ux, uy)
	shared := sharedOf(ux, uy, d)
	if len(d) < fewestInRounds || !shared.seen {
		return apart
	}
	within := dependenceOf(d)
	apart.factor = min(apart.factor, max(leastShared, within.factor*shared.left))
	apart.cautious = min(apart.cautious, max(leastShared, within.cautious*shared.left))
	return apart
}

// sharing is what two series have in common.
type sharing struct {
	left float64 // of the variance of their difference, over that of independent ones
	seen bool
}

// sharedOf looks for it round by round, and in the means of 2, 4, 8 … of them, where
// what changes slowly shows.
func sharedOf(x, y, differences []float64) sharing {
	result := sharing{left: variance(differences) / (variance(x) + variance(y))}
	n := min(len(x), len(y), len(differences))
	x, y, differences = x[len(x)-n:], y[len(y)-n:], differences[len(differences)-n:]
	for size := 1; n/size >= fewestBlocks; size *= 2 {
		means := inBlocks(size, x, y, differences)
		alike := 1 - variance(means[2])/(variance(means[0])+variance(means[1]))
		phi := correlation(means[0], means[1])
		independentOnes := float64(n/size) * (1 - phi*phi) / (1 + phi*phi) // Bartlett
		result.seen = result.seen || alike*math.Sqrt(independentOnes) > sharedFrom
	}
	return result
}

const (
	fewestInRounds = 12  // rounds that tell what both directions share
	sharedFrom     = 2.0 // standard errors from which they count as slow at the same times
	// leastShared is how much narrower, of its square, an interval gets at most by what both have in common.
	leastShared = 0.5
)
