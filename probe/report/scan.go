package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxLine bounds the memory that one line of a journal may take, in bytes.
	maxLine = 16 << 20
	// readAhead is how much of a journal is read at once. Few lines are longer.
	readAhead = 64 << 10
)

// LeftOut is what Scan passed over.
type LeftOut struct {
	// Torn: a last line without its line end that is not JSON, as after a crash.
	Torn bool
	// Damaged are the numbers of other lines that are no JSON object, as a disk
	// or a file system leaves them.
	Damaged []int
}

// Scan reads a journal once, as a stream, and gives take the name of every event
// with its line, which holds until take returns. Lines that are torn or damaged
// are left out; where take refuses any other, the error says which it is.
func Scan(r io.Reader, take func(event string, line []byte) error) (out LeftOut, err error) {
	lines := lineReader{in: bufio.NewReaderSize(r, readAhead)}
	for number := 1; ; number++ {
		line, ended, err := lines.next()
		if err != nil {
			return out, fmt.Errorf("read journal, line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if !ended && !json.Valid(line) {
				out.Torn = true
				return out, nil
			}
			name, err := eventName(line)
			if err == nil {
				err = take(name, line)
			}
			switch {
			case err == nil:
			case whole(line):
				return out, fmt.Errorf("read journal, line %d: %w", number, err)
			default:
				out.Damaged = append(out.Damaged, number)
			}
		}
		if !ended {
			return out, nil
		}
	}
}

// lineReader reads lines without copying those that lie whole in its buffer.
type lineReader struct {
	in   *bufio.Reader
	long []byte
}

// next returns a line without its end, which holds until the next; ended says
// whether it had one.
func (r *lineReader) next() (line []byte, ended bool, err error) {
	r.long = r.long[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if len(r.long) > 0 || errors.Is(err, bufio.ErrBufferFull) {
			r.long = append(r.long, part...)
			part = r.long
		}
		switch {
		case err == nil:
			return part[:len(part)-1], true, nil
		case errors.Is(err, io.EOF):
			return part, false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		case len(r.long) > maxLine:
			return nil, false, fmt.Errorf("longer than %d bytes", maxLine)
		}
	}
}

// eventName reads which event a line holds. The journal writes it first, so a
// line is seldom parsed for its name alone; what follows is checked by whoever
// reads the event.
func eventName(line []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(line, []byte(`{"event":"`)); ok {
		if name, _, ok := bytes.Cut(rest, []byte(`"`)); ok && !bytes.ContainsRune(name, '\\') {
			return string(name), nil
		}
	}
	var named struct {
		Event string `json:"event"`
	}
	err := json.Unmarshal(line, &named)
	return named.Event, err
}
