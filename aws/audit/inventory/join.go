package inventory

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"sync/atomic"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/audit"
	"bothways/aws/audit/compare"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Join is how two lists are joined on this computer's disk.
type Join struct {
	World  survey.World
	Lists  Lists
	Prefix string // of the audit
	// Dir is where a folder for the join is made and removed again, "" being the
	// system's for temporary files. It takes Need bytes.
	Dir string
	// Budget is how many bytes of rows are held in memory at a time; 0: 8 MiB.
	Budget int64
	// Told is told of Statuses when the lists were read; nil: nobody is.
	Told pair.Emit
}

// Statuses counts the versions of each side by their replication status when
// the lists were made, "" being none. It is nil for a side whose list has none.
type Statuses struct {
	A map[string]int64 `json:"a,omitempty"`
	B map[string]int64 `json:"b,omitempty"`
}

// EventName implements pair.Event.
func (Statuses) EventName() string { return "inventory_statuses" }

// What a row takes: in a packed file of a list, and on the disk of the join.
// Both are what lists of keys of some forty characters take; longer keys take
// more.
const (
	packedRow = 40
	joinedRow = 130
)

// Need is about how many bytes the join takes on the disk.
func (l Lists) Need() int64 {
	need := int64(0)
	for _, list := range []List{l.A, l.B} {
		need += list.Bytes() / packedRow * joinedRow
		if list.Format == Parquet {
			for _, f := range list.Files {
				need = max(need, f.Size) // one at a time is kept
			}
		}
	}
	return need
}

// join is one that is under way.
type join struct {
	Join
	sink   *audit.Sink
	rules  compare.Rules
	folder string
	budget int64
	bytes  atomic.Int64 // of the lists' files, as they came
}

const mostSlices = 512

// Source compares the lists for audit.Config. The cut-off of the audit has to be
// that of the lists (Lists.CutOff).
func (s Join) Source(ctx context.Context, sink *audit.Sink) (err error) {
	made, err := openFolder(s.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.close()) }()
	j := &join{Join: s, sink: sink, rules: sink.Rules(), folder: made.path, budget: s.Budget}
	if j.budget <= 0 {
		j.budget = 8 << 20
	}
	// Not more files than needed, and of a number that a run that goes on has too.
	n := min(mostSlices, 1<<bits.Len64(uint64(s.Lists.Need()/j.budget)))
	name := func(i int) string { return fmt.Sprintf("%s+%s %d/%d", s.Lists.A.Stamp, s.Lists.B.Stamp, i, n) }
	rows := newSpill(j.folder, "slice", 1, n, func(i int) bool { return sink.Done(name(i)) })
	if err := errors.Join(j.read(ctx, rows), rows.finish()); err != nil {
		return err
	}
	for i := range rows.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := rows.take(i, func(path string) error { return j.slice(ctx, name(i), path, uint64(n)) }); err != nil {
			return fmt.Errorf("join the lists: %w", err)
		}
		sink.Share(readShare + (1-readShare)*float64(i+1)/float64(n))
	}
	return nil
}

// readShare is how much of the work reading the lists is.
const readShare = 0.8

// read spreads the rows of both lists over files.
func (j *join) read(ctx context.Context, rows *spill) error {
	total := max(1, j.Lists.A.Bytes()+j.Lists.B.Bytes())
	statuses := map[pair.SideName]map[string]int64{pair.A: {}, pair.B: {}}
	reading := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, side := range pair.Sides() {
		reading.Go(func(ctx context.Context) error {
			list, mark := j.Lists.Of(side), byte(0)
			if side == pair.B {
				mark = onB
			}
			from := &reader{list: list, client: j.World.Clients(side).S3, folder: j.folder, read: func(n int) { j.bytes.Add(int64(n)) }}
			for _, f := range list.Files {
				if err := from.file(ctx, f, func(row *Row) error {
					if !strings.HasPrefix(row.Key, j.Prefix) {
						return nil
					}
					if _, known := statuses[side][row.Status]; !known && len(statuses[side]) == mostStates {
						return &rowError{0, fmt.Sprintf("the list has more than %d replication statuses, such as %q", mostStates, row.Status)}
					}
					statuses[side][row.Status]++
					return rows.add(row, mark)
				}); err != nil {
					return fmt.Errorf("side %s: %w", side, err)
				}
				j.sink.Share(readShare * min(1, float64(j.bytes.Load())/float64(total)))
			}
			return nil
		})
	}
	if err := reading.Wait(); err != nil {
		return err
	}
	if j.Told != nil {
		told := Statuses{}
		if j.Lists.A.Status {
			told.A = statuses[pair.A]
		}
		if j.Lists.B.Status {
			told.B = statuses[pair.B]
		}
		j.Told(told)
	}
	return nil
}
