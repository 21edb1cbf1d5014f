package report

import (
	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/probe/wording"
)

// table is what Markdown and HTML show alike.
type table struct {
	Title   string
	Head    []string
	Rows    [][]string
	Figures int // of the last columns
}

// verdictTable is what was found, from what needs somebody to what needs nobody.
func (a Audit) verdictTable() table {
	t := table{Title: "What was found", Head: []string{"verdict", "why", "puts it right", "where", "direction", "keys", "versions", "bytes"}, Figures: 3}
	for _, r := range words.Rows(a.Tally) {
		keys := words.Number(r.Keys)
		if r.Counted {
			keys = ""
		}
		t.Rows = append(t.Rows, []string{
			words.Symbol(r.Verdict) + " " + words.Label(r.Verdict), words.Cause(r.Cause), words.Do(r.Remedy), r.Where(), Arrow(r.Way),
			keys, words.Number(r.Versions), wording.Size(r.Bytes),
		})
	}
	return t
}

// listedTable is what each side has.
func (a Audit) listedTable() table {
	return table{
		Title: "What was listed", Head: []string{"side", "versions", "delete markers", "bytes"}, Figures: 3,
		Rows: [][]string{
			{"A " + a.Started.Pair.A.String(), words.Number(a.Tally.VersionsA), words.Number(a.Tally.MarkersA), wording.Size(a.Tally.BytesA)},
			{"B " + a.Started.Pair.B.String(), words.Number(a.Tally.VersionsB), words.Number(a.Tally.MarkersB), wording.Size(a.Tally.BytesB)},
		},
	}
}

// Arrow draws a way: "A → B".
func Arrow(w difference.Way) string {
	if d, ok := w.Direction(); ok {
		return d.Arrow()
	}
	return ""
}

// remedies are what puts right what was found, each with how much it is for.
func (a Audit) remedies() []Fact {
	var all []Fact
	for _, m := range words.Mends(a.Tally) {
		all = append(all, Fact{count(m.Versions, "version"), m.Text})
	}
	if line := a.GoOn(); line != "" {
		all = append(all, Fact{"to go on with", line})
	}
	return all
}

// sample are the first rows of each group, at most so many, and how many rows
// there are in all.
type sample struct {
	each  int
	rows  map[difference.Group][]difference.Difference
	order []difference.Group
	all   int64
}

// sampled reads the rows once.
func (a Audit) sampled(each int) (sample, error) {
	s := sample{each: each, rows: map[difference.Group][]difference.Difference{}}
	for d, err := range a.Rows {
		if err != nil {
			return s, err
		}
		s.all++
		g := difference.GroupOf(d)
		if len(s.rows[g]) == 0 {
			s.order = append(s.order, g)
		}
		if len(s.rows[g]) < each {
			s.rows[g] = append(s.rows[g], d)
		}
	}
	return s, nil
}
