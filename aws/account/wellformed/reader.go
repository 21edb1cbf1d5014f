// Package wellformed holds the XML of an answer to what a decoder may take in: what
// it begins with, how deep its elements lie in each other, and how long a text or a
// tag is. A few megabytes of tags that never end would else take gigabytes to decode.
package wellformed

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

const (
	// deepest is how many elements may lie in each other: AWS's lie in fewer than ten.
	deepest = 100
	// longest bounds a text, a tag and a comment, in bytes. The longest of AWS's is a
	// policy, of 128 KiB with every byte escaped.
	longest = 512 << 10
)

// Error says what an answer has that none of AWS's has. It completes "the answer …".
type Error struct{ Why string }

func (e *Error) Error() string { return e.Why }

func wrong(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Reader passes on what it reads as long as it is as it should be. What is no XML
// passes as it is, unless a root is wanted.
type Reader struct {
	from io.Reader
	root string // "": any
	at   state
	err  error

	depth int
	run   int // bytes since the last change of state
	tag   []byte
	quote byte
	last  [3]byte // the last bytes in a tag, a comment and the like, newest last
	began bool    // the root has begun
}

type state int

const (
	before state = iota // white space and byte order mark
	plain               // no XML
	text
	opened // after <
	tag
	closing
	bang // after <!
	comment
	verbatim // CDATA
	declared // <!NAME
	told     // <? ?>
)

// NewReader reads from a reader. A root that is given is what the XML has to begin
// with, or with Error, as S3 says some errors with a status of success.
func NewReader(from io.Reader, root string) *Reader { return &Reader{from: from, root: root} }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.from.Read(p)
	if r.err = r.scan(p[:n]); r.err != nil {
		return 0, r.err
	}
	if err == io.EOF && r.root != "" && !r.began {
		r.err = wrong("is empty")
		return n, r.err
	}
	return n, err
}

func (r *Reader) scan(p []byte) error {
	for len(p) > 0 && r.at != plain {
		if r.at == text {
			next := bytes.IndexByte(p, '<')
			if next < 0 {
				next = len(p)
			}
			if r.run += next; r.run > longest {
				return r.tooLong()
			}
			if p = p[next:]; len(p) == 0 {
				return nil
			}
		}
		if err := r.one(p[0]); err != nil {
			return err
		}
		p = p[1:]
	}
	return nil
}

func (r *Reader) tooLong() error {
	return wrong("has a text or a tag of more than %d KiB", longest>>10)
}

func (r *Reader) to(next state) {
	r.at, r.run, r.last = next, 0, [3]byte{}
}

// one takes in one byte.
func (r *Reader) one(c byte) error {
	if r.at == before {
		return r.first(c)
	}
	if r.run++; r.run > longest {
		return r.tooLong()
	}
	switch r.at {
	case text:
		r.to(opened)
		r.tag, r.quote = r.tag[:0], 0
	case opened:
		switch c {
		case '/':
			r.to(closing)
		case '!':
			r.to(bang)
		case '?':
			r.to(told)
		default:
			r.to(tag)
			return r.inTag(c)
		}
	case tag:
		return r.inTag(c)
	case closing, declared:
		if c == '>' {
			if r.at == closing {
				r.depth--
			}
			r.to(text)
		}
	case bang:
		switch r.tag = append(r.tag, c); {
		case string(r.tag) == "--":
			r.to(comment)
		case string(r.tag) == "[CDATA[":
			r.to(verbatim)
		case !strings.HasPrefix("--", string(r.tag)) && !strings.HasPrefix("[CDATA[", string(r.tag)):
			r.to(declared)
			if c == '>' {
				r.to(text)
			}
		}
	case comment:
		r.until(c, "-->")
	case verbatim:
		r.until(c, "]]>")
	case told:
		r.until(c, "?>")
	case before, plain:
	}
	return nil
}

// until ends what lasts to a few bytes.
func (r *Reader) until(c byte, end string) {
	r.last = [3]byte{r.last[1], r.last[2], c}
	if strings.HasSuffix(string(r.last[:]), end) {
		r.to(text)
	}
}

// first takes in what stands before the first tag.
func (r *Reader) first(c byte) error {
	switch c {
	case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF: // the last three are UTF-8's byte order mark
		return nil
	case '<':
		r.to(opened)
		return nil
	}
	if r.root != "" {
		return wrong("is no XML with a <%s>", r.root)
	}
	r.at = plain
	return nil
}

func (r *Reader) inTag(c byte) error {
	switch {
	case r.quote != 0:
		if c == r.quote {
			r.quote = 0
		}
	case c == '"' || c == '\'':
		r.quote = c
	case c == '>':
		return r.begin()
	}
	r.last[2] = c
	if !r.began && len(r.tag) <= 256 { // of others only how deep they lie is looked at
		r.tag = append(r.tag, c)
	}
	return nil
}

// begin takes in a start tag that is whole.
func (r *Reader) begin() error {
	if !r.began {
		r.began = true
		name, _, _ := strings.Cut(strings.TrimSuffix(string(r.tag), "/"), " ")
		name = strings.TrimSpace(name)
		if i := strings.IndexAny(name, "\t\r\n"); i >= 0 {
			name = name[:i]
		}
		name = name[strings.LastIndexByte(name, ':')+1:]
		if r.root != "" && !strings.EqualFold(name, r.root) && !strings.EqualFold(name, "Error") {
			return wrong("begins with <%.40s>, and not with <%s>", name, r.root)
		}
	}
	if r.last[2] != '/' {
		if r.depth++; r.depth > deepest {
			return wrong("has elements in more than %d others", deepest)
		}
	}
	r.to(text)
	return nil
}
