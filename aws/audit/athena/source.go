package athena

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// perSlice is how many versions of both sides one query groups. It is judged:
// Athena documents no bound of a query's memory.
const perSlice = 250_000_000

// Slices is how many queries share so many versions of both sides.
func Slices(versions int64) int {
	if versions <= perSlice {
		return 1
	}
	return 1 << bits.Len64(uint64((versions-1)/perSlice))
}

// Comparison is an audit's source that asks Athena.
type Comparison struct {
	Queries *Queries
	Lists   inventory.Lists
	Prefix  string
	// A and B are tables that are there, by their names; "": tables are made and
	// dropped again, to which somebody has agreed.
	A, B string
	// Slices is how many queries share the keys; 0: one.
	Slices int
}

// Statements are what is asked.
func (c Comparison) Statements(rules compare.Rules) Statements {
	s := Statements{A: TableOf(c.Lists.A), B: TableOf(c.Lists.B), Prefix: c.Prefix, Rules: rules, Slices: max(1, c.Slices)}
	if c.A != "" {
		s.A = ExistingTable(c.A, c.Lists.A)
	}
	if c.B != "" {
		s.B = ExistingTable(c.B, c.Lists.B)
	}
	return s
}

// Source compares by Athena for audit.Config. The cut-off of the audit has to be
// that of the lists.
func (c Comparison) Source(ctx context.Context, sink *audit.Sink) (err error) {
	statements := c.Statements(sink.Rules())
	drop, err := c.create(ctx, statements)
	defer func() {
		err = errors.Join(err, drop())
		c.Queries.tellSpent()
	}()
	if err != nil {
		return err
	}
	for i := range statements.Slices {
		name := c.slice(i, statements.Slices)
		if sink.Done(name) {
			continue
		}
		part := audit.NewPart(name, "", "")
		// The counts first: a part's differences count from where they stand.
		if err := c.Queries.Run(ctx, statements.Totals(i), func(row []*string) error { return addTotals(row, &part.Counts) }); err != nil {
			return err
		}
		keys := keys{rules: sink.Rules(), part: part}
		if err := c.Queries.Run(ctx, statements.Differences(i), keys.row); err != nil {
			return err
		}
		keys.end()
		sink.Live(part.Counts, part.Candidates())
		if err := sink.Put(ctx, part); err != nil {
			return err
		}
		sink.Share(float64(i+1) / float64(statements.Slices))
	}
	return nil
}

// slice names a part of the audit.
func (c Comparison) slice(i, of int) string {
	return fmt.Sprintf("%s+%s athena %d/%d", c.Lists.A.Stamp, c.Lists.B.Stamp, i, of)
}

// dropPatience is how long a run that ends waits for its tables to be dropped.
const dropPatience = 30 * time.Second

// create makes the tables that are not there, and returns what drops them.
func (c Comparison) create(ctx context.Context, s Statements) (drop func() error, err error) {
	var made []string
	drop = func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropPatience)
		defer cancel()
		var failed []error
		for _, name := range made {
			if err := c.Queries.drop(ctx, name); err != nil {
				failed = append(failed, fmt.Errorf("the table %s is left in Athena: %w", name, err))
			}
		}
		return errors.Join(failed...)
	}
	for _, t := range []struct {
		given string
		table Table
		list  inventory.List
	}{{c.A, s.A, c.Lists.A}, {c.B, s.B, c.Lists.B}} {
		if t.given != "" {
			continue
		}
		made = append(made, t.table.Name) // also where it is not known whether it was made
		if err := c.Queries.do(ctx, Create(t.table.Name, t.list), Query{Makes: t.table.Name}); err != nil {
			return drop, fmt.Errorf("make the table %s: %w", t.table.Name, err)
		}
	}
	return drop, nil
}

// keys gathers the rows of a key, which follow each other, and compares it.
type keys struct {
	rules compare.Rules
	part  *audit.Part
	key   string
	a, b  []difference.Entry
}

func (k *keys) row(row []*string) error {
	r := answer{row: row}
	key, id := r.text(0), r.text(1)
	if key != k.key {
		k.end()
		k.key = key
	}
	for i, side := range pair.Sides() {
		into := &k.a
		if side == pair.B {
			into = &k.b
		}
		for range r.number(2 + i) {
			*into = append(*into, difference.Entry{
				VersionID: id, Latest: r.number(4+i) == 1, Marker: r.number(6+i) == 1, Size: r.number(8 + i),
				Modified: time.UnixMilli(r.number(10 + i)).UTC(), ETag: r.text(12 + i), Class: r.text(14 + i),
			})
		}
	}
	return r.err
}

func (k *keys) end() {
	if len(k.a)+len(k.b) > 0 {
		compare.Group(k.rules, k.key, k.a, k.b, &k.part.Counts, k.part.Add)
	}
	k.a, k.b = nil, nil
}

func addTotals(row []*string, counts *compare.Counts) error {
	r := answer{row: row}
	var c compare.Counts
	for i, into := range []*int64{
		&c.Keys, &c.VersionsA, &c.VersionsB, &c.MarkersA, &c.MarkersB, &c.BytesA, &c.BytesB, &c.Same, &c.SameBytes, &c.Young, &c.YoungBytes,
	} {
		*into = r.number(i)
	}
	counts.Add(c)
	return r.err
}

// answer reads the fields of a row; its first error stays.
type answer struct {
	row []*string
	err error
}

func (a *answer) text(i int) string {
	if i >= len(a.row) {
		a.err = fmt.Errorf("the answer of Athena has %d columns", len(a.row))
		return ""
	}
	if a.row[i] == nil {
		return ""
	}
	return *a.row[i]
}

// number is 0 where the field is NULL.
func (a *answer) number(i int) int64 {
	text := a.text(i)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && a.err == nil {
		a.err = fmt.Errorf("the answer of Athena has %q for a number", text)
	}
	return n
}
