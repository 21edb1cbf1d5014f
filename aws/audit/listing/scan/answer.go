package scan

import (
	"bytes"
	"io"
)

// ahead is how much of an answer is ready where an entry begins, so that nearly
// every one lies whole in the window.
const ahead = 8 << 10

// Read reads an answer into the page, which it empties first. Its error is an
// *UnreadableError where that is no listing, a *RefusedError where it is an error
// of S3, and else that of the reader. What comes after the listing is not read.
func (p *Page) Read(from io.Reader) error {
	p.Reset()
	s := &p.scanner
	s.reset(from)
	err := p.answer(s)
	p.Bytes = s.read
	s.from = nil
	return err
}

func (p *Page) answer(s *scanner) error {
	for {
		what, name, err := s.next(false)
		switch {
		case err != nil:
			return err
		case what == words:
		case equal(name, "Error"):
			return p.refused(s)
		case !equal(name, "ListVersionsResult"):
			return unreadable("it begins with <%.40s>", name)
		default:
			if err := p.listing(s); err != nil {
				return err
			}
			return p.settle()
		}
	}
}

func (p *Page) listing(s *scanner) error {
	for {
		s.fill(ahead)
		if p.quick(s) {
			continue
		}
		what, name, err := s.next(false)
		switch {
		case err != nil:
			return err
		case what == end:
			return nil
		case what == words:
		default:
			if err := p.field(s, name); err != nil {
				return err
			}
		}
	}
}

// field reads what an answer has beside and around its entries.
func (p *Page) field(s *scanner, name []byte) error {
	switch {
	case equal(name, "Version"):
		return p.entry(s, false)
	case equal(name, "DeleteMarker"):
		return p.entry(s, true)
	}
	var into *string
	switch {
	case equal(name, "Name"):
		into = &p.Name
	case equal(name, "EncodingType"):
		into = &p.Encoding
	case equal(name, "NextKeyMarker"):
		into = &p.Next
	case equal(name, "NextVersionIdMarker"):
		into = &p.NextVersion
	case equal(name, "IsTruncated"):
		text, err := s.content()
		if err != nil {
			return err
		}
		var known bool
		if p.Truncated, known = truth(text); !known {
			return unreadable("IsTruncated is %.40q", text)
		}
		return nil
	default:
		return s.skip()
	}
	text, err := s.content()
	*into = string(text)
	return err
}

// entry reads a version or a delete marker whose tag has begun, however it is
// written.
func (p *Page) entry(s *scanner, marker bool) error {
	e := Entry{Marker: marker}
	for {
		what, name, err := s.next(false)
		switch {
		case err != nil:
			return err
		case what == end:
			p.Entries = append(p.Entries, e)
			return nil
		case what == words:
			continue
		}
		set := p.setter(&e, name)
		if set == nil {
			if err := s.skip(); err != nil {
				return err
			}
			continue
		}
		called := string(name)
		text, err := s.content()
		if err != nil {
			return err
		}
		if !set(text) {
			return unreadable("%.40s is %.40q", called, text)
		}
	}
}

// setter is what an element of an entry sets, or nil.
func (p *Page) setter(e *Entry, name []byte) func(text []byte) (ok bool) {
	keep := func(into *span) func([]byte) bool {
		return func(text []byte) bool {
			*into = p.keep(text)
			return true
		}
	}
	switch {
	case equal(name, "Key"):
		return keep(&e.key)
	case equal(name, "VersionId"):
		return keep(&e.id)
	case equal(name, "LastModified"):
		return func(text []byte) (ok bool) {
			e.Modified, ok = instant(text)
			return ok
		}
	case equal(name, "IsLatest"):
		return func(text []byte) (ok bool) {
			e.Latest, ok = truth(text)
			return ok
		}
	case e.Marker:
		return nil
	case equal(name, "ETag"):
		return func(text []byte) bool {
			e.tag = p.keep(bytes.Trim(text, `"`))
			return true
		}
	case equal(name, "Size"):
		return func(text []byte) (ok bool) {
			e.Size, ok = number(text)
			return ok && e.Size >= 0
		}
	case equal(name, "StorageClass"):
		return keep(&e.set)
	}
	return nil
}

// equal compares names as the SDK does.
func equal(name []byte, with string) bool {
	return string(name) == with || bytes.EqualFold(name, []byte(with))
}

// content is the text of an element that has begun, up to its end. Elements in it
// make it one that can't be read.
func (s *scanner) content() ([]byte, error) {
	s.value = s.value[:0]
	for {
		what, name, err := s.next(true)
		switch {
		case err != nil:
			return nil, err
		case what == end:
			return s.value, nil
		case what == begin:
			return nil, unreadable("it has a <%.40s> where a text should be", name)
		}
	}
}

// skip passes over an element that has begun.
func (s *scanner) skip() error {
	for depth := 1; depth > 0; {
		what, _, err := s.next(false)
		switch {
		case err != nil:
			return err
		case what == begin:
			depth++
		case what == end:
			depth--
		}
	}
	return nil
}

// refused reads an error.
func (p *Page) refused(s *scanner) error {
	refused := &RefusedError{}
	for {
		what, name, err := s.next(false)
		switch {
		case err != nil:
			return err
		case what == end:
			return refused
		case what == words:
			continue
		}
		isCode, isMessage := equal(name, "Code"), equal(name, "Message")
		if !isCode && !isMessage {
			if err := s.skip(); err != nil {
				return err
			}
			continue
		}
		text, err := s.content()
		if err != nil {
			return err
		}
		if isCode {
			refused.Code = string(text)
		} else {
			refused.Message = string(text)
		}
	}
}
