package report

import (
	"fmt"
	"strings"
)

// sentence names a run in words.
func (c Compared) sentence() string {
	text := "?"
	if len(c.Headers) > 0 {
		h := c.Headers[0]
		text = fmt.Sprintf("%s, %s, %s ⇄ %s", h.RunID, h.StartedAt.UTC().Format("2006-01-02 15:04 UTC"), h.Pair.A, h.Pair.B)
	}
	for _, note := range c.Notes {
		text += ", " + note
	}
	return text
}

// notes say what a reader of the ratios must know: that the runs stand in the
// other order than they began, and which sizes are not compared.
func (c *Comparison) notes() []string {
	var notes []string
	if c.Reversed {
		note := fmt.Sprintf("WARNING: AFTER began before BEFORE did, %s and %s",
			c.After.started().UTC().Format(startFormat), c.Before.started().UTC().Format(startFormat))
		if len(c.Sizes) > 0 {
			note += ": the ratios are of the earlier run to the later one"
		}
		notes = append(notes, note+".")
	}
	if len(c.Sizes) == 0 {
		return append(notes, "The runs have no file size in common: nothing can be compared.")
	}
	var left []string
	for _, only := range []struct {
		sizes []int64
		run   string
	}{{c.OnlyBefore, "before"}, {c.OnlyAfter, "after"}} {
		if len(only.sizes) > 0 {
			left = append(left, sizesText(only.sizes)+" (measured "+only.run+" only)")
		}
	}
	if len(left) > 0 {
		notes = append(notes, fmt.Sprintf("Compared over the sizes that both runs measured, %s. Left out: %s.", sizesText(c.Sizes), strings.Join(left, ", ")))
	}
	return notes
}

const startFormat = "2006-01-02 15:04:05 UTC"

// allSizes names what is compared together, where both runs measured the same
// sizes and where not.
func (c *Comparison) allSizes(same, common string) string {
	if len(c.OnlyBefore)+len(c.OnlyAfter) > 0 {
		return common
	}
	return same
}
