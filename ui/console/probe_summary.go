package console

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// summaryItem is one item of the directions' lines: what it says of each.
type summaryItem struct {
	texts [2]string
	short [2]string // what is left after it gave way, or ""
	// gives is the order in which items give way where the lines are too
	// short; the ones with stays never do.
	gives int
}

const stays = 6

// summaryLines are both directions' statistics, one line each, every number
// with its unit and its n. The same items stand below each other in both; where
// a line is too short for all of them whole items give way, none is cut.
func summaryLines(c *stats.Collector, width int) [2]string {
	items := summaryItems(c.Direction(pair.AtoB), c.Direction(pair.BtoA))
	for given := range stays {
		for i := range items {
			if items[i].gives == given {
				items[i].texts = items[i].short
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

func summaryItems(ab, ba stats.Summary) []summaryItem {
	item := func(gives int, text func(stats.Summary) string) summaryItem {
		return summaryItem{texts: [2]string{text(ab), text(ba)}, gives: gives}
	}
	median := item(4, func(s stats.Summary) string { return "median " + quantileText(s.Median, true) })
	median.short = item(4, func(s stats.Summary) string { return "median " + quantileText(s.Median, false) }).texts
	items := []summaryItem{item(stays, func(s stats.Summary) string { return fmt.Sprintf("n %d", s.N) }), median}
	if ab.P90.State != stats.NotEnough || ba.P90.State != stats.NotEnough {
		items = append(items, item(1, func(s stats.Summary) string { return "p90 " + quantileText(s.P90, false) }))
	}
	items = append(items,
		item(stays, func(s stats.Summary) string { return "max " + maxText(s) }),
		item(stays, func(s stats.Summary) string { return fmt.Sprintf("gave up %d", s.GaveUp) }))
	for _, other := range []struct {
		name  string
		gives int
		of    func(stats.Summary) int
	}{
		{"failed", 5, func(s stats.Summary) int { return s.Failed }},
		{"interrupted", 3, func(s stats.Summary) int { return s.Interrupted }},
		{"suspended", 2, func(s stats.Summary) int { return s.Suspended }},
	} {
		if other.of(ab)+other.of(ba) > 0 {
			items = append(items, item(other.gives, func(s stats.Summary) string { return fmt.Sprintf("%s %d", other.name, other.of(s)) }))
		}
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
			lines[d] += pad(text, wide)
		}
	}
	for d := range lines {
		lines[d] = strings.TrimRight(lines[d], " ")
	}
	return lines
}

// quantileText words a quantile and, if asked, its 95 % interval. A quantile
// that the samples don't support yet is not a number.
func quantileText(q stats.Quantile, interval bool) string {
	switch q.State {
	case stats.NotEnough:
		return "too few"
	case stats.Beyond:
		return "over " + chart.Duration(q.Value)
	case stats.AtMost:
		text := "at most " + chart.Duration(q.Value)
		if interval && !q.Open && q.Upper != q.Value {
			text += " (up to " + chart.Duration(q.Upper) + ")"
		}
		return text
	case stats.Known:
	}
	text := chart.Duration(q.Value)
	if !interval {
		return text
	}
	lower, upper := chart.Duration(q.Lower), chart.Duration(q.Upper)
	if q.Open {
		return text + " (from " + lower + ")"
	}
	if q.Lower == 0 {
		return text + " (up to " + upper + ")"
	}
	// One unit is enough where all three numbers have the same.
	if inSeconds(text) && inSeconds(lower) && inSeconds(upper) {
		lower, upper = strings.TrimSuffix(lower, " s"), strings.TrimSuffix(upper, " s")
	}
	return text + " (" + lower + " to " + upper + ")"
}

func inSeconds(text string) bool {
	return strings.HasSuffix(text, " s") && strings.Count(text, " ") == 1
}
