package scan

import "bytes"

// quick reads an entry as S3 writes it: whole in the window, plain tags, no
// references but around its ETag. Where one is written otherwise nothing is read,
// and it says so.
func (p *Page) quick(s *scanner) bool {
	here := s.buffer[s.at:s.till]
	e, text := Entry{}, len(p.text)
	var closing string
	switch {
	case bytes.HasPrefix(here, []byte("<Version>")):
		here, closing = here[len("<Version>"):], "/Version>"
	case bytes.HasPrefix(here, []byte("<DeleteMarker>")):
		here, closing, e.Marker = here[len("<DeleteMarker>"):], "/DeleteMarker>", true
	default:
		return false
	}
	for len(here) > 1 && here[0] == '<' {
		here = here[1:]
		if here[0] == '/' {
			if !bytes.HasPrefix(here, []byte(closing)) {
				break
			}
			s.at = s.till - len(here) + len(closing)
			p.Entries = append(p.Entries, e)
			return true
		}
		tagged := bytes.IndexByte(here, '>')
		if tagged <= 0 {
			break
		}
		name := here[:tagged]
		here = here[tagged+1:]
		if string(name) == "Owner" { // the one that has others in it, mostly the same as before
			if n := len(s.owner); n == 0 || !bytes.HasPrefix(here, s.owner) {
				to := bytes.Index(here, []byte("</Owner>"))
				if to < 0 || bytes.Contains(here[:to], []byte("<!")) || bytes.Contains(here[:to], []byte("<Owner")) {
					break
				}
				s.owner = append(s.owner[:0], here[:to+len("</Owner>")]...)
			}
			here = here[len(s.owner):]
			continue
		}
		to := bytes.IndexByte(here, '<')
		if to < 0 || len(here) < to+len(name)+3 || here[to+1] != '/' || string(here[to+2:to+2+len(name)]) != string(name) || here[to+2+len(name)] != '>' {
			break
		}
		if !p.plain(&e, name, here[:to]) {
			break
		}
		here = here[to+len(name)+3:]
	}
	p.text = p.text[:text]
	return false
}

// plain sets what an element of a plain name with a plain text says.
func (p *Page) plain(e *Entry, name, text []byte) bool {
	var ok bool
	switch string(name) {
	case "Key":
		if ok = isPlain(text); ok {
			e.key = p.keep(text)
		}
	case "VersionId":
		if ok = isPlain(text); ok {
			e.id = p.keep(text)
		}
	case "LastModified":
		if ok = isPlain(text); ok {
			e.Modified, ok = instant(text)
		}
	case "IsLatest":
		e.Latest, ok = truth(text)
	case "ETag":
		text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("&quot;")), []byte("&quot;"))
		if ok = isPlain(text); ok && !e.Marker {
			e.tag = p.keep(bytes.Trim(text, `"`))
		}
	case "Size":
		if ok = e.Marker; !ok {
			e.Size, ok = number(text)
		}
	case "StorageClass":
		if ok = isPlain(text); ok && !e.Marker {
			if n := len(p.Entries); n > 0 && bytes.Equal(text, p.of(p.Entries[n-1].set)) {
				e.set = p.Entries[n-1].set
			} else {
				e.set = p.keep(text)
			}
		}
	case "ChecksumAlgorithm", "ChecksumType":
		ok = isPlain(text)
	}
	return ok
}

func isPlain(text []byte) bool {
	return bytes.IndexByte(text, '&') < 0 && bytes.IndexByte(text, '\r') < 0
}
