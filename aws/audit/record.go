package audit

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"

	"bothways/aws/audit/difference"
	"bothways/aws/journal"
	"bothways/aws/localfile"
)

// RowsExtension ends the name of the file of an audit's rows, which lies beside
// its journal and has its name else.
const RowsExtension = ".differences"

// RowsOf is the file of the rows that belongs to a journal.
func RowsOf(path string) string {
	return path[:len(path)-len(filepath.Ext(path))] + RowsExtension
}

// Record is an earlier audit, as its journal has it.
type Record struct {
	Path    string
	Opening journal.Opening
	Started Started
	// Result is the last one, or nil: it was cut off.
	Result *Result
	// Tally and Requests are those of all checkpoints.
	Tally    difference.Tally
	Requests Requests
	// LeftOut are lines of the journal that could not be read.
	LeftOut journal.LeftOut

	ranges  []Range
	slices  map[string]bool
	rowsEnd int64
}

// NoAuditError says that a journal is no audit's.
type NoAuditError struct{ Path string }

func (e *NoAuditError) Error() string { return e.Path + " is not the journal of an audit" }

// Read reads the journal of an audit. Its rows stay on the disk.
func Read(path string) (*Record, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := &Record{Path: path, slices: map[string]bool{}}
	if r.Opening, err = journal.ReadOpening(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	begun := false
	r.LeftOut, err = journal.Scan(file, journal.LeaveOut, func(event string, line []byte) error {
		switch event {
		case Started{}.EventName():
			var s Started
			if err := json.Unmarshal(line, &s); err != nil {
				return err
			}
			if !begun {
				r.Started, begun = s, true
			}
			r.Result = nil
		case Checkpoint{}.EventName():
			var c Checkpoint
			if err := json.Unmarshal(line, &c); err != nil {
				return err
			}
			r.take(c)
		case Result{}.EventName():
			r.Result = &Result{}
			return json.Unmarshal(line, r.Result)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !begun {
		return nil, &NoAuditError{path}
	}
	r.merge()
	return r, nil
}

func (r *Record) take(c Checkpoint) {
	r.Tally.Merge(c.Tally)
	r.Requests = c.Requests
	r.rowsEnd = max(r.rowsEnd, c.RowsEnd)
	if c.Slice != "" {
		r.slices[c.Slice] = true
		return
	}
	if c.From == c.To && c.To != "" {
		return // no key lies in it
	}
	if r.ranges = append(r.ranges, Range{c.From, c.To}); len(r.ranges)%1024 == 0 {
		r.merge()
	}
}

// merge joins ranges that meet, or lie over each other.
func (r *Record) merge() {
	slices.SortFunc(r.ranges, func(a, b Range) int { return cmp.Compare(a.From, b.From) })
	joined := r.ranges[:0]
	for _, next := range r.ranges {
		n := len(joined)
		switch {
		case n == 0 || !joined[n-1].reaches(next.From):
			joined = append(joined, next)
		case next.To == "" || joined[n-1].To != "" && next.To > joined[n-1].To:
			joined[n-1].To = next.To
		}
	}
	r.ranges = joined
}

// reaches says that no key lies between the range and one that begins after
// from, which is not before its own beginning.
func (r Range) reaches(from string) bool { return r.To == "" || from <= r.To }

// left are the ranges that no checkpoint has.
func (r *Record) left() []Range {
	var left []Range
	from, open := "", true
	for _, done := range r.ranges {
		if done.From > from {
			left = append(left, Range{from, done.From})
		}
		if from = done.To; from == "" {
			open = false
		}
	}
	if open {
		left = append(left, Range{from, ""})
	}
	return left
}

// Complete says that everything was compared.
func (r *Record) Complete() bool { return r.Result != nil && r.Result.Complete }

// Differences are the rows, in the order in which they were found, read one
// after another. It ends with the first error.
func (r *Record) Differences() iter.Seq2[difference.Difference, error] {
	return func(yield func(difference.Difference, error) bool) {
		if r.Started.Rows == "" || r.rowsEnd == 0 {
			return
		}
		path := filepath.Join(filepath.Dir(r.Path), filepath.Base(r.Started.Rows))
		file, err := localfile.Open(path)
		if err != nil {
			yield(difference.Difference{}, fmt.Errorf("open the differences of the audit: %w", err))
			return
		}
		defer file.Close()
		lines := bufio.NewScanner(io.LimitReader(file, r.rowsEnd))
		lines.Buffer(make([]byte, 64<<10), longestRow)
		for number := 1; lines.Scan(); number++ {
			var d difference.Difference
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				yield(d, fmt.Errorf("%s, line %d: %w", path, number, err))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(difference.Difference{}, fmt.Errorf("read %s: %w", path, err))
		}
	}
}

// longestRow bounds what one row may take, in bytes.
const longestRow = 1 << 20

func base(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Base(path)
}
