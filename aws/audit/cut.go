package audit

import (
	"context"
	"unicode/utf8"

	"bothways/aws/audit/keyspace"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// mostProbes are made for one cut.
const mostProbes = 12

// cutter looks for where a stretch can be cut: it asks for one key after a text,
// which tells whether there is any.
type cutter struct {
	wire   *Wire
	prefix string
	page   listing.Page
}

// cut gives the second half of a stretch to a new one, or nil where none is found.
func (c *cutter) cut(ctx context.Context, s *stretch) (*stretch, error) {
	s.ways.mu.Lock()
	at, to, tight, known := s.horizon, s.to, s.tight, s.known && !s.missed
	s.ways.mu.Unlock()
	if at == "" {
		return nil, nil
	}
	if !known {
		var err error
		if tight, err = c.bound(ctx, at, to); err != nil {
			return nil, err
		}
		s.ends(tight)
	}
	for range mostProbes {
		middle, ok := keyspace.NewLine(at, tight).Middle()
		if !ok {
			return nil, nil
		}
		some, err := c.any(ctx, middle, to)
		if err != nil {
			return nil, err
		}
		if some {
			return s.split(middle, tight), nil
		}
		tight = middle
	}
	s.ends(tight)
	return nil, nil
}

// bound is a text near the last key before to: behind the longest beginning that
// the key at hand and all later ones have in common.
func (c *cutter) bound(ctx context.Context, key, to string) (string, error) {
	none, some := utf8.RuneCountInString(c.prefix), utf8.RuneCountInString(key)+1
	for none+1 < some {
		middle := (none + some) / 2
		more, err := c.any(ctx, keyspace.After(keyspace.Cut(key, middle)), to)
		if err != nil {
			return "", err
		}
		if more {
			some = middle
		} else {
			none = middle
		}
	}
	tight := to
	if none > 0 {
		if behind := keyspace.After(keyspace.Cut(key, none)); to == "" || behind < to {
			tight = behind
		}
	}
	return tight, nil
}

// any says whether either side has a key after one text and up to another.
func (c *cutter) any(ctx context.Context, after, to string) (bool, error) {
	for _, side := range pair.Sides() {
		if err := c.wire.Read(ctx, side, listing.Query{Prefix: c.prefix, After: after, Most: 1}, &c.page); err != nil {
			return false, err
		}
		if len(c.page.Entries) > 0 && (to == "" || string(c.page.Key(0)) <= to) {
			return true, nil
		}
	}
	return false, nil
}
