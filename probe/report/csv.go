package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/probe"
)

// csvColumn is a column of the CSV report.
type csvColumn struct{ name, meaning string }

// csvColumns are the columns of the CSV report, in order.
var csvColumns = []csvColumn{
	{"direction", "AtoB or BtoA"},
	{"size_bytes", "of the object"},
	{"round", "from 1"},
	{"key", "of the object"},
	{"version_id", "of the object"},
	{"planned_at", "the start that the schedule wanted, RFC 3339"},
	{"posted_at", "the end of the upload, the zero of the times: RFC 3339 with nanoseconds, by the wall clock"},
	{"since_start_ms", "posted_at from the run's start, by the clock of the times; empty where the journal lacks it"},
	{"outcome", "replicated, gave_up, failed, interrupted, suspended"},
	{"duration_ms", "the bracket's middle; after gave_up and interrupted it took longer than this, after failed and suspended it is no time"},
	{"bracket_low_ms", "the last poll that missed was sent; 0: none did"},
	{"bracket_high_ms", "the first poll that hit was answered; empty without one: no upper end is known then, and JSON repeats the lower one in bracket_ms"},
	{"commit_bracket_low_ms", "as bracket_low_ms, from the commit to visible"},
	{"commit_bracket_high_ms", "as bracket_high_ms, from the upload's last byte to visible"},
	{"corrected_ms", "duration_ms and half a round trip to the origin; after gave_up and interrupted it is duration_ms, and it took longer than that in any case; empty where it is not known"},
	{"left_censored", "true: there at the first poll already, so that it took at most bracket_high_ms"},
	{"heads", "all polls"},
	{"unknowns", "polls that proved nothing"},
	{"throttled", "of the unknowns: the side asked for fewer"},
	{"upload_ms", "from the start to posted_at"},
	{"late_ms", "the start after the planned instant"},
	{"late", "true: notably"},
	{"unconfirmed", "true: readable, but not marked as a replica"},
	{"detail", "why, where the outcome is not replicated"},
	{"completed_outcome", "of the second end point, COMPLETED at the origin; all of completed_… are empty where it was not followed"},
	{"completed_ms", "as duration_ms"},
	{"completed_bracket_low_ms", "as bracket_low_ms"},
	{"completed_bracket_high_ms", "as bracket_high_ms"},
	{"completed_left_censored", "as left_censored"},
	{"completed_heads", "polls of the origin"},
	{"completed_unknowns", "as unknowns"},
	{"completed_detail", "as detail"},
	{"loop", "held, broken or unknown; empty where not checked"},
	{"content", "by the checksums of both sides: same, different, unknown; empty where not checked"},
	{"notes", "of the whole run, such as that it is simulated"},
}

// CSVHelp explains the columns of the CSV report, a line each.
func CSVHelp() string {
	widest := 0
	for _, column := range csvColumns {
		widest = max(widest, len(column.name))
	}
	var out strings.Builder
	for _, column := range csvColumns {
		fmt.Fprintf(&out, "%-*s  %s\n", widest, column.name, column.meaning)
	}
	return out.String()
}

// writeCSV follows RFC 4180: a header, CRLF line ends, quotes where needed.
// Text that a spreadsheet would run as a formula starts with an apostrophe.
func writeCSV(w io.Writer, run *Run, options Options) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		head[i] = column.name
	}
	if err := out.Write(head); err != nil {
		return err
	}
	loops := map[string]probe.LoopEvent{}
	for _, l := range run.Loops {
		loops[l.Key] = l
	}
	notes := csvText(strings.Join(options.Notes, "; "))
	for _, s := range run.Samples {
		row := slices.Concat(csvSample(s), csvCompletion(s.Completed), csvLoop(loops[s.Key]), []string{notes})
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvSample(s probe.Sample) []string {
	planned := ""
	if !s.PlannedAt.IsZero() {
		planned = s.PlannedAt.Format(time.RFC3339Nano)
	}
	return []string{
		s.Direction.String(),
		strconv.FormatInt(s.SizeBytes, 10),
		strconv.Itoa(s.Round),
		csvText(s.Key),
		csvText(s.VersionID),
		planned,
		s.PostedAt.Format(time.RFC3339Nano),
		known(s.SinceStartMS),
		csvText(string(s.Outcome)),
		number(s.DurationMS),
		number(s.BracketMS[0]), upperEnd(s.Outcome, s.BracketMS),
		number(s.CommitBracketMS[0]), upperEnd(s.Outcome, s.CommitBracketMS),
		known(s.CorrectedMS),
		strconv.FormatBool(s.LeftCensored),
		strconv.Itoa(s.HEADs),
		strconv.Itoa(s.Unknowns),
		strconv.Itoa(s.Throttled),
		number(s.UploadMS),
		number(s.LateMS),
		strconv.FormatBool(s.Late),
		strconv.FormatBool(s.Unconfirmed),
		csvText(s.Detail),
	}
}

func csvCompletion(c *probe.Completion) []string {
	if c == nil {
		return make([]string, 8)
	}
	return []string{
		csvText(string(c.Outcome)),
		number(c.DurationMS),
		number(c.BracketMS[0]), upperEnd(c.Outcome, c.BracketMS),
		strconv.FormatBool(c.LeftCensored),
		strconv.Itoa(c.HEADs),
		strconv.Itoa(c.Unknowns),
		csvText(c.Detail),
	}
}

func csvLoop(l probe.LoopEvent) []string {
	return []string{loopText(l), csvText(string(l.Content))}
}

// loopText says how a loop check ended: "" where there was none.
func loopText(l probe.LoopEvent) string {
	switch {
	case l.Key == "":
		return ""
	case l.OK:
		return "held"
	case l.Unknown:
		return "unknown"
	default:
		return "broken"
	}
}

// upperEnd is a bracket's upper end, which only an arrival has.
func upperEnd(outcome probe.Outcome, bracketMS [2]float64) string {
	if outcome != probe.Replicated {
		return ""
	}
	return number(bracketMS[1])
}

// known is a number of which 0 says that it is not known.
func known(x float64) string {
	if x == 0 {
		return ""
	}
	return number(x)
}

// number writes all digits that it takes to read the same value back.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
