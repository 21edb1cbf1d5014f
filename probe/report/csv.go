package report

import (
	"encoding/csv"
	"io"
	"strconv"
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
//	posted_at                RFC 3339 with nanoseconds
//	outcome                  replicated, gave_up, failed, interrupted, suspended
//	duration_ms              the bracket's middle; for gave_up and interrupted
//	                         it took longer than this
//	bracket_low_ms           the last miss was sent
//	bracket_high_ms          the first hit was received
//	commit_bracket_low_ms    the same, from commit to visible
//	commit_bracket_high_ms
//	left_censored            true: there at the first poll already
//	heads, unknowns          polls, and those of them that proved nothing
//	upload_ms
//	late_ms                  start after the planned instant
//	detail                   why, where the outcome is not replicated
var csvColumns = []string{
	"direction", "size_bytes", "round", "key", "version_id", "posted_at", "outcome", "duration_ms",
	"bracket_low_ms", "bracket_high_ms", "commit_bracket_low_ms", "commit_bracket_high_ms",
	"left_censored", "heads", "unknowns", "upload_ms", "late_ms", "detail",
}

// writeCSV follows RFC 4180: a header, CRLF line ends, quotes where needed.
// Text that a spreadsheet would run as a formula starts with an apostrophe.
func writeCSV(w io.Writer, run *Run) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	for _, s := range run.Samples {
		if err := out.Write(csvRow(s)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvRow(s probe.Sample) []string {
	return []string{
		s.Direction.String(),
		strconv.FormatInt(s.SizeBytes, 10),
		strconv.Itoa(s.Round),
		csvText(s.Key),
		csvText(s.VersionID),
		s.PostedAt.Format(time.RFC3339Nano),
		csvText(string(s.Outcome)),
		number(s.DurationMS),
		number(s.BracketMS[0]), number(s.BracketMS[1]),
		number(s.CommitBracketMS[0]), number(s.CommitBracketMS[1]),
		strconv.FormatBool(s.LeftCensored),
		strconv.Itoa(s.HEADs),
		strconv.Itoa(s.Unknowns),
		number(s.UploadMS),
		number(s.LateMS),
		csvText(s.Detail),
	}
}

// number writes all digits that it takes to read the same value back.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
