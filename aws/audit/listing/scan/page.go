// Package scan reads answers of ListObjectVersions as they stream in, into memory
// that is used again. It takes what the SDK's decoder takes, in a fortieth of its
// time: nearly all that an audit computes is the reading of such answers.
package scan

import (
	"net/http"
	"time"

	"bothways/aws/audit/difference"
)

// Page is one answer of ListObjectVersions, in one piece of memory. Its entries
// are sorted by their keys, and versions and delete markers stand together.
type Page struct {
	Entries []Entry
	// Next and NextVersion ask for the page after this one, where there is one.
	Truncated         bool
	Next, NextVersion string
	// Name is the bucket's, and Encoding how the keys and Next were written: the
	// keys are plain, and Next is as it came.
	Name, Encoding string
	// Bytes is how long the answer was.
	Bytes int64
	// Date is the server's clock, or zero.
	Date time.Time

	text    []byte
	scanner scanner
}

// Entry is one version or delete marker, whose texts lie in its page.
type Entry struct {
	Size         int64
	Modified     int64 // milliseconds since 1970
	key          span
	id, tag, set span
	Marker       bool
	Latest       bool
}

type span struct{ from, to uint32 }

// Key is an entry's key, as long as the page holds.
func (p *Page) Key(i int) []byte { return p.of(p.Entries[i].key) }

// ID is an entry's version ID.
func (p *Page) ID(i int) []byte { return p.of(p.Entries[i].id) }

// ETag is an entry's ETag without quotes.
func (p *Page) ETag(i int) []byte { return p.of(p.Entries[i].tag) }

func (p *Page) of(s span) []byte { return p.text[s.from:s.to] }

// Entry is an entry that outlives the page.
func (p *Page) Entry(i int) difference.Entry {
	e := &p.Entries[i]
	return difference.Entry{
		VersionID: string(p.of(e.id)), Marker: e.Marker, Latest: e.Latest,
		Modified: time.UnixMilli(e.Modified).UTC(),
		ETag:     string(p.of(e.tag)), Size: e.Size, Class: string(p.of(e.set)),
	}
}

// Reset empties the page and keeps its memory.
func (p *Page) Reset() {
	*p = Page{Entries: p.Entries[:0], text: p.text[:0], scanner: p.scanner}
}

func (p *Page) keep(text []byte) span {
	from := len(p.text)
	p.text = append(p.text, text...)
	return span{uint32(from), uint32(len(p.text))}
}

// Dated takes the server's clock from an answer's header.
func (p *Page) Dated(header string) {
	if date, err := http.ParseTime(header); err == nil {
		p.Date = date
	}
}
