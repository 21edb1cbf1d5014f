package store

import (
	"strings"
	"sync"
)

// Query asks for a page of a listing.
type Query struct {
	Prefix    string
	Delimiter string
	After     string // only what comes after this key or common prefix
	// AfterVersion, in a listing of versions, resumes within the key After:
	// what comes after that version of it.
	AfterVersion string
	// PassPrefix says that After, where it lies within a common prefix, stands
	// for all of that prefix.
	PassPrefix bool
	Max        int
}

// Page is one page of a listing in key order.
type Page struct {
	Entries   []Entry
	Prefixes  []string // common prefixes
	Truncated bool
	// NextKey and NextVersion are where the next page resumes, if Truncated.
	NextKey, NextVersion string

	made *room // where entries of a base lie, nil if there are none
}

// Release gives the room of the entries back, which nobody may use from now on.
// A page that is not released is collected as anything else.
func (p Page) Release() {
	if p.made != nil {
		p.made.used = 0
		rooms.Put(p.made)
	}
}

// Entry is one version of a page.
type Entry struct {
	*Version
	Latest bool
}

// Objects lists the newest versions that are no delete markers.
func (b *Bucket) Objects(q Query) Page {
	return b.walk(q, false)
}

// AllVersions lists versions and delete markers, newest first within a key.
func (b *Bucket) AllVersions(q Query) Page {
	return b.walk(q, true)
}

func (b *Bucket) walk(q Query, all bool) Page {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var page Page
	if q.Max <= 0 {
		return page
	}
	page.Entries = make([]Entry, 0, b.atMost(q.Max))
	if b.base != nil {
		page.made, _ = rooms.Get().(*room)
		if page.made == nil {
			page.made = &room{}
		}
	}
	from := q.Prefix
	within := all && q.AfterVersion != ""
	if q.After != "" && q.After >= from {
		from = q.After
		if !within {
			from += "\x00"
		}
	}
	if p, ok := commonPrefix(q.After, q); ok && (p == q.After || q.PassPrefix) {
		// The page before ended with this common prefix: pass all of it.
		var more bool
		if from, more = beyond(p); !more {
			return page
		}
	}
	count := 0
	keys := b.walkFrom(from)
	for {
		g, more := keys.next()
		if !more || !strings.HasPrefix(g.key, q.Prefix) {
			return page
		}
		first, end := g.listed(q, all, page.made)
		if first == end {
			continue
		}
		if p, ok := commonPrefix(g.key, q); ok {
			if count == q.Max {
				page.Truncated = true
				return page
			}
			page.Prefixes = append(page.Prefixes, p)
			count++
			page.NextKey, page.NextVersion = p, ""
			if from, more = beyond(p); !more {
				return page
			}
			keys = b.walkFrom(from)
			continue
		}
		for i := first; i < end; i++ {
			if count == q.Max {
				page.Truncated = true
				return page
			}
			v := g.entry(i, page.made)
			page.Entries = append(page.Entries, Entry{v, i == 0})
			count++
			page.NextKey, page.NextVersion = g.key, v.ID
		}
	}
}

// atMost is how many entries a page of that many may have. The lock is held.
func (b *Bucket) atMost(limit int) int {
	if b.base != nil {
		return limit
	}
	return min(limit, len(b.objects))
}

// listed returns which versions of a key belong in a listing.
func (g group) listed(q Query, all bool, made *room) (first, end int) {
	switch {
	case all && g.key == q.After && q.AfterVersion != "":
		return g.index(q.AfterVersion) + 1, g.len()
	case all, g.len() == 0:
		return 0, g.len()
	case g.entry(0, made).Marker:
		return 0, 0
	}
	return 0, 1
}

// entry returns a version with what listings tell of it.
func (g group) entry(i int, made *room) *Version {
	if g.object != nil {
		return g.object.versions[i]
	}
	v := made.next()
	g.base.List(i, v)
	return v
}

// room is where the versions of a base lie while a page is listed. Pages use it
// one after the other: it is more than what the page itself takes.
type room struct {
	blocks [][]Version
	used   int
}

var rooms sync.Pool

// next returns a version with nothing in it.
func (r *room) next() *Version {
	const together = 250
	if r.used == together*len(r.blocks) {
		r.blocks = append(r.blocks, make([]Version, together))
	}
	v := &r.blocks[r.used/together][r.used%together]
	*v = Version{}
	r.used++
	return v
}

// UploadPage is one page of a listing of uploads, in the order of their keys
// and, within a key, of their beginnings.
type UploadPage struct {
	Uploads   []*Upload
	Prefixes  []string // common prefixes
	Truncated bool
	// NextKey and NextID are the last of the page, after which the next resumes.
	NextKey, NextID string
}

// UploadPage lists uploads. AfterVersion is the id of an upload, after which the
// page resumes within its key.
func (b *Bucket) UploadPage(q Query) UploadPage {
	var page UploadPage
	passed := q.AfterVersion == "" // whether that upload was passed
	last := ""
	for _, u := range b.Uploads() {
		if !strings.HasPrefix(u.Key, q.Prefix) || u.Key < q.After {
			continue
		}
		if u.Key == q.After && q.After != "" {
			skip := q.AfterVersion == "" || !passed
			passed = passed || u.ID == q.AfterVersion
			if skip {
				continue
			}
		}
		prefix, rolledUp := commonPrefix(u.Key, q)
		if rolledUp && (prefix == last || prefix == q.After) {
			continue
		}
		if len(page.Uploads)+len(page.Prefixes) == q.Max {
			page.Truncated = q.Max > 0
			break
		}
		if rolledUp {
			last = prefix
			page.Prefixes = append(page.Prefixes, prefix)
			page.NextKey, page.NextID = prefix, ""
			continue
		}
		page.Uploads = append(page.Uploads, u)
		page.NextKey, page.NextID = u.Key, u.ID
	}
	return page
}

// commonPrefix rolls a key up to the first delimiter after the prefix.
func commonPrefix(key string, q Query) (string, bool) {
	if q.Delimiter == "" || !strings.HasPrefix(key, q.Prefix) {
		return "", false
	}
	i := strings.Index(key[len(q.Prefix):], q.Delimiter)
	if i < 0 {
		return "", false
	}
	return key[:len(q.Prefix)+i+len(q.Delimiter)], true
}

// beyond returns the least string above all that start with p.
func beyond(p string) (string, bool) {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] < 0xff {
			return p[:i] + string([]byte{p[i] + 1}), true
		}
	}
	return "", false
}
