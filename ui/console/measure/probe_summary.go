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

// summaryItem is one item of the directions' lines: what it says of each.
type summaryItem struct {
	texts [2]string
	// gives says how the item gives way where the lines are too short: what is
	// left of it, by the order in which items do so.
	gives map[int][2]string
}

// summaryLines are both directions' statistics, one line each, every number
// with its unit and its n. The same items stand below each other in both; where
// a line is too short for all of them whole items give way, none is cut. inFlight
// counts those of each n that are in flight; nil after the run.
func summaryLines(c *stats.Collector, inFlight *[2]int, width int) [2]string {
	items := summaryItems(c.Direction(pair.AtoB), c.Direction(pair.BtoA), inFlight)
	for given := range allGiven {
		for i := range items {
			if left, gives := items[i].gives[given]; gives {
				items[i].texts = left
			}
		}
		for _, apart := range []string{"   ", "  "} {
			if lines := aligned(items, apart); ansi.StringWidth(lines[0]) <= width && ansi.StringWidth(lines[1]) <= width {
				return lines
			}
		}
	}
	return aligned(items, "  ")
}

// The order in which items give way.
const (
	givesInFlight = iota + 1 // at first nothing does
	givesNote
	givesMeanInterval
	givesP99
	givesMean
	givesP95
	givesP90Interval
	givesP90
	givesSuspended
	givesInterrupted
	givesMedianInterval
	givesFailed
	allGiven
)

func summaryItems(ab, ba stats.Summary, inFlight *[2]int) []summaryItem {
	both := func(text func(stats.Summary) string) [2]string { return [2]string{text(ab), text(ba)} }
	quantile := func(name string, of func(stats.Summary) stats.Quantile, interval bool) [2]string {
		return both(func(s stats.Summary) string { return name + " " + quantileText(of(s), interval) })
	}
	median := func(s stats.Summary) stats.Quantile { return s.Median }
	n := summaryItem{texts: both(func(s stats.Summary) string { return fmt.Sprintf("n %d", s.N) })}
	if inFlight != nil { // also where none is, so that nothing moves while probes come and go
		n.gives = map[int][2]string{givesInFlight: n.texts}
		n.texts = both(func(s stats.Summary) string {
			return fmt.Sprintf("n %d, %d of them in flight", s.N, inFlight[s.Direction])
		})
	}
	items := []summaryItem{
		n,
		{texts: quantile("median", median, true), gives: map[int][2]string{givesMedianInterval: quantile("median", median, false)}},
	}
	// In flight the mean is of times that are cut where it stands, and says little.
	if inFlight == nil && (ab.Mean.State != stats.NotEnough || ba.Mean.State != stats.NotEnough) {
		mean := func(interval bool) [2]string {
			return both(func(s stats.Summary) string { return "mean " + meanText(s, interval) })
		}
		items = append(items, summaryItem{mean(true), map[int][2]string{givesMeanInterval: mean(false), givesMean: {}}})
	}
	for _, tail := range []struct {
		name            string
		of              func(stats.Summary) stats.Quantile
		gives, interval int
	}{
		{"p90", func(s stats.Summary) stats.Quantile { return s.P90 }, givesP90, givesP90Interval},
		{"p95", func(s stats.Summary) stats.Quantile { return s.P95 }, givesP95, givesP95},
		{"p99", func(s stats.Summary) stats.Quantile { return s.P99 }, givesP99, givesP99},
	} {
		if tail.of(ab).State != stats.NotEnough || tail.of(ba).State != stats.NotEnough {
			gives := map[int][2]string{tail.interval: quantile(tail.name, tail.of, false)}
			gives[tail.gives] = [2]string{}
			items = append(items, summaryItem{quantile(tail.name, tail.of, true), gives})
		}
	}
	items = append(items,
		summaryItem{texts: both(func(s stats.Summary) string { return "max " + maxText(s) })},
		summaryItem{texts: both(func(s stats.Summary) string { return fmt.Sprintf("gave up %d", s.GaveUp) })})
	for _, other := range []struct {
		name  string
		gives int
		of    func(stats.Summary) int
	}{
		{"failed", givesFailed, func(s stats.Summary) int { return s.Failed }},
		{"interrupted", givesInterrupted, func(s stats.Summary) int { return s.Interrupted }},
		{"suspended", givesSuspended, func(s stats.Summary) int { return s.Suspended }},
	} {
		if other.of(ab)+other.of(ba) > 0 {
			texts := both(func(s stats.Summary) string { return fmt.Sprintf("%s %d", other.name, other.of(s)) })
			items = append(items, summaryItem{texts, map[int][2]string{other.gives: {}}})
		}
	}
	if ab.Median.State != stats.NotEnough || ba.Median.State != stats.NotEnough {
		items = append(items, summaryItem{[2]string{"( ) 95 % intervals"}, map[int][2]string{givesNote: {}}})
	}
	return items
}

// aligned puts the items below each other.
func aligned(items []summaryItem, apart string) (lines [2]string) {
	for _, item := range items {
		wide := max(ansi.StringWidth(item.texts[0]), ansi.StringWidth(item.texts[1]))
		for d, text := range item.texts {
			if wide > 0 && lines[d] != "" {
				lines[d] += apart
			}
			lines[d] += widget.Pad(text, wide)
		}
	}
	for d := range lines {
		lines[d] = strings.TrimRight(lines[d], " ")
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
