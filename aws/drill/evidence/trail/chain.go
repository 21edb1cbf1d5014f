package trail

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"bothways/aws/journal"
	"bothways/aws/pair"
)

// previousMember names what a copy's line has of the line before it.
const previousMember = "previous_sha256"

// start is what stands for the line before the first.
var start = strings.Repeat("0", 2*sha256.Size)

// longestLine bounds the memory that a line takes, in bytes, as package journal does.
const longestLine = 16 << 20

// End is the last line of a copy: without it lines may be missing at its end.
type End struct {
	Lines int `json:"lines"` // before this one
	// Original is the SHA-256 of the journal's bytes, in hex.
	Original string `json:"original_sha256"`
	// Masked: account IDs were taken out of the copy.
	Masked bool `json:"masked"`
}

// EventName implements pair.Event.
func (End) EventName() string { return "journal_end" }

// lost stands in a copy for a line of the journal that can't be read.
type lost struct {
	Line   int    `json:"line"`
	SHA256 string `json:"line_sha256"`
	Bytes  int64  `json:"bytes"`
	Torn   bool   `json:"torn,omitempty"`
	Blank  bool   `json:"blank,omitempty"`
}

// EventName implements pair.Event.
func (lost) EventName() string { return "unreadable_line" }

// Copy writes a journal line by line, each with the SHA-256 of the line before
// it as its last member, and an End. What looks like a credential is taken out,
// and so are account IDs where mask says so.
func Copy(w io.Writer, from io.Reader, mask bool) error {
	original := sha256.New()
	in := bufio.NewReaderSize(io.TeeReader(from, original), 64<<10)
	out := chained{w: bufio.NewWriterSize(w, 64<<10), previous: start}
	for number := 1; ; number++ {
		line, sum, size, ended, err := nextLine(in)
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if size == 0 && !ended {
			break
		}
		switch {
		case line != nil && journal.Check(line) == nil:
			if number == 1 && bytes.Contains(line, []byte(`"`+previousMember+`"`)) {
				return errors.New("this is the journal of a folder already: give the run's own")
			}
			err = out.line(rewritten(line, mask))
		default:
			l := lost{Line: number, SHA256: hex.EncodeToString(sum), Bytes: size, Torn: !ended, Blank: line != nil && len(bytes.TrimSpace(line)) == 0}
			err = out.event(l)
		}
		if err != nil {
			return err
		}
		if !ended {
			break
		}
	}
	if err := out.event(End{Lines: out.lines, Original: hex.EncodeToString(original.Sum(nil)), Masked: mask}); err != nil {
		return err
	}
	return out.w.Flush()
}

// nextLine reads a line without its end, and its sum and size; of one that is too
// long there is no line.
func nextLine(in *bufio.Reader) (line, sum []byte, size int64, ended bool, err error) {
	digest := sha256.New()
	line = []byte{}
	for {
		part, err := in.ReadSlice('\n')
		if ended = err == nil; ended {
			part = part[:len(part)-1]
		}
		digest.Write(part)
		size += int64(len(part))
		if line != nil {
			if line = append(line, part...); len(line) > longestLine {
				line = nil
			}
		}
		switch {
		case err == nil || errors.Is(err, io.EOF):
			return line, digest.Sum(nil), size, ended, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, nil, 0, false, err
		}
	}
}

// chained writes lines that each name the one before.
type chained struct {
	w        *bufio.Writer
	previous string
	lines    int
}

func (c *chained) event(e pair.Event) error {
	line, err := pair.EncodeEvent(e)
	if err != nil {
		return err
	}
	return c.line(line)
}

func (c *chained) line(line []byte) error {
	body := bytes.TrimSpace(line)[:len(bytes.TrimSpace(line))-1]
	separator := ","
	if len(bytes.TrimSpace(body)) == 1 { // an object without a member
		separator = ""
	}
	text := fmt.Appendf(nil, `%s%s"%s":"%s"}`, body, separator, previousMember, c.previous)
	sum := sha256.Sum256(text)
	c.previous = hex.EncodeToString(sum[:])
	c.lines++
	_, err := c.w.Write(append(text, '\n'))
	return err
}

// Check says what is wrong with the chain of a copy: nil if nothing is.
func Check(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	previous, end := start, (*End)(nil)
	for number := 1; ; number++ {
		line, sum, size, ended, err := nextLine(in)
		switch {
		case err != nil:
			return fmt.Errorf("read it: %w", err)
		case size == 0 && !ended:
			if end == nil {
				return errors.New("its last line is not its end: lines are missing after it")
			}
			return nil
		case !ended:
			return fmt.Errorf("line %d has no line end", number)
		case end != nil:
			return fmt.Errorf("line %d comes after the end", number)
		case line == nil:
			return fmt.Errorf("line %d is too long", number)
		}
		tail := fmt.Sprintf(`"%s":"%s"}`, previousMember, previous)
		if !bytes.HasSuffix(line, []byte(tail)) {
			return fmt.Errorf("line %d does not follow the line before it: one of the two was changed, or a line between them removed", number)
		}
		previous = hex.EncodeToString(sum)
		if bytes.HasPrefix(line, []byte(`{"event":"`+(End{}).EventName()+`"`)) {
			end = &End{}
			if err := json.Unmarshal(line, end); err != nil || end.Lines != number-1 {
				return fmt.Errorf("its end says that there are %d lines before it, and there are %d", end.Lines, number-1)
			}
		}
	}
}
