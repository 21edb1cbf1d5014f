package stats

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"bothways/aws/pair"
)

// CompareRuns says how many times as long a direction takes after a change as
// before it, all sizes together, by the estimate of CompareDirections. Where the
// sizes have other shares it says so and compares nothing.
func CompareRuns(before, after *Collector, d pair.Direction, looks Looks) Verdict {
	if d != pair.AtoB && d != pair.BtoA {
		return Verdict{About: AboutRuns, Looks: looks, Sentence: "No such direction."}
	}
	x, y := &before.directions[d], &after.directions[d]
	if why, ok := alike(before, d, after, d, beforeAfter(), looks.fewest()); !ok {
		return Verdict{
			About: AboutRuns, Looks: looks, N: [2]int{x.times.n(), y.times.n()}, Reason: SharesDiffer,
			Sentence: inDirection(d, why),
		}
	}
	return compareRuns(x, y, d, looks, apartInTime(before, after, d, anySize))
}

// CompareRunsBySize is CompareRuns for the objects of one size.
func CompareRunsBySize(before, after *Collector, d pair.Direction, sizeBytes int64, looks Looks) Verdict {
	cell := func(c *Collector) *group {
		if g := c.cells[cellKey{d, sizeBytes}]; g != nil {
			return g
		}
		return &group{}
	}
	return compareRuns(cell(before), cell(after), d, looks, apartInTime(before, after, d, sizeBytes))
}

// apartInTime is the dependence within two runs, which have no rounds in common.
func apartInTime(before, after *Collector, d pair.Direction, size int64) dependence {
	return dependenceOf(before.order(size).scores[d], after.order(size).scores[d])
}

func compareRuns(before, after *group, d pair.Direction, looks Looks, alike dependence) Verdict {
	v, counts := compare(before, after, beforeAfter(), looks, alike)
	v.About, v.Looks = AboutRuns, looks
	if v.Sentence == "" {
		v.Sentence = runsSentence(v, counts+suspended(before, after), d)
	} else {
		v.Sentence = inDirection(d, v.Sentence)
	}
	return v
}

func beforeAfter() [2]string { return [2]string{"before", "after"} }

// inDirection is a sentence with the direction that it is about.
func inDirection(d pair.Direction, sentence string) string {
	return d.Arrow() + ": " + strings.ToLower(sentence[:1]) + sentence[1:]
}

func runsSentence(v Verdict, counts string, d pair.Direction) string {
	ratio, lower, upper, slow, fast := v.Ratio, v.Lower, v.Upper, "after", "before"
	if v.Upper < 1 {
		ratio, lower, upper, slow, fast = 1/v.Ratio, 1/v.Upper, 1/v.Lower, fast, slow
	}
	interval := intervalText(v.Looks.percent(), lower, upper)
	switch {
	case v.Shown && v.estimated():
		return fmt.Sprintf("%s takes %s times as long %s as %s (%s, %s).", d.Arrow(), ratioText(ratio), slow, fast, interval, counts)
	case v.Shown:
		return fmt.Sprintf("%s takes longer %s than %s, by how much is not known: %s (%s times as long, %s).", d.Arrow(), slow, fast, v.Reason.unknown(), interval, counts)
	case v.estimated() && (v.Lower > 1 || v.Upper < 1): // another interval than the one that decides
		return fmt.Sprintf("%s: not sure whether there is a difference, it takes an estimated %s times as long %s as %s (%s, %s).", d.Arrow(), ratioText(ratio), slow, fast, interval, counts)
	case v.estimated():
		return fmt.Sprintf("%s: no difference shown, it takes an estimated %s times as long %s as %s (%s, %s).", d.Arrow(), ratioText(ratio), slow, fast, interval, counts)
	default:
		return fmt.Sprintf("%s: no comparison, %s to say how many times as long it takes %s as %s (%s, %s).", d.Arrow(), v.Reason.unknown(), slow, fast, interval, counts)
	}
}

// mostShareApart is how far the share of a size may differ between two groups
// that are compared over all their sizes. Further apart, a difference between
// sizes would pass for one between the groups.
const mostShareApart = 0.10

// alike says whether every size has about the same share in a direction of
// one collector as in one of another; otherwise why is the sentence that says
// so, with the groups' names. Groups of fewer than fewest pass: that is said elsewhere. What is in flight
// is of its size as well as what has ended, so that a share does not come and go
// with it.
func alike(x *Collector, dx pair.Direction, y *Collector, dy pair.Direction, names [2]string, fewest int) (why string, ok bool) {
	nx, ny := x.directions[dx].times.n(), y.directions[dy].times.n()
	if nx < fewest || ny < fewest {
		return "", true
	}
	apart := 0.0
	for _, size := range slices.Concat(x.sizes, y.sizes) {
		apart = max(apart, math.Abs(x.share(dx, size)-y.share(dy, size)))
	}
	const slack = 1e-9
	if apart < mostShareApart-slack {
		return "", true
	}
	return fmt.Sprintf("No comparison over all sizes: the share of one size differs by %.0f %% (n = %s), and sizes may differ.", 100*apart, counted(names, nx, ny)), false
}

// share is a size's share of the times of a direction.
func (c *Collector) share(d pair.Direction, size int64) float64 {
	cell := c.cells[cellKey{d, size}]
	if cell == nil {
		return 0
	}
	return float64(cell.times.n()) / float64(c.directions[d].times.n())
}
