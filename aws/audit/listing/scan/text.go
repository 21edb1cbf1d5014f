package scan

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// text reads up to the next tag.
func (s *scanner) text(wanted bool) error {
	for {
		here := s.buffer[s.at:s.till]
		to := bytes.IndexByte(here, '<')
		whole := to >= 0
		if whole {
			here = here[:to]
		} else if i := bytes.LastIndexByte(here, '&'); i >= 0 && bytes.IndexByte(here[i:], ';') < 0 {
			here = here[:i] // the rest of the reference is still to come
		} else if n := len(here); n > 0 && here[n-1] == '\r' {
			here = here[:n-1]
		}
		if wanted {
			var err error
			if s.value, err = plain(s.value, here); err != nil {
				return err
			}
			if len(s.value) > window {
				return unreadable("it has a text of more than %d bytes", window)
			}
		}
		if s.at += len(here); whole {
			return nil
		}
		if err := s.more(); err != nil {
			return err
		}
	}
}

// verbatim reads up to the end of a CDATA section.
func (s *scanner) verbatim(wanted bool) error {
	to, err := s.find("]]>", 0)
	if err != nil {
		return err
	}
	if wanted {
		s.value = lines(s.value, s.buffer[s.at:s.at+to])
	}
	s.at += to + len("]]>")
	return nil
}

// plain adds a text with its references replaced.
func plain(to, text []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return lines(to, text), nil
		}
		to = lines(to, text[:i])
		j := bytes.IndexByte(text[i:], ';')
		if j < 0 {
			return to, unreadable("it has a & that begins no reference")
		}
		r, known := reference(string(text[i+1 : i+j]))
		if !known {
			return to, unreadable("it has a reference that is not known: %.40q", text[i:i+j+1])
		}
		to = utf8.AppendRune(to, r)
		text = text[i+j+1:]
	}
}

// lines adds a text with its line ends as XML has them read.
func lines(to, text []byte) []byte {
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return append(to, text...)
		}
		to = append(append(to, text[:i]...), '\n')
		if text = text[i+1:]; len(text) > 0 && text[0] == '\n' {
			text = text[1:]
		}
	}
}

// reference is the character that &name; stands for.
func reference(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	base := 10
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	if name = name[1:]; name[0] == 'x' {
		base, name = 16, name[1:]
	}
	n, err := strconv.ParseUint(name, base, 32)
	// A character that XML 1.0 cannot hold is no character of a valid answer.
	if r := rune(n); err == nil && n <= utf8.MaxRune && isCharacter(r) {
		return r, true
	}
	return 0, false
}

func isCharacter(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}
