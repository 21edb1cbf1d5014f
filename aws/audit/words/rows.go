package words

import (
	"cmp"
	"slices"

	"bothways/aws/audit/difference"
)

// Row is one line of an audit's table: a group of differences, or what was only
// counted.
type Row struct {
	difference.Grouped
	// Counted only: there are no examples of it.
	Counted bool
}

// Rows are the lines of an audit's table, from what needs somebody to what needs
// nobody.
func Rows(t difference.Tally) []Row {
	rows := make([]Row, 0, len(t.Groups)+4)
	grouped := map[difference.Verdict]difference.Count{}
	for _, g := range t.Groups {
		rows = append(rows, Row{Grouped: g})
		have := grouped[g.Verdict]
		grouped[g.Verdict] = difference.Count{Versions: have.Versions + g.Versions, Bytes: have.Bytes + g.Bytes}
	}
	for verdict, count := range t.Verdicts {
		rest := difference.Count{Versions: count.Versions - grouped[verdict].Versions, Bytes: count.Bytes - grouped[verdict].Bytes}
		if rest.Versions > 0 {
			rows = append(rows, Row{Grouped: difference.Grouped{Group: difference.Group{Verdict: verdict}, Count: rest}, Counted: true})
		}
	}
	order := difference.Verdicts()
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(slices.Index(order, a.Verdict)-slices.Index(order, b.Verdict), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Only, b.Only))
	})
	return rows
}

// Where says which side alone has a row's versions: "A only", or "both".
func (r Row) Where() string {
	switch {
	case r.Only != "":
		return string(r.Only) + " only"
	case r.Counted && r.Verdict != difference.Same:
		return ""
	}
	return "both"
}

// Example names a version so that it can be found again.
func Example(d difference.Difference) string {
	e := d.Entry()
	what := "version "
	if e.Marker {
		what = "delete marker "
	}
	if d.Kind == difference.OtherCurrent && d.A != nil && d.B != nil {
		return d.Key + ", A serves " + named(*d.A) + ", B " + named(*d.B)
	}
	return d.Key + ", " + what + e.VersionID
}

func named(e difference.Entry) string {
	if e.Marker {
		return "the delete marker " + e.VersionID
	}
	return "version " + e.VersionID
}
