package store

import "strings"

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
	page.Entries = make([]Entry, 0, min(q.Max, len(b.objects)))
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
	keys := b.keys.seek(from)
	for {
		key, more := keys.next()
		if !more || !strings.HasPrefix(key, q.Prefix) {
			return page
		}
		o := b.objects[key]
		listed := o.listed(key, q, all)
		if len(listed) == 0 {
			continue
		}
		if p, ok := commonPrefix(key, q); ok {
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
			keys = b.keys.seek(from)
			continue
		}
		for _, v := range listed {
			if count == q.Max {
				page.Truncated = true
				return page
			}
			page.Entries = append(page.Entries, Entry{v, v == o.versions[0]})
			count++
			page.NextKey, page.NextVersion = key, v.ID
		}
	}
}

// listed returns what of a key belongs in a listing.
func (o *object) listed(key string, q Query, all bool) []*Version {
	switch {
	case all && key == q.After && q.AfterVersion != "":
		return o.versions[o.index(q.AfterVersion)+1:]
	case all:
		return o.versions
	case o.versions[0].Marker:
		return nil
	}
	return o.versions[:1]
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
