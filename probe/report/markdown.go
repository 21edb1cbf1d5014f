package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// writeMarkdown says what was measured, when and between what, then the
// verdicts, the tables, the chart and the loop check.
func writeMarkdown(w io.Writer, run *Run, options Options) error {
	var out strings.Builder
	out.WriteString("# S3 replication times, both ways\n\n")
	for _, note := range options.Notes {
		out.WriteString(markdownText(note) + "\n\n")
	}
	writeHeaders(&out, run)
	c := run.Statistics()
	fmt.Fprintf(&out, "- %s\n- %s\n\n", c.CompareDirections().Sentence, c.CompareSizes().Sentence)
	out.WriteString("## By direction\n\n")
	tableHead(&out, "direction")
	for _, d := range pair.Directions() {
		tableRow(&out, c.Direction(d), d.Arrow())
	}
	if cells := c.Cells(); len(cells) > 0 {
		out.WriteString("\n## By file size\n\n")
		tableHead(&out, "direction", "size")
		for _, cell := range cells {
			tableRow(&out, cell, cell.Direction.Arrow(), sizeText(cell.SizeBytes))
		}
	}
	out.WriteString("\n")
	if options.Chart != "" {
		out.WriteString("## Chart\n\n" + codeBlock(options.Chart) + "\n")
	}
	writeLoops(&out, run)
	writeReading(&out, run)
	_, err := io.WriteString(w, out.String())
	return err
}

func writeHeaders(out *strings.Builder, run *Run) {
	for i, h := range run.Headers {
		if i == 0 {
			for _, name := range pair.Sides() {
				fmt.Fprintf(out, "- Side %s: %s\n", name, markdownText(h.Pair.Side(name).String()))
			}
		}
		rounds := "until stopped"
		if h.Rounds > 0 {
			rounds = plural(h.Rounds, "round")
		}
		sizes := make([]string, len(h.Sizes))
		for k, size := range h.Sizes {
			sizes[k] = sizeText(size)
		}
		fmt.Fprintf(out, "- Run %s, started %s: %s, one every %s s, given up after %s s, pace %s\n- Sizes: %s\n",
			markdownText(h.RunID), h.StartedAt.UTC().Format(time.RFC3339), rounds,
			number(float64(h.EveryMS)/1000), number(float64(h.LimitMS)/1000), markdownText(string(h.Pace)), strings.Join(sizes, ", "))
	}
	for _, r := range run.RTTs {
		fmt.Fprintf(out, "- Round trip from here to side %s: %.0f ms, the shortest of %d\n", markdownText(string(r.Side)), r.MinMS, r.N)
	}
	fmt.Fprintf(out, "- %s", plural(len(run.Samples), "sample"))
	if n := len(run.Unfinished); n > 0 {
		fmt.Fprintf(out, "; %s began and left no result", plural(n, "probe"))
	}
	if run.Torn {
		out.WriteString("; the journal's last line was cut short and is left out")
	}
	out.WriteString("\n\n")
}

var tableColumns = []string{
	"n", "median s", "95 % interval s", "p90 s", "p95 s", "max s",
	"gave up", "failed", "interrupted", "suspended", "at most", "unknown polls", "HEADs a sample",
}

func tableHead(out *strings.Builder, first ...string) {
	columns := slices.Concat(first, tableColumns)
	out.WriteString("| " + strings.Join(columns, " | ") + " |\n")
	out.WriteString(strings.Repeat("|---", len(first)) + strings.Repeat("|---:", len(tableColumns)) + "|\n")
}

func tableRow(out *strings.Builder, s stats.Summary, first ...string) {
	cells := slices.Concat(first, []string{
		strconv.Itoa(s.N), quantileText(s.Median), intervalText(s.Median),
		quantileText(s.P90), quantileText(s.P95), quantileText(s.Max),
		strconv.Itoa(s.GaveUp), strconv.Itoa(s.Failed), strconv.Itoa(s.Interrupted), strconv.Itoa(s.Suspended),
		strconv.Itoa(s.LeftCensored), strconv.Itoa(s.Unknowns), strconv.FormatFloat(s.HEADsPerSample(), 'f', 1, 64),
	})
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func quantileText(q stats.Quantile) string {
	switch q.State {
	case stats.Known:
		return seconds(q.Value)
	case stats.Beyond:
		return "over " + seconds(q.Value)
	default:
		return "too few"
	}
}

func intervalText(q stats.Quantile) string {
	switch {
	case q.State == stats.NotEnough:
		return "too few"
	case q.Open:
		return "from " + seconds(q.Lower)
	default:
		return seconds(q.Lower) + " to " + seconds(q.Upper)
	}
}

// seconds writes no more decimals than a poll can resolve.
func seconds(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 1:
		return strconv.FormatFloat(s, 'f', 3, 64)
	case s < 100:
		return strconv.FormatFloat(s, 'f', 2, 64)
	default:
		return strconv.FormatFloat(s, 'f', 0, 64)
	}
}

func sizeText(bytes int64) string {
	for _, unit := range []struct {
		bytes int64
		name  string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if bytes >= unit.bytes && bytes%unit.bytes == 0 {
			return strconv.FormatInt(bytes/unit.bytes, 10) + " " + unit.name
		}
	}
	return strconv.FormatInt(bytes, 10) + " B"
}

func writeLoops(out *strings.Builder, run *Run) {
	held, checked := run.LoopsOK()
	if checked == 0 {
		return
	}
	fmt.Fprintf(out, "## Loop check\n\n%d of %s stayed where they were sent: COMPLETED at the origin, REPLICA at the other side, one version on each.\n\n",
		held, plural(checked, "object"))
	for _, l := range run.Loops {
		if !l.OK {
			fmt.Fprintf(out, "- %s %s: %s at the origin (%s), %s at the other side (%s). %s\n", l.Direction.Arrow(), markdownText(l.Key),
				markdownText(l.Origin), plural(l.OriginVersions, "version"), markdownText(l.Replica), plural(l.ReplicaVersions, "version"), markdownText(l.Detail))
		}
	}
	if held < checked {
		out.WriteString("\n")
	}
}

func writeReading(out *strings.Builder, run *Run) {
	out.WriteString("## How to read this\n\n" +
		"A time runs from the answer to the upload until the object can be read on the other side with the status REPLICA. " +
		"It is known to lie between the last poll that missed and the first that hit; the middle of that is used. " +
		"Medians have distribution-free 95 % intervals, from 6 samples on; p90 needs 29 and p95 needs 59. " +
		"Probes that gave up or were interrupted count as longer than the time they were watched (Kaplan-Meier); n includes them. " +
		"Failed and suspended ones have no time.\n")
	reasons := map[string]int{}
	var order []string
	for _, s := range run.Samples {
		if s.Outcome == probe.Replicated || s.Detail == "" {
			continue
		}
		reason := string(s.Outcome) + ": " + s.Detail
		if reasons[reason]++; reasons[reason] == 1 {
			order = append(order, reason)
		}
	}
	const most = 20
	for i, reason := range order {
		if i == 0 {
			out.WriteString("\n## What did not replicate\n\n")
		}
		if i == most {
			fmt.Fprintf(out, "- and %s more\n", plural(len(order)-most, "reason"))
			break
		}
		fmt.Fprintf(out, "- %s (×%d)\n", markdownText(reason), reasons[reason])
	}
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
