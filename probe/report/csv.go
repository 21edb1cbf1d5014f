package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/probe"
)

// csvColumns are the columns of the CSV report, in order. Times are
// milliseconds from posted_at, in full precision:
//
//	direction                AtoB or BtoA
//	size_bytes
//	round                    from 1
//	key, version_id          of the object
//	planned_at               the start that the schedule wanted, RFC 3339
//	posted_at                RFC 3339 with nanoseconds, by the wall clock
//	since_start_ms           the same from the run's start, by the clock of the
//	                         durations; empty where the journal lacks it
//	outcome                  replicated, gave_up, failed, interrupted, suspended
//	duration_ms              the bracket's middle; for gave_up and interrupted
//	                         it took longer than this
//	bracket_low_ms           the last miss was sent
//	bracket_high_ms          the first hit was received
//	commit_bracket_low_ms    the same, from commit to visible
//	commit_bracket_high_ms
//	corrected_ms             duration_ms and half a round trip to the origin
//	left_censored            true: there at the first poll already
//	heads, unknowns          polls, and those of them that proved nothing
//	throttled                of the unknowns: the side asked for fewer
//	upload_ms
//	late_ms, late            start after the planned instant; true: notably
//	unconfirmed              true: readable, but not marked as a replica
//	detail                   why, where the outcome is not replicated
//	completed_…              the second end point, COMPLETED at the origin, as
//	                         above; empty where it was not followed
//	loop                     held, broken, or unknown; empty where not checked
//	content                  checksums of both sides: same, different, unknown
//	notes                    of the whole run, such as that it is simulated
var csvColumns = []string{
	"direction", "size_bytes", "round", "key", "version_id", "planned_at", "posted_at", "since_start_ms", "outcome", "duration_ms",
	"bracket_low_ms", "bracket_high_ms", "commit_bracket_low_ms", "commit_bracket_high_ms", "corrected_ms",
	"left_censored", "heads", "unknowns", "throttled", "upload_ms", "late_ms", "late", "unconfirmed", "detail",
	"completed_outcome", "completed_ms", "completed_bracket_low_ms", "completed_bracket_high_ms",
	"completed_left_censored", "completed_heads", "completed_unknowns", "completed_detail",
	"loop", "content", "notes",
}

// writeCSV follows RFC 4180: a header, CRLF line ends, quotes where needed.
// Text that a spreadsheet would run as a formula starts with an apostrophe.
func writeCSV(w io.Writer, run *Run, origin Origin) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	loops := map[string]probe.LoopEvent{}
	for _, l := range run.Loops {
		loops[l.Key] = l
	}
	notes := csvText(strings.Join(origin.Notes, "; "))
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
	since := ""
	if s.SinceStartMS > 0 {
		since = number(s.SinceStartMS)
	}
	return []string{
		s.Direction.String(),
		strconv.FormatInt(s.SizeBytes, 10),
		strconv.Itoa(s.Round),
		csvText(s.Key),
		csvText(s.VersionID),
		planned,
		s.PostedAt.Format(time.RFC3339Nano),
		since,
		csvText(string(s.Outcome)),
		number(s.DurationMS),
		number(s.BracketMS[0]), number(s.BracketMS[1]),
		number(s.CommitBracketMS[0]), number(s.CommitBracketMS[1]),
		number(s.CorrectedMS),
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
		number(c.BracketMS[0]), number(c.BracketMS[1]),
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

// number writes all digits that it takes to read the same value back.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
