package scan

import "bytes"

// order is that of an entry's elements as S3 writes them. One that is left out,
// or stands elsewhere, costs a comparison.
var order = [...]struct{ open, close string }{
	{"<Key>", "</Key>"},
	{"<VersionId>", "</VersionId>"},
	{"<IsLatest>", "</IsLatest>"},
	{"<LastModified>", "</LastModified>"},
	{"<ETag>", "</ETag>"},
	{"<ChecksumAlgorithm>", "</ChecksumAlgorithm>"},
	{"<ChecksumType>", "</ChecksumType>"},
	{"<Size>", "</Size>"},
	{"<StorageClass>", "</StorageClass>"},
	{"<Owner>", "</Owner>"},
}

// What stands at its place in order.
const (
	atKey = iota
	atID
	atLatest
	atModified
	atETag
	atAlgorithm
	atChecksumType
	atSize
	atClass
	atOwner
)

// quick reads an entry as S3 writes it: whole in the window, plain tags, no
// references but around its ETag. Where one is written otherwise nothing is read,
// and it says so.
func (p *Page) quick(s *scanner) bool {
	here := s.buffer[s.at:s.till]
	e, text := Entry{}, len(p.text)
	var closing string
	switch {
	case hasPrefix(here, "<Version>"):
		here, closing = here[len("<Version>"):], "</Version>"
	case hasPrefix(here, "<DeleteMarker>"):
		here, closing, e.Marker = here[len("<DeleteMarker>"):], "</DeleteMarker>", true
	default:
		return false
	}
	for at, missed := 0, 0; missed < len(order); {
		tag := &order[at]
		if len(here) < 2 || here[1] != tag.open[1] || !hasPrefix(here, tag.open) {
			if len(here) > 1 && here[1] == '/' && hasPrefix(here, closing) {
				s.at = s.till - len(here) + len(closing)
				p.Entries = append(p.Entries, e)
				return true
			}
			if at++; at == len(order) {
				at = 0
			}
			missed++
			continue
		}
		inside := here[len(tag.open):]
		var to int
		if at == atOwner {
			if to = s.sameOwner(inside); to < 0 {
				break
			}
		} else if to = bytes.IndexByte(inside, '<'); to < 0 || !hasPrefix(inside[to:], tag.close) || !p.plain(&e, at, inside[:to]) {
			break
		}
		here, missed = inside[to+len(tag.close):], 0
		if at++; at == len(order) {
			at = 0
		}
	}
	p.text = p.text[:text]
	return false
}

func hasPrefix(text []byte, with string) bool {
	return len(text) >= len(with) && string(text[:len(with)]) == with
}

// sameOwner is how long the content of an owner's element is, the one that has
// others in it; negative: it is no plain one. Mostly it is the same as before.
func (s *scanner) sameOwner(inside []byte) int {
	if n := len(s.owner); n > 0 && bytes.HasPrefix(inside, s.owner) {
		return n - len("</Owner>")
	}
	to := bytes.Index(inside, []byte("</Owner>"))
	if to < 0 || bytes.Contains(inside[:to], []byte("<!")) || bytes.Contains(inside[:to], []byte("<Owner")) {
		return -1
	}
	s.owner = append(s.owner[:0], inside[:to+len("</Owner>")]...)
	return to
}

// plain sets what an element with a plain text says; ok is false where it is none.
func (p *Page) plain(e *Entry, what int, text []byte) (ok bool) {
	switch what {
	case atKey:
		if ok = isPlain(text); ok {
			e.key = p.keep(text)
		}
	case atID:
		if ok = isPlain(text); ok {
			e.id = p.keep(text)
		}
	case atLatest:
		e.Latest, ok = truth(text)
	case atModified:
		e.Modified, ok = instant(text)
	case atETag:
		text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("&quot;")), []byte("&quot;"))
		if ok = isPlain(text) && !e.Marker; ok {
			e.tag = p.keep(bytes.Trim(text, `"`))
		}
	case atSize:
		if !e.Marker {
			e.Size, ok = number(text)
			ok = ok && e.Size >= 0
		}
	case atClass:
		if n := len(p.Entries); n > 0 && bytes.Equal(text, p.of(p.Entries[n-1].set)) && !e.Marker {
			e.set, ok = p.Entries[n-1].set, true
		} else if ok = isPlain(text) && !e.Marker; ok {
			e.set = p.keep(text)
		}
	case atAlgorithm, atChecksumType:
		ok = isPlain(text)
	}
	return ok
}

func isPlain(text []byte) bool {
	return bytes.IndexByte(text, '&') < 0 && bytes.IndexByte(text, '\r') < 0
}
