package scan

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// window is how much of an answer is held at once. Tags, and texts with what is
// looked for, must fit in; the longest key takes 3 KiB, escaped byte by byte.
const window = 64 << 10

// kind is what a token is.
type kind int

const (
	begin kind = iota // of an element
	end
	words // text between tags
)

// scanner reads an answer token by token. Its memory is used again.
type scanner struct {
	from     io.Reader
	buffer   []byte
	at, till int   // what of the buffer is still to be read
	read     int64 // bytes, in all
	failed   error // why there is no more; io.EOF: the end

	open   []byte // the names of the elements that are open, one behind the other
	starts []int  // where each begins in open
	// closing: the element that began last was closed by its own tag.
	closing bool
	value   []byte // scratch
	owner   []byte // the rest of the last owner's element, as it came
}

func (s *scanner) reset(from io.Reader) {
	if s.buffer == nil {
		s.buffer = make([]byte, window)
	}
	*s = scanner{from: from, buffer: s.buffer, open: s.open[:0], starts: s.starts[:0], value: s.value[:0], owner: s.owner[:0]}
}

// fill has at least so many bytes ready, or all that there are.
func (s *scanner) fill(least int) {
	if s.till-s.at >= least || s.failed != nil {
		return
	}
	copy(s.buffer, s.buffer[s.at:s.till])
	s.at, s.till = 0, s.till-s.at
	for empty := 0; s.till < least && s.failed == nil; {
		n, err := s.from.Read(s.buffer[s.till:])
		s.till += n
		s.read += int64(n)
		s.failed = err
		if empty++; n > 0 {
			empty = 0
		}
		if empty == 100 {
			s.failed = io.ErrNoProgress
		}
	}
}

// more has more bytes ready than there are.
func (s *scanner) more() error {
	have := s.till - s.at
	if have == len(s.buffer) {
		return unreadable("it has a tag, or a text, of more than %d bytes", len(s.buffer))
	}
	s.fill(have + 1)
	if s.till-s.at > have {
		return nil
	}
	return s.cutOff()
}

func (s *scanner) cutOff() error {
	if errors.Is(s.failed, io.EOF) {
		return unreadable("it is cut off after %d bytes", s.read)
	}
	return s.failed
}

// find is where the bytes are next, from so far on.
func (s *scanner) find(what string, from int) (int, error) {
	for {
		if from <= s.till-s.at {
			if i := bytes.Index(s.buffer[s.at+from:s.till], []byte(what)); i >= 0 {
				return from + i, nil
			}
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// next reads a token. The name of one that begins or ends an element is without
// its namespace, and holds until the next token. Text is added to value where it
// is wanted.
func (s *scanner) next(wanted bool) (kind, []byte, error) {
	if s.closing {
		s.closing = false
		name := s.top()
		s.pop()
		return end, name, nil
	}
	for {
		if s.at == s.till {
			if err := s.more(); err != nil {
				return 0, nil, err
			}
		}
		if s.buffer[s.at] != '<' {
			return words, nil, s.text(wanted)
		}
		for s.till-s.at < len("<![CDATA[") && s.failed == nil {
			s.fill(len("<![CDATA["))
		}
		here := s.buffer[s.at:s.till]
		switch {
		case bytes.HasPrefix(here, []byte("<!--")):
			if err := s.skipTo("-->", len("<!--")); err != nil {
				return 0, nil, err
			}
		case bytes.HasPrefix(here, []byte("<![CDATA[")):
			s.at += len("<![CDATA[")
			return words, nil, s.verbatim(wanted)
		case bytes.HasPrefix(here, []byte("<?")):
			if err := s.instruction(); err != nil {
				return 0, nil, err
			}
		case bytes.HasPrefix(here, []byte("<!")):
			return 0, nil, unreadable("it has a declaration, as no answer of S3 has")
		case bytes.HasPrefix(here, []byte("</")):
			name, err := s.endTag()
			return end, name, err
		default:
			name, err := s.startTag()
			return begin, name, err
		}
	}
}

// skipTo passes over everything up to and with some bytes.
func (s *scanner) skipTo(what string, from int) error {
	s.at += from
	for {
		if i := bytes.Index(s.buffer[s.at:s.till], []byte(what)); i >= 0 {
			s.at += i + len(what)
			return nil
		}
		s.at = max(s.at, s.till-len(what)+1)
		if err := s.more(); err != nil {
			return err
		}
	}
}

// instruction passes over <?…?>, which must not announce another encoding.
func (s *scanner) instruction() error {
	to, err := s.find("?>", 2)
	if err != nil {
		return err
	}
	text := string(s.buffer[s.at+2 : s.at+to])
	s.at += to + 2
	if _, encoding, named := strings.Cut(text, "encoding"); named && strings.HasPrefix(text, "xml") {
		encoding = strings.Trim(strings.TrimLeft(encoding, " \t\r\n="), " \t\r\n")
		if quoted := strings.Trim(encoding, `"'`); !strings.EqualFold(quoted, "utf-8") {
			return unreadable("it is written in %.40q, and S3 writes UTF-8", quoted)
		}
	}
	return nil
}

func (s *scanner) endTag() ([]byte, error) {
	to, err := s.find(">", 2)
	if err != nil {
		return nil, err
	}
	name := bytes.TrimRight(s.buffer[s.at+2:s.at+to], " \t\r\n")
	if len(s.starts) == 0 || !bytes.Equal(name, s.open[s.starts[len(s.starts)-1]:]) {
		return nil, unreadable("it has a </%.40s> where no such element is open", name)
	}
	s.at += to + 1
	s.pop()
	return local(name), nil
}

func (s *scanner) startTag() ([]byte, error) {
	to, quote := 1, byte(0)
	for ; ; to++ {
		for s.at+to == s.till {
			if err := s.more(); err != nil {
				return nil, err
			}
		}
		c := s.buffer[s.at+to]
		if quote == 0 && c == '>' {
			break
		}
		switch {
		case quote == c:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && c == '<':
			return nil, unreadable("it has a < in a tag")
		}
	}
	inside := s.buffer[s.at+1 : s.at+to]
	if n := len(inside); n > 0 && inside[n-1] == '/' {
		s.closing, inside = true, inside[:n-1]
	}
	name := inside
	if i := bytes.IndexAny(inside, " \t\r\n"); i >= 0 {
		name = inside[:i]
	}
	if len(name) == 0 || len(s.starts) == deepest {
		return nil, unreadable("it has a tag without a name, or elements in more than %d others", deepest)
	}
	s.at += to + 1
	s.starts = append(s.starts, len(s.open))
	s.open = append(s.open, name...)
	return local(name), nil
}

// deepest is how many elements may lie in each other.
const deepest = 100

func (s *scanner) top() []byte { return local(s.open[s.starts[len(s.starts)-1]:]) }

func (s *scanner) pop() {
	last := len(s.starts) - 1
	s.open, s.starts = s.open[:s.starts[last]], s.starts[:last]
}

// local is a name without its namespace.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i > 0 && i < len(name)-1 {
		return name[i+1:]
	}
	return name
}
