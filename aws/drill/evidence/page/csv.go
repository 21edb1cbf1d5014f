package page

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"bothways/aws/drill/evidence/figures"
	"bothways/probe"
	"bothways/probe/wording"
)

// Columns are those of samples.csv, in their order, with what they mean.
func Columns() [][2]string {
	all := make([][2]string, len(columns))
	for i, c := range columns {
		all[i] = [2]string{c.name, c.meaning}
	}
	return all
}

var columns = []struct {
	name, meaning string
	of            func(figures.Row) string
}{
	{"direction", "AtoB or BtoA", func(r figures.Row) string { return r.Direction.String() }},
	{"key", "of the canary; one that begins like a formula begins with an apostrophe, and what does not print is escaped", func(r figures.Row) string { return wording.Cell(r.Key) }},
	{"version_id", "as its origin answered", func(r figures.Row) string { return wording.Cell(r.Version) }},
	{"bytes", "of its content", func(r figures.Row) string { return strconv.FormatInt(r.Bytes, 10) }},
	{"posted_ms", "when its upload was acknowledged, from the canaries' start, monotonic", func(r figures.Row) string { return number(r.PostedMS) }},
	{"absent_until_ms", "the last poll that missed was sent; posted_ms where none did", func(r figures.Row) string { return number(r.LowMS) }},
	{"there_by_ms", "the first poll that hit was answered; empty where nothing showed it", func(r figures.Row) string { return optional(r.HighMS) }},
	{"unusable", "true: this computer slept meanwhile, or S3 said that its replication failed", func(r figures.Row) string { return strconv.FormatBool(r.Unusable) }},
	{"phase", "baseline: acknowledged before the fault; after: once both sides held the same again", func(r figures.Row) string { return r.Phase }},
	{"at_cut", "there, missing or unknown; empty where it came after the cut, or there is none", func(r figures.Row) string { return r.AtCut }},
	{"outcome", "of its probe: replicated, gave_up, failed, interrupted, suspended; empty: in flight when the journal ends", sampled(func(r figures.Row) string { return wording.Cell(string(r.Sample.Outcome)) })},
	{"duration_ms", "a length, of what arrived: the bracket's middle, or its upper end where held", sampled(func(r figures.Row) string {
		if r.Sample.Outcome != probe.Replicated {
			return ""
		}
		return number(r.Sample.DurationMS)
	})},
	{"longer_than_ms", "a length: it took longer than this, after gave_up and interrupted; empty else", sampled(func(r figures.Row) string {
		if !r.Sample.Outcome.Censored() {
			return ""
		}
		return number(r.Sample.DurationMS)
	})},
	{"bracket_low_ms", "a length, from posted_ms", sampled(func(r figures.Row) string { return number(r.Sample.BracketMS[0]) })},
	{"bracket_high_ms", "a length, from posted_ms; as bracket_low_ms where it did not arrive", sampled(func(r figures.Row) string { return number(r.Sample.BracketMS[1]) })},
	{"left_censored", "true: the first poll found it", sampled(func(r figures.Row) string { return strconv.FormatBool(r.Sample.LeftCensored) })},
	{"held", "true: the answer that showed it took far longer than a round trip", sampled(func(r figures.Row) string { return strconv.FormatBool(r.Sample.Held) })},
	{"upload_ms", "a length: from its start to posted_ms", sampled(func(r figures.Row) string { return number(r.Sample.UploadMS) })},
	{"heads", "all polls", sampled(func(r figures.Row) string { return strconv.Itoa(r.Sample.HEADs) })},
	{"unknowns", "polls that proved nothing", sampled(func(r figures.Row) string { return strconv.Itoa(r.Sample.Unknowns) })},
	{"posted_at", "posted_ms by this computer's clock, RFC 3339", sampled(func(r figures.Row) string { return r.Sample.PostedAt.UTC().Format(time.RFC3339Nano) })},
	{"why", "why it did not arrive", func(r figures.Row) string { return wording.Cell(r.Why) }},
}

func sampled(of func(figures.Row) string) func(figures.Row) string {
	return func(r figures.Row) string {
		if r.Sample == nil {
			return ""
		}
		return of(r)
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}

// CSV writes every canary, following RFC 4180: a header, CRLF line ends, quotes
// where needed.
func CSV(w io.Writer, rows []figures.Row) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = c.name
	}
	if err := out.Write(fields); err != nil {
		return err
	}
	for _, r := range rows {
		for i, c := range columns {
			fields[i] = c.of(r)
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
