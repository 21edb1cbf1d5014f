package compare

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"

	"bothways/aws/audit/difference"
	"bothways/aws/localfile"
)

// rowsPath is the file of an audit's differences.
func rowsPath(runs, name string) string {
	if runs == "" {
		return ""
	}
	return filepath.Join(runs, filepath.Base(name))
}

// each is how many rows of a group lie between two places that are remembered.
const each = 64

// window reads the rows of one group from the file of an audit, a few at a time:
// it keeps where every so many of them begin, and none of them.
type window struct {
	path  string
	group difference.Group

	marks []int64 // where rows 0, 64, 128 … of the group begin
	known int     // rows of the group in what was looked through
	until int64   // how far that is
}

// read returns rows of the group, from one on, as far as there are so many now.
func (w *window) read(from, n int) (rows []difference.Difference, err error) {
	file, err := localfile.Open(w.path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if from+n > w.known { // look on
		if err := w.scan(file, w.until, func(at, next int64, _ difference.Difference) bool {
			if w.known%each == 0 {
				w.marks = append(w.marks, at)
			}
			w.known++
			w.until = next
			return w.known < from+n
		}); err != nil {
			return nil, err
		}
	}
	if from >= w.known {
		return nil, nil
	}
	skip := from % each
	err = w.scan(file, w.marks[from/each], func(_, _ int64, d difference.Difference) bool {
		if skip > 0 {
			skip--
			return true
		}
		rows = append(rows, d)
		return len(rows) < n
	})
	return rows, err
}

// scan hands on the rows of the group from a place in the file on, until it is
// told not to. What has no end yet is still being written.
func (w *window) scan(file io.ReadSeeker, from int64, take func(at, next int64, d difference.Difference) bool) error {
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return err
	}
	verdict, err := json.Marshal(w.group.Verdict)
	if err != nil {
		return err
	}
	named := append([]byte(`"verdict":`), verdict...) // most rows are passed over without being decoded
	lines := bufio.NewReaderSize(file, 256<<10)
	for at := from; ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		next := at + int64(len(line))
		if bytes.Contains(line, named) {
			var d difference.Difference
			if err := json.Unmarshal(line, &d); err != nil {
				return err
			}
			if difference.GroupOf(d) == w.group && !take(at, next, d) {
				return nil
			}
		}
		at = next
	}
}
