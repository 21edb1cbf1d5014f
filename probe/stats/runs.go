package stats

import (
	"fmt"
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
	return compareRuns(x, y, d, looks)
}

// CompareRunsBySize is CompareRuns for the objects of one size.
func CompareRunsBySize(before, after *Collector, d pair.Direction, sizeBytes int64, looks Looks) Verdict {
	cell := func(c *Collector) *group {
		if g := c.cells[cellKey{d, sizeBytes}]; g != nil {
			return g
		}
		return &group{}
	}
	return compareRuns(cell(before), cell(after), d, looks)
}

func compareRuns(before, after *group, d pair.Direction, looks Looks) Verdict {
	v, counts := compare(before, after, beforeAfter(), looks)
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
	case v.estimated():
		return fmt.Sprintf("%s: no difference shown, it takes an estimated %s times as long %s as %s (%s, %s).", d.Arrow(), ratioText(ratio), slow, fast, interval, counts)
	default:
		return fmt.Sprintf("%s: no comparison, %s to say how many times as long it takes %s as %s (%s, %s).", d.Arrow(), v.Reason.unknown(), slow, fast, interval, counts)
	}
}
