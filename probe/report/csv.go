package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"bothways/probe"
)

// csvRow is what a row of the CSV report is made of.
type csvRow struct {
	probe.Sample
	loop  probe.LoopEvent
	notes string
}

// csvColumns are the columns of the CSV report, in order, each with its value in
// a row.
var csvColumns = []struct {
	name, meaning string
	of            func(r csvRow) string
}{
	{"direction", "AtoB or BtoA", func(r csvRow) string { return r.Direction.String() }},
	{"size_bytes", "of the object", func(r csvRow) string { return strconv.FormatInt(r.SizeBytes, 10) }},
	{"round", "from 1", func(r csvRow) string { return strconv.Itoa(r.Round) }},
	{"key", "of the object", func(r csvRow) string { return csvText(r.Key) }},
	{"version_id", "of the object", func(r csvRow) string { return csvText(r.VersionID) }},
	{"planned_at", "the start that the schedule wanted, RFC 3339", func(r csvRow) string { return instant(r.PlannedAt) }},
	{"posted_at", "the end of the upload, the zero of the times: RFC 3339 with nanoseconds, by the wall clock", func(r csvRow) string { return r.PostedAt.Format(time.RFC3339Nano) }},
	{"since_start_ms", "posted_at from the run's start, by the clock of the times; empty where the journal lacks it", func(r csvRow) string { return known(r.SinceStartMS) }},
	{"outcome", "replicated, gave_up, failed, interrupted, suspended", func(r csvRow) string { return csvText(string(r.Outcome)) }},
	{"duration_ms", "of an arrival: the bracket's middle, but no later than the poll that hit was sent, or its upper end where held; empty without one", func(r csvRow) string { return arrived(r.Outcome, r.DurationMS) }},
	{"longer_than_ms", "it took longer than this, after gave_up and interrupted; empty else. A mean of duration_ms alone leaves these out, and is too small", func(r csvRow) string { return longerThan(r.Outcome, r.DurationMS) }},
	{"bracket_low_ms", "the last poll that missed was sent; 0: none did", func(r csvRow) string { return number(r.BracketMS[0]) }},
	{"bracket_high_ms", "the first poll that hit was answered; empty without one: no upper end is known then, and JSON repeats the lower one in bracket_ms", func(r csvRow) string { return upperEnd(r.Outcome, r.BracketMS) }},
	{"commit_bracket_low_ms", "as bracket_low_ms, from the commit to visible", func(r csvRow) string { return number(r.CommitBracketMS[0]) }},
	{"commit_bracket_high_ms", "as bracket_high_ms, from the upload's last byte to visible", func(r csvRow) string { return upperEnd(r.Outcome, r.CommitBracketMS) }},
	{"corrected_ms", "duration_ms and half a round trip to the origin; empty where either is not known, and of what did not arrive, where longer_than_ms is a lower bound of this, too", func(r csvRow) string {
		if r.Outcome != probe.Replicated {
			return ""
		}
		return known(r.CorrectedMS)
	}},
	{"left_censored", "true: there at the first poll already, so that it took at most bracket_high_ms", func(r csvRow) string { return strconv.FormatBool(r.LeftCensored) }},
	{"held", "true: the answer that showed the replica took far longer than a round trip, so that duration_ms is bracket_high_ms: it took at most that", func(r csvRow) string { return strconv.FormatBool(r.Held) }},
	{"heads", "all polls", func(r csvRow) string { return strconv.Itoa(r.HEADs) }},
	{"unknowns", "polls that proved nothing", func(r csvRow) string { return strconv.Itoa(r.Unknowns) }},
	{"throttled", "of the unknowns: the side asked for fewer", func(r csvRow) string { return strconv.Itoa(r.Throttled) }},
	{"upload_ms", "from the start to posted_at", func(r csvRow) string { return number(r.UploadMS) }},
	{"late_ms", "the start after the planned instant", func(r csvRow) string { return number(r.LateMS) }},
	{"late", "true: notably", func(r csvRow) string { return strconv.FormatBool(r.Late) }},
	{"unconfirmed", "true: readable, but not marked as a replica", func(r csvRow) string { return strconv.FormatBool(r.Unconfirmed) }},
	{"detail", "why, where the outcome is not replicated", func(r csvRow) string { return csvText(r.Detail) }},
	{"completed_outcome", "of the second end point, COMPLETED at the origin; all of completed_… are empty where it was not followed", completion(func(c *probe.Completion) string { return csvText(string(c.Outcome)) })},
	{"completed_ms", "as duration_ms", completion(func(c *probe.Completion) string { return arrived(c.Outcome, c.DurationMS) })},
	{"completed_longer_than_ms", "as longer_than_ms", completion(func(c *probe.Completion) string { return longerThan(c.Outcome, c.DurationMS) })},
	{"completed_bracket_low_ms", "as bracket_low_ms", completion(func(c *probe.Completion) string { return number(c.BracketMS[0]) })},
	{"completed_bracket_high_ms", "as bracket_high_ms", completion(func(c *probe.Completion) string { return upperEnd(c.Outcome, c.BracketMS) })},
	{"completed_left_censored", "as left_censored", completion(func(c *probe.Completion) string { return strconv.FormatBool(c.LeftCensored) })},
	{"completed_heads", "polls of the origin", completion(func(c *probe.Completion) string { return strconv.Itoa(c.HEADs) })},
	{"completed_unknowns", "as unknowns", completion(func(c *probe.Completion) string { return strconv.Itoa(c.Unknowns) })},
	{"completed_detail", "as detail", completion(func(c *probe.Completion) string { return csvText(c.Detail) })},
	{"loop", "held, broken or unknown; empty where not checked", func(r csvRow) string { return loopText(r.loop) }},
	{"content", "by the checksums of both sides: same, different, unknown; empty where not checked", func(r csvRow) string { return csvText(string(r.loop.Content)) }},
	{"notes", "of the whole run, such as that it is simulated", func(r csvRow) string { return r.notes }},
}

// completion is a value of the second end point: empty where it was not
// followed.
func completion(value func(*probe.Completion) string) func(csvRow) string {
	return func(r csvRow) string {
		if r.Completed == nil {
			return ""
		}
		return value(r.Completed)
	}
}

// csvHelp explains the columns of the CSV report, a line each.
func csvHelp() string {
	widest := 0
	for _, column := range csvColumns {
		widest = max(widest, len(column.name))
	}
	var out strings.Builder
	out.WriteString("The columns of csv, whose times are milliseconds from posted_at in full precision:\n\n")
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
	fields := make([]string, len(csvColumns))
	for i, column := range csvColumns {
		fields[i] = column.name
	}
	if err := out.Write(fields); err != nil {
		return err
	}
	row := csvRow{notes: csvText(strings.Join(options.Notes, "; "))}
	for s, l := range run.eachChecked() {
		row.Sample, row.loop = s, l
		for i, column := range csvColumns {
			fields[i] = column.of(row)
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
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
	return arrived(outcome, bracketMS[1])
}

// arrived is a time that only an arrival has. That of a probe that gave up is a
// lower bound, and has a column of its own: nobody is to average the two.
func arrived(outcome probe.Outcome, ms float64) string {
	if outcome != probe.Replicated {
		return ""
	}
	return number(ms)
}

// longerThan is the lower bound of a time that was not seen to end.
func longerThan(outcome probe.Outcome, ms float64) string {
	if !outcome.Censored() {
		return ""
	}
	return number(ms)
}

// instant is empty where it is not known.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339Nano)
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
