package plain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/backfill"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

// mostNamedLeft is how many of the versions that are left are named in text: JSON
// lines, and the journal, have all of them.
const mostNamedLeft = 20

// leftLine names a version that is not put right.
func leftLine(e backfill.Left) string {
	switch {
	case e.Number == mostNamedLeft+1:
		return "… more are left: --json, and the journal, name all of them"
	case e.Number > mostNamedLeft:
		return ""
	}
	way := ""
	if e.Direction != nil {
		way = " " + e.Direction.Arrow()
	}
	version := ""
	if e.VersionID != "" {
		version = " version " + e.VersionID
	}
	state := "left"
	if e.Reason != "" {
		state = "left alone"
	}
	return fmt.Sprintf("%s%s  %s%s: %s. To do: %s", state, way, e.Key, version, strings.TrimSuffix(e.Words, "."), e.Todo)
}

// copyLine tells of what is done in place where it could not be, or loses something.
func copyLine(e backfill.Copy) string {
	what := "copy in place"
	if e.Marker {
		what = "delete marker"
	}
	switch {
	case e.Begins:
		return ""
	case e.Why != "":
		return fmt.Sprintf("%s on side %s  %s: not made: %s", what, e.Side, e.Key, e.Why)
	case e.Lost != "":
		return fmt.Sprintf("%s on side %s  %s: made as version %s; it does not have %s", what, e.Side, e.Key, e.Made, e.Lost)
	}
	return ""
}

func jobLine(e backfill.Job) string {
	how := "asked for"
	if e.Found {
		how = "found, asked for by an earlier run"
	}
	return fmt.Sprintf("%s  job %s is %s. To stop it: %s", e.Direction.Arrow(), e.ID, how, e.Cancel)
}

// lookedLine says what stands by now, where that is any.
func lookedLine(e backfill.Looked) string {
	if e.Stand == 0 {
		return ""
	}
	return upper(e.Words()) + "."
}

// upper begins a sentence.
func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// backfillLine sums a backfill up.
func backfillLine(e backfill.Result) string {
	text := upper(e.Words()) + "."
	if e.Copied > 0 {
		text += " " + english.Plural(int(e.Copied), "version was", "versions were") + " written again in place, with new version IDs."
	}
	if e.Marked > 0 {
		text += " " + english.Plural(int(e.Marked), "delete marker was", "delete markers were") + " placed."
	}
	if e.Alone() > 0 {
		parts := make([]string, 0, len(e.Untried))
		for _, reason := range slices.Sorted(maps.Keys(e.Untried)) {
			parts = append(parts, humanize.Comma(e.Untried[reason])+" "+string(reason))
		}
		text += " Left alone: " + strings.Join(parts, ", ") + "."
	}
	return text
}

func batchCost(e cost.BatchEstimate) string {
	if e.Jobs == 0 && e.Bytes == 0 { // the look that was made is all
		return ""
	}
	return fmt.Sprintf("estimate: about %s for %s with %s, %s between the regions, and %s to look before and after; list prices of %s", e.AtMost(),
		english.Plural(e.Jobs, "job", ""), english.Plural(int(e.Tasks), "object", ""), wording.Size(e.Bytes), english.Plural(int(e.Heads), "HEAD", ""), e.PricesAsOf)
}
