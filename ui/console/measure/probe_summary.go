package measure

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// standing is how a measurement stands: all numbers of a frame are of one.
type standing struct {
	of      [2]stats.Summary
	tallies [2]tally
	within  [2]stats.Within // the target, where there is one
	goesOn  bool
}

func (m *measurement) standing(c *stats.Collector) standing {
	s := standing{of: [2]stats.Summary{c.Direction(pair.AtoB), c.Direction(pair.BtoA)}, tallies: m.tallies(), goesOn: m.ended.IsZero()}
	if m.cfg.Target > 0 {
		s.within = [2]stats.Within{c.Within(pair.AtoB, m.cfg.Target), c.Within(pair.BtoA, m.cfg.Target)}
	}
	return s
}

// summaryItem is one item of the directions' lines: what it says of each.
type summaryItem struct {
	texts [2]string
	// gives says how the item gives way where the lines are too short: what is
	// left of it, by the order in which items do so.
	gives map[int][2]string
	style func(t widget.Theme, d pair.Direction, text string) string // nil: none
}

// summaryLines are both directions' figures, one line each, every number with its
// unit. The same items stand below each other in both; where a line is too short
// for all of them whole items give way, none is cut. draw may style an item.
func summaryLines(s standing, width int, draw func(item summaryItem, d pair.Direction, text string) string) [2]string {
	items := summaryItems(s)
	for given := range allGiven {
		for i := range items {
			if left, gives := items[i].gives[given]; gives {
				items[i].texts = left
			}
		}
		for _, apart := range []string{"   ", "  "} {
			if lines := aligned(items, apart, plainly); ansi.StringWidth(lines[0]) <= width && ansi.StringWidth(lines[1]) <= width {
				return aligned(items, apart, draw)
			}
		}
	}
	return aligned(items, "  ", draw)
}

func plainly(_ summaryItem, _ pair.Direction, text string) string { return text }

// The order in which items give way.
const (
	givesP99 = iota + 1 // at first nothing does
	givesP95
	givesMax
	givesMeanInterval
	givesP90Interval
	givesInFlight
	givesMean
	givesName
	givesWorth
	givesShareInterval
	givesP90
	givesShare
	givesSuspended
	givesInterrupted
	givesMedianInterval
	allGiven
)

func summaryItems(s standing) []summaryItem {
	both := func(text func(d pair.Direction) string) [2]string { return [2]string{text(pair.AtoB), text(pair.BtoA)} }
	quantile := func(name string, of func(stats.Summary) stats.Quantile, interval bool) [2]string {
		return both(func(d pair.Direction) string { return name + quantileText(of(s.of[d]), interval) })
	}
	knows := func(of func(stats.Summary) stats.Quantile) bool {
		return of(s.of[0]).State != stats.NotEnough || of(s.of[1]).State != stats.NotEnough
	}
	median := func(s stats.Summary) stats.Quantile { return s.Median }
	strong := func(t widget.Theme, _ pair.Direction, text string) string { return t.Strong.Render(text) }
	items := []summaryItem{{
		texts: quantile("median ", median, true), style: strong,
		gives: map[int][2]string{givesName: quantile("", median, true), givesMedianInterval: quantile("", median, false)},
	}}
	for _, tail := range []struct {
		name            string
		of              func(stats.Summary) stats.Quantile
		gives, interval int
	}{
		{"p90 ", func(s stats.Summary) stats.Quantile { return s.P90 }, givesP90, givesP90Interval},
		{"p95 ", func(s stats.Summary) stats.Quantile { return s.P95 }, givesP95, givesP95},
		{"p99 ", func(s stats.Summary) stats.Quantile { return s.P99 }, givesP99, givesP99},
	} {
		if knows(tail.of) {
			gives := map[int][2]string{tail.interval: quantile(tail.name, tail.of, false)}
			gives[tail.gives] = [2]string{}
			items = append(items, summaryItem{texts: quantile(tail.name, tail.of, true), gives: gives})
		}
	}
	if s.of[0].Mean.State != stats.NotEnough || s.of[1].Mean.State != stats.NotEnough {
		mean := func(interval bool) [2]string {
			return both(func(d pair.Direction) string { return "mean " + meanText(s.of[d], interval) })
		}
		items = append(items, summaryItem{texts: mean(true), gives: map[int][2]string{givesMeanInterval: mean(false), givesMean: {}}})
	}
	if s.within[0].N+s.within[1].N > 0 {
		items = append(items, summaryItem{
			texts: both(func(d pair.Direction) string { return shareText(s.within[d], true) }),
			gives: map[int][2]string{givesShareInterval: both(func(d pair.Direction) string { return shareText(s.within[d], false) }), givesShare: {}},
		})
	}
	items = append(items,
		summaryItem{texts: both(func(d pair.Direction) string { return "max " + maxText(s.of[d]) }), gives: map[int][2]string{givesMax: {}}},
		summaryItem{texts: both(func(d pair.Direction) string { return lostText(s.tallies[d]) }), style: func(t widget.Theme, d pair.Direction, text string) string {
			return widget.Choice(s.tallies[d].lost() > 0, t.Bad.Render(text), text)
		}},
		summaryItem{
			texts: both(func(d pair.Direction) string { return countText(s, d, " in flight") }),
			gives: map[int][2]string{givesInFlight: both(func(d pair.Direction) string { return countText(s, d, "") })},
		})
	if s.of[0].Worth+s.of[1].Worth > 0 {
		worth := both(func(d pair.Direction) string { return worthText(s.of[d]) })
		items = append(items, summaryItem{texts: worth, gives: map[int][2]string{givesWorth: {}}})
	}
	for _, other := range []struct {
		name  string
		gives int
		of    func(tally) int
	}{
		{"interrupted", givesInterrupted, func(t tally) int { return t.interrupted }},
		{"suspended", givesSuspended, func(t tally) int { return t.suspended }},
	} {
		if other.of(s.tallies[0])+other.of(s.tallies[1]) > 0 {
			texts := both(func(d pair.Direction) string { return fmt.Sprintf("%s %d", other.name, other.of(s.tallies[d])) })
			items = append(items, summaryItem{texts: texts, gives: map[int][2]string{other.gives: {}}})
		}
	}
	return items
}

// lostText counts what did not arrive.
func lostText(t tally) string {
	return widget.Choice(t.lost() > 0, "✗ ", "") + fmt.Sprintf("lost %d", t.lost())
}

// countText is what arrived, and beside it what is in flight; also where nothing is,
// so that nothing moves while probes come and go.
func countText(s standing, d pair.Direction, words string) string {
	text := fmt.Sprintf("n %d", s.tallies[d].arrived)
	if s.goesOn {
		text += fmt.Sprintf(" +%d%s", s.tallies[d].flying, words)
	}
	return text
}

// shareText is how many arrived within the target, of those of which that is known,
// and the interval of the share.
func shareText(w stats.Within, interval bool) string {
	if w.N == 0 {
		return ""
	}
	text := "within " + wording.Duration(w.Target) + " "
	if interval {
		return text + w.Cell()
	}
	return text + fmt.Sprintf("%d of %d", w.Met, w.N)
}

// worthText says of how many independent times the middle is known as well.
func worthText(s stats.Summary) string {
	if s.Worth == 0 {
		return ""
	}
	return fmt.Sprintf("worth %d", s.Worth)
}

// aligned puts the items below each other.
func aligned(items []summaryItem, apart string, draw func(item summaryItem, d pair.Direction, text string) string) (lines [2]string) {
	var ends [2]int // of each line without the blanks at its end
	for _, item := range items {
		wide := max(ansi.StringWidth(item.texts[0]), ansi.StringWidth(item.texts[1]))
		for d, text := range item.texts {
			if wide > 0 && lines[d] != "" {
				lines[d] += apart
			}
			lines[d] += draw(item, pair.Direction(d), text)
			if text != "" {
				ends[d] = len(lines[d])
			}
			lines[d] += strings.Repeat(" ", wide-ansi.StringWidth(text))
		}
	}
	for d := range lines {
		lines[d] = lines[d][:ends[d]]
	}
	return lines
}

// quantileText words a quantile and, if asked, its 95 % interval. Without room
// for that there is none for how many samples are missing either.
func quantileText(q stats.Quantile, interval bool) string {
	switch words := q.Words(); {
	case interval:
		return words.Brief(wording.Duration)
	case words.Bound == wording.Unknown:
		return wording.TooFew
	default:
		return words.Text(wording.Duration)
	}
}
