package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// writeMarkdown says what was measured, when and between what, then the
// verdicts, the tables, the charts and the loop check.
func writeMarkdown(w io.Writer, run *Run, options Options) error {
	var out strings.Builder
	out.WriteString("# S3 replication times, both ways\n\n")
	for _, note := range options.Notes {
		out.WriteString("**" + markdownText(note) + "**\n\n")
	}
	c := run.Statistics()
	verdicts := c.VerdictEvents(run.Looks())
	for _, v := range verdicts {
		fmt.Fprintf(&out, "- %s\n", markdownText(v.Line()))
	}
	for _, line := range slices.Concat(run.TargetLines(), run.LevelLines()) {
		fmt.Fprintf(&out, "- %s\n", markdownText(line))
	}
	if note := stats.ByChance(verdicts); note != "" {
		fmt.Fprintf(&out, "\n%s\n", markdownText(note))
	}
	out.WriteString("\n")
	byDirection("By direction", c).markdown(&out)
	bySize("By file size", c).markdown(&out)
	within(run).markdown(&out)
	levels(run).markdown(&out)
	if options.Charts != nil {
		for _, chart := range options.Charts() {
			out.WriteString("## " + markdownText(chart.Title) + "\n\n" + codeBlock(chart.Text) + "\n")
		}
	}
	completions(run).markdown(&out)
	writeLoops(&out, run)
	out.WriteString("## How it was measured\n\n")
	for _, f := range slices.Concat(Facts(run, options.Origin), reading) {
		fmt.Fprintf(&out, "- %s: %s\n", markdownText(f.Name), strings.TrimSuffix(markdownText(f.Text), ".")+".")
	}
	writeReasons(&out, run)
	_, err := io.WriteString(w, out.String())
	return err
}

var tableColumns = []string{
	"n", "median s (95 %)", "mean s (95 %)", "p90 s (95 %)", "p95 s (95 %)", "p99 s (95 %)", "max s",
	"gave up", "failed", "interrupted", "suspended", "at most", "unknown polls", "HEADs a sample",
}

// markdown writes the table under its title, unless it is empty.
func (t table) markdown(out *strings.Builder) {
	if len(t.Rows) == 0 {
		return
	}
	out.WriteString("## " + t.Title + "\n\n" + markdownRow(t.Head))
	figures := cmp.Or(t.Figures, len(tableColumns))
	out.WriteString(strings.Repeat("|---", len(t.Head)-figures) + strings.Repeat("|---:", figures) + "|\n")
	for _, row := range t.Rows {
		out.WriteString(markdownRow(row))
	}
	out.WriteString("\n")
}

func markdownRow(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// tableCells are a summary's figures in the order of tableColumns.
func tableCells(s stats.Summary) []string {
	return []string{
		strconv.Itoa(s.N), withInterval(s.Median), s.Mean.Words().WithInterval("", wording.Seconds), withInterval(s.P90), withInterval(s.P95), withInterval(s.P99), s.Max.Words().Longest(wording.Seconds),
		strconv.Itoa(s.GaveUp), strconv.Itoa(s.Failed), strconv.Itoa(s.Interrupted), strconv.Itoa(s.Suspended),
		strconv.Itoa(s.LeftCensored), strconv.Itoa(s.Unknowns), strconv.FormatFloat(s.HEADsPerSample(), 'f', 1, 64),
	}
}

// withInterval is a quantile with its interval, for a column whose head says
// the unit and the level.
func withInterval(q stats.Quantile) string { return q.Words().WithInterval("", wording.Seconds) }

func writeLoops(out *strings.Builder, run *Run) {
	sentence, broken := loopSummary(run)
	if sentence == "" {
		return
	}
	out.WriteString("## Loop check\n\n" + sentence + "\n\n")
	for _, l := range broken {
		out.WriteString("- " + markdownText(l) + "\n")
	}
	if len(broken) > 0 {
		out.WriteString("\n")
	}
}

// loopSummary says how many objects stayed where they were sent, and lists
// those of which that is not shown.
func loopSummary(run *Run) (sentence string, others []string) {
	t := run.tally()
	if t.checked == 0 {
		return "", nil
	}
	sentence = fmt.Sprintf("%d of %s stayed where they were sent: COMPLETED at the origin, REPLICA at the other side, one version on each.",
		t.stayed, wording.Count(t.checked, "object"))
	for _, l := range t.astray {
		others = append(others, fmt.Sprintf("%s %s: %s at the origin (%s), %s at the other side (%s). %s", l.Direction.Arrow(), l.Key,
			l.Origin, wording.Count(l.OriginVersions, "version"), l.Replica, wording.Count(l.ReplicaVersions, "version"), l.Detail))
	}
	contents := t.contents
	if compared := t.checked - contents[""]; compared > 0 {
		sentence += fmt.Sprintf(" Of %d whose checksums were compared, %d have the same content on both sides, %d another, and of %d it is not known.",
			compared, contents[probe.SameContent], contents[probe.OtherContent], contents[probe.UnknownContent])
	}
	return sentence, others
}

// reason is why probes have no arrival, with their number.
type reason struct {
	Text string
	N    int
}

// reasons lists why probes did not replicate, in the order in which they came
// up, up to so many.
func reasons(run *Run, most int) (all []reason, more int) {
	all = run.tally().reasons
	if len(all) > most {
		return all[:most], len(all) - most
	}
	return all, 0
}

const mostReasons = 20

func writeReasons(out *strings.Builder, run *Run) {
	all, more := reasons(run, mostReasons)
	if len(all) > 0 {
		out.WriteString("\n## What did not replicate\n\n")
	}
	for _, r := range all {
		fmt.Fprintf(out, "- %s (×%d)\n", markdownText(r.Text), r.N)
	}
	if more > 0 {
		fmt.Fprintf(out, "- and %s more\n", wording.Count(more, "reason"))
	}
}
