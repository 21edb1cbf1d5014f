// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import "math"

// naiveSlope is the least-squares slope of log time on the size's logarithm to
// base 2, each direction with its own level, as a factor with its interval.
func naiveSlope(rows []row, kind string) (factor, lower, upper float64) {
	type point struct{ x, y float64 }
	groups := map[string][]point{}
	for _, r := range rows {
		if r.outcome == "replicated" || r.outcome == "gave_up" {
			groups[r.direction] = append(groups[r.direction], point{math.Log2(math.Max(1, float64(r.size))), math.Log(r.ms)})
		}
	}
	var centred []point
	for _, group := range groups {
		var middle point
		for _, p := range group {
			middle.x += p.x / float64(len(group))
			middle.y += p.y / float64(len(group))
		}
		for _, p := range group {
			centred = append(centred, point{p.x - middle.x, p.y - middle.y})
		}
	}
	var xx, xy, rest float64
	for _, p := range centred {
		xx, xy = xx+p.x*p.x, xy+p.x*p.y
	}
	slope := xy / xx
	for _, p := range centred {
		rest += (p.y - slope*p.x) * (p.y - slope*p.x)
	}
	free := float64(len(centred) - len(groups) - 1)
	width := naiveStudent(free, naiveTail(naiveWidth(kind, float64(len(centred))/2))) * math.Sqrt(rest/free/xx)
	return math.Exp(slope), math.Exp(slope - width), math.Exp(slope + width)
}

// naiveStudent is the point beyond which Student's distribution has tail, by
// summing its density up in small steps.
func naiveStudent(free, tail float64) float64 {
	top, _ := math.Lgamma((free + 1) / 2)
	bottom, _ := math.Lgamma(free / 2)
	height := math.Exp(top-bottom) / math.Sqrt(free*math.Pi)
	const step = 1e-5
	sum := .5
	for t := step / 2; ; t += step {
		density := height * math.Pow(1+t*t/free, -(free+1)/2)
		if sum += step * density; sum >= 1-tail {
			return t + step/2 - (sum-(1-tail))/density
		}
	}
}
