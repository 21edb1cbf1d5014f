package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/probe/wording"
)

// columns are those of the CSV report, in order, each with its value in a row.
func columns() []column {
	all := []column{
		{"verdict", "what is the matter", func(d difference.Difference) string { return wording.Cell(string(d.Verdict)) }},
		{"label", "the same in the words of the screen", func(d difference.Difference) string { return wording.Cell(words.Label(d.Verdict)) }},
		{"cause", "why; empty where there is none to name", func(d difference.Difference) string { return wording.Cell(string(d.Cause)) }},
		{"remedy", "what puts it right; empty where nothing is needed", func(d difference.Difference) string { return wording.Cell(string(d.Remedy)) }},
		{"do", "the same in few words, with the flag of bothways backfill that agrees to it", func(d difference.Difference) string { return wording.Cell(words.Do(d.Remedy)) }},
		{"direction", "AtoB or BtoA: the way that it should travel, or should have; empty where neither is meant", func(d difference.Difference) string { return string(difference.WayOf(d.Direction)) }},
		{"kind", "how the listings differ", func(d difference.Difference) string { return wording.Cell(string(d.Kind)) }},
		{"only", "A or B: the side that alone has it; empty where both have", func(d difference.Difference) string { return string(difference.GroupOf(d).Only) }},
		{"key", "of the object; one that begins like a formula begins with an apostrophe, and what does not print is escaped", func(d difference.Difference) string { return wording.Cell(d.Key) }},
	}
	for _, side := range []struct {
		name string
		at   func(difference.Difference) *difference.Entry
	}{
		{"a", func(d difference.Difference) *difference.Entry { return d.A }},
		{"b", func(d difference.Difference) *difference.Entry { return d.B }},
	} {
		of := func(value func(difference.Entry) string) func(difference.Difference) string {
			return func(d difference.Difference) string {
				if e := side.at(d); e != nil {
					return value(*e)
				}
				return ""
			}
		}
		all = append(all,
			column{"version_id_" + side.name, "as the listing of the side has it, and so the next ones; empty where it has nothing", of(func(e difference.Entry) string { return wording.Cell(e.VersionID) })},
			column{"marker_" + side.name, "true: a delete marker", of(func(e difference.Entry) string { return strconv.FormatBool(e.Marker) })},
			column{"latest_" + side.name, "true: what the side serves", of(func(e difference.Entry) string { return strconv.FormatBool(e.Latest) })},
			column{"modified_" + side.name, "when it was created, RFC 3339", of(func(e difference.Entry) string { return instant(e.Modified) })},
			column{"size_bytes_" + side.name, "0 for a delete marker", of(func(e difference.Entry) string { return strconv.FormatInt(e.Size, 10) })},
			column{"etag_" + side.name, "without its quotes", of(func(e difference.Entry) string { return wording.Cell(e.ETag) })},
			column{"class_" + side.name, "the storage class", of(func(e difference.Entry) string { return wording.Cell(e.Class) })})
	}
	return append(all,
		column{"asked", "true: both statuses were asked for by HEAD", func(d difference.Difference) string { return strconv.FormatBool(d.Asked) }},
		column{"status_a", "replication status on A; empty for none", func(d difference.Difference) string { return wording.Cell(d.StatusA) }},
		column{"status_b", "replication status on B; empty for none", func(d difference.Difference) string { return wording.Cell(d.StatusB) }},
		column{"evidence", "the facts that verdict and cause stand on", func(d difference.Difference) string { return wording.Cell(strings.Join(d.Evidence, "; ")) }},
		column{"looked_at", "the second look, by this computer's clock", func(d difference.Difference) string { return instant(d.LookedAt) }})
}

// column is one of the CSV report.
type column struct {
	name, meaning string
	of            func(difference.Difference) string
}

// instant is empty where it is not known.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// CSVHelp explains the columns of the CSV report, a line each.
func CSVHelp() string {
	widest := 0
	for _, c := range columns() {
		widest = max(widest, len(c.name))
	}
	var out strings.Builder
	out.WriteString("The columns of an audit's csv:\n\n")
	for _, c := range columns() {
		fmt.Fprintf(&out, "%-*s  %s\n", widest, c.name, c.meaning)
	}
	return out.String()
}

// writeCSV follows RFC 4180: a header, CRLF line ends, quotes where needed.
func writeCSV(w io.Writer, a Audit) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	columns := columns()
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = c.name
	}
	if err := out.Write(fields); err != nil {
		return err
	}
	for d, err := range a.Rows {
		if err != nil {
			return err
		}
		for i, c := range columns {
			fields[i] = c.of(d)
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
