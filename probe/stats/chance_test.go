package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
)

// sized holds n samples a direction of two sizes that take alike.
func sized(r *rand.Rand, n [2]int) *Collector {
	c := NewCollector()
	for _, d := range pair.Directions() {
		for i := range n[d] {
			c.Add(replicated(d, 1<<(10+10*(i%2)), 4000*math.Exp(.6*r.NormFloat64())))
		}
	}
	return c
}

func eventsOf(c *Collector, looks Looks) []VerdictEvent {
	verdicts := c.Verdicts(looks)
	events := make([]VerdictEvent, len(verdicts))
	for i, v := range verdicts {
		events[i] = v.Event()
	}
	return events
}

func TestOneOfThreeVerdictsOnSizeShowsALinkByChanceAsOftenAsIsSaid(t *testing.T) {
	const runs = 600
	for _, c := range []struct {
		looks       Looks
		n           [2]int
		least, most float64
		said        string
	}{
		{Once, [2]int{40, 40}, .08, .16, "about one run in eight still shows a link in one of these three "},
		{Anytime, [2]int{40, 40}, 0, .02, "at most one run in six still shows a link in one of these three "},
		{Once, [2]int{9, 40}, .03, .12, "up to one run in ten still shows a link in one of these two "},
		{Anytime, [2]int{9, 40}, 0, .02, "at most one run in ten still shows a link in one of these two "},
	} {
		r := rand.New(rand.NewPCG(61, uint64(c.looks)))
		shown := 0
		for range runs {
			events := eventsOf(sized(r, c.n), c.looks)
			if !strings.Contains(ByChance(events), c.said) {
				t.Fatalf("%q, want %q", ByChance(events), c.said)
			}
			if events[1].Shown || events[2].Shown || events[3].Shown {
				shown++
			}
		}
		if share := float64(shown) / runs; share < c.least || share > c.most {
			t.Errorf("%s, n = %d: one shows a link in %.3f of the runs", c.looks.kind(), c.n, share)
		}
	}
}

func TestNothingIsSaidOfChanceWhereFewerThanTwoVerdictsOnSizeAreJudged(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 63))
	for name, c := range map[string]*Collector{"one size": apart(9), "enough only together": sized(r, [2]int{6, 6}), "one direction": sized(r, [2]int{0, 40})} {
		if said := ByChance(eventsOf(c, Once)); said != "" {
			t.Errorf("%s: %s", name, said)
		}
	}
}
