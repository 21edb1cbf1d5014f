package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// OnDamage says what becomes of a line that is no JSON object of an event, as a
// disk or a file system leaves it. What it said is lost.
type OnDamage int

const (
	// Stop ends the reading with an error that names the line: for readers who
	// must know all that a run intended.
	Stop OnDamage = iota
	// LeaveOut passes over the line and keeps its number. Such a reader also
	// says itself which lines are damaged: Scan takes its word where it refuses
	// one that is no JSON object, and looks at none that it takes.
	LeaveOut
)

// LeftOut is what Scan passed over.
type LeftOut struct {
	// Torn: a last line without its line end that is not JSON, as after a crash.
	Torn bool
	// Damaged are the numbers of other lines that say nothing that can be read.
	Damaged []int
}

// ErrDamaged is what take's errors wrap about a line that is JSON and says what
// no run writes: a value of another kind, or a number that can't be. Whether such
// a line stops the reading or is left out goes by OnDamage, too.
var ErrDamaged = errors.New("it says what no run writes")

// errTooLong: no run writes such a line, and nobody holds it in memory.
var errTooLong = errors.New("the line has no end")

// ErrEnough is what take returns to end a Scan before the journal's end.
var ErrEnough = errors.New("enough was read")

const (
	// longestLine bounds the memory that one line of a journal may take, in bytes.
	longestLine = 16 << 20
	// longestPassed bounds, in bytes, how much of a longer one is passed over for
	// what follows: what is longer still is no journal.
	longestPassed = 256 << 20
	// readAhead is how much of a journal is read at once. Few lines are longer.
	readAhead = 64 << 10
)

// Scan reads a journal once, as a stream, and gives take the name of every event
// with its line, which holds until take returns. A torn last line is left out,
// and what becomes of damaged ones the caller says; where take refuses any
// other, the error says which it is.
func Scan(r io.Reader, damage OnDamage, take func(event string, line []byte) error) (LeftOut, error) {
	lines := lineReader{in: bufio.NewReaderSize(r, readAhead), longest: longestLine}
	j := judge{damage: damage}
	for {
		line, ended, unread, err := lines.nextOrRest()
		if err != nil {
			return j.out, fmt.Errorf("line %d: %w", j.number+1, err)
		}
		if j.line(line, ended, unread, func() error { return taken(line, damage, take) }) {
			return j.out, j.err
		}
	}
}

func taken(line []byte, damage OnDamage, take func(string, []byte) error) error {
	if damage == Stop {
		if err := Check(line); err != nil {
			return err
		}
	}
	event, err := eventName(line)
	if err != nil {
		return err
	}
	return take(event, line)
}

// Check says why a line is no JSON object.
func Check(line []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
		return errors.New("it is no JSON object")
	}
	return json.Unmarshal(line, &struct{}{})
}

// lineReader reads lines without copying those that lie whole in its buffer.
type lineReader struct {
	in      *bufio.Reader
	longest int // in bytes, of a line that does not
	long    []byte
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
		case len(r.long) > r.longest:
			return nil, false, fmt.Errorf("%w: longer than %d bytes", errTooLong, r.longest)
		}
	}
}

// nextOrRest is next; where a line is too long, its rest is passed over, too, so
// that the reading can go on behind it: then unread is errTooLong, and err is nil
// unless there is no end to be seen.
func (r *lineReader) nextOrRest() (line []byte, ended bool, unread, err error) {
	line, ended, err = r.next()
	if !errors.Is(err, errTooLong) {
		return line, ended, nil, err
	}
	for passed := 0; passed < longestPassed; {
		part, rest := r.in.ReadSlice('\n')
		passed += len(part)
		switch {
		case rest == nil:
			return nil, true, err, nil
		case errors.Is(rest, io.EOF):
			return nil, false, err, nil
		case !errors.Is(rest, bufio.ErrBufferFull):
			return nil, false, nil, rest
		}
	}
	return nil, false, nil, err
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
	if err := json.Unmarshal(line, &named); err != nil {
		return "", fmt.Errorf("%w: %w", ErrDamaged, err) // no JSON, or a name that is none
	}
	return named.Event, nil
}

// mostDamaged is how many damaged lines are named.
const mostDamaged = 5

// DamageText names the damaged lines of a journal, in words, or is "" where
// there are none.
func DamageText(lines []int) string {
	if len(lines) == 0 {
		return ""
	}
	names := make([]string, 0, mostDamaged)
	for _, number := range lines[:min(mostDamaged, len(lines))] {
		names = append(names, fmt.Sprint(number))
	}
	text := strings.Join(names, ", ")
	if more := len(lines) - mostDamaged; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(lines) == 1 {
		return "line " + text + " of the journal is damaged and left out: what it said is missing here"
	}
	return "lines " + text + " of the journal are damaged and left out: what they said is missing here"
}
