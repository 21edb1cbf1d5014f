package store

import (
	"slices"
	"strings"
)

// keyList keeps keys in byte order, which is S3's listing order (S3 User
// Guide, Listing object keys: UTF-8 binary order). It is a list of short
// sorted runs, so that adding to a bucket of a million keys stays cheap.
type keyList struct {
	runs [][]string
}

// maxRun is the length at which a run is cut in two.
const maxRun = 1024

// find returns the run that key belongs in and its place there.
func (l *keyList) find(key string) (run, at int, found bool) {
	run, found = slices.BinarySearchFunc(l.runs, key, func(r []string, key string) int {
		return strings.Compare(r[0], key)
	})
	if found {
		return run, 0, true
	}
	if run == 0 {
		return 0, 0, false
	}
	run--
	at, found = slices.BinarySearch(l.runs[run], key)
	return run, at, found
}

func (l *keyList) add(key string) {
	if len(l.runs) == 0 {
		l.runs = [][]string{{key}}
		return
	}
	run, at, found := l.find(key)
	if found {
		return
	}
	grown := slices.Insert(l.runs[run], at, key)
	l.runs[run] = grown
	if len(grown) > maxRun {
		half := len(grown) / 2
		l.runs[run] = grown[:half:half]
		l.runs = slices.Insert(l.runs, run+1, slices.Clone(grown[half:]))
	}
}

func (l *keyList) remove(key string) {
	if len(l.runs) == 0 {
		return
	}
	run, at, found := l.find(key)
	if !found {
		return
	}
	l.runs[run] = slices.Delete(l.runs[run], at, at+1)
	if len(l.runs[run]) == 0 {
		l.runs = slices.Delete(l.runs, run, run+1)
	}
}

// cursor is a place in a list, for as long as nobody changes it.
type cursor struct {
	list    *keyList
	run, at int
}

// seek goes to the first key that is not below key.
func (l *keyList) seek(key string) cursor {
	c := cursor{list: l}
	if len(l.runs) > 0 {
		c.run, c.at, _ = l.find(key)
	}
	return c
}

// next returns the key at the place and passes it.
func (c *cursor) next() (key string, more bool) {
	for ; c.run < len(c.list.runs); c.run, c.at = c.run+1, 0 {
		if run := c.list.runs[c.run]; c.at < len(run) {
			c.at++
			return run[c.at-1], true
		}
	}
	return "", false
}
