package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/sourcegraph/conc/iter"
)

// aheadBytes is about how much of a journal is decoded at a time.
const aheadBytes = 32 << 10

// ScanAhead is Scan for who decodes every line: read decodes a line, maybe several
// at once and ahead of take, which gets what came of them, in order. A line holds until
// read returns. An error of either is one of the line.
func ScanAhead[E any](r io.Reader, damage OnDamage, read func(event string, line []byte) (E, error), take func(E) error) (LeftOut, error) {
	j := judge{damage: damage}
	lines := lineReader{in: bufio.NewReaderSize(r, readAhead), longest: longestLine}
	batches := make([]batch[E], runtime.GOMAXPROCS(0))
	var failed error
	ended := false // nothing more is taken
	for more := true; more && !ended; {
		var some []batch[E]
		for i := 0; i < len(batches) && more; i++ {
			batches[i].empty()
			more, failed = batches[i].fill(&lines)
			some = batches[:i+1]
		}
		iter.ForEach(some, func(b *batch[E]) { b.decode(damage, read) })
		for i := range some {
			if ended = takeAll(&j, some[i].lines, take); ended {
				break
			}
		}
	}
	if failed != nil && j.err == nil && !ended {
		j.err = fmt.Errorf("line %d: %w", j.number+1, failed)
	}
	return j.out, j.err
}

// takeAll hands on what came of some lines; ended says whether nothing more is
// taken.
func takeAll[E any](j *judge, lines []aheadLine[E], take func(E) error) (ended bool) {
	for _, one := range lines {
		if j.line(one.text, one.ended, one.unread, func() error {
			if one.err != nil {
				return one.err
			}
			return take(one.event)
		}) {
			return true
		}
	}
	return false
}

// batch are some lines of a journal.
type batch[E any] struct {
	text  []byte // of all of them
	lines []aheadLine[E]
}

// aheadLine is a line with what came of reading it.
type aheadLine[E any] struct {
	text   []byte
	ended  bool
	unread error // why there is no text
	event  E
	err    error
}

// fill reads some lines; more says whether there may be others.
func (b *batch[E]) fill(lines *lineReader) (more bool, err error) {
	for len(b.text) < aheadBytes {
		line, ended, unread, err := lines.nextOrRest()
		if err != nil {
			return false, err
		}
		from := len(b.text)
		b.text = append(b.text, line...)
		b.lines = append(b.lines, aheadLine[E]{text: b.text[from:len(b.text):len(b.text)], ended: ended, unread: unread})
		if !ended {
			return false, nil
		}
	}
	return true, nil
}

// empty makes room for others.
func (b *batch[E]) empty() {
	clear(b.lines) // of what they hold
	b.text, b.lines = b.text[:0], b.lines[:0]
}

func (b *batch[E]) decode(damage OnDamage, read func(string, []byte) (E, error)) {
	for i := range b.lines {
		one := &b.lines[i]
		if len(bytes.TrimSpace(one.text)) == 0 || !one.ended && !json.Valid(one.text) {
			continue // nobody asks
		}
		one.err = taken(one.text, damage, func(event string, line []byte) (err error) {
			one.event, err = read(event, line)
			return err
		})
	}
}

// judge says what becomes of each line of a journal.
type judge struct {
	damage OnDamage
	number int // of the last line, from 1
	out    LeftOut
	err    error
}

// line takes the next line; ended says whether it had an end, and unread why it was
// not read. It says whether the journal ends with it, or the reading.
func (j *judge) line(line []byte, ended bool, unread error, take func() error) (last bool) {
	j.number++
	if unread != nil {
		return j.damaged(unread) || !ended
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return !ended
	}
	if !ended && !json.Valid(line) {
		j.out.Torn = true
		return true
	}
	switch err := take(); {
	case err == nil:
	case errors.Is(err, ErrEnough):
		return true
	case Check(line) == nil && !errors.Is(err, ErrDamaged): // what can't be understood of it was written so
		j.err = fmt.Errorf("line %d: %w", j.number, err)
		return true
	default:
		return j.damaged(err) || !ended
	}
	return !ended
}

// damaged says whether a line that says nothing ends the reading.
func (j *judge) damaged(err error) (last bool) {
	if j.damage == Stop {
		j.err = fmt.Errorf("line %d is damaged: %w", j.number, err)
		return true
	}
	j.out.Damaged = append(j.out.Damaged, j.number)
	return false
}
