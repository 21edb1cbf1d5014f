package audit

import (
	"bytes"
	"context"
	"fmt"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// lane is the versions of one side over a range of keys, in the order of the
// keys. Of a page its texts hold until the next one.
type lane struct {
	wire  *Wire
	side  pair.SideName
	query listing.Query
	to    string // the last key; "": the end
	page  listing.Page
	at    int // the next entry
	begun bool
}

func newLane(wire *Wire, side pair.SideName, q listing.Query, to string) *lane {
	return &lane{wire: wire, side: side, query: q, to: to}
}

// head is the key of the next entry; more is false at the end.
func (l *lane) head(ctx context.Context) (key []byte, more bool, err error) {
	for l.at == len(l.page.Entries) {
		if l.begun && !l.page.Truncated {
			return nil, false, nil
		}
		if err := l.turn(ctx); err != nil {
			return nil, false, err
		}
	}
	key = l.page.Key(l.at)
	if l.to != "" && string(key) > l.to {
		return nil, false, nil
	}
	return key, true, nil
}

// turn reads the next page.
func (l *lane) turn(ctx context.Context) error {
	last := l.query.After
	if l.begun {
		if n := len(l.page.Entries); n > 0 {
			last = string(l.page.Key(n - 1))
		}
		l.query.After, l.query.Version = l.page.Next, l.page.NextVersion
	}
	going := l.begun
	l.begun = true
	if err := l.wire.Read(ctx, l.side, l.query, &l.page); err != nil {
		return err
	}
	l.at = 0
	if !going { // some stores list the marker's own key, too
		for l.at < len(l.page.Entries) && string(l.page.Key(l.at)) <= last && last != "" {
			l.at++
		}
	}
	if n := len(l.page.Entries); l.at < n && string(l.page.Key(l.at)) < last {
		return fmt.Errorf("side %s lists %q after %q: its keys are not in the order of their UTF-8 bytes, as S3's are, so that two listings can't be compared", l.side, l.page.Key(l.at), last)
	}
	return nil
}

// here is how many entries of the next one's key the page has; whole says that
// no further page can have more of them.
func (l *lane) here() (n int, whole bool) {
	key := l.page.Key(l.at)
	end := l.at + 1
	for end < len(l.page.Entries) && bytes.Equal(l.page.Key(end), key) {
		end++
	}
	return end - l.at, end < len(l.page.Entries) || !l.page.Truncated
}

// take gathers all entries of a key, over as many pages as they take.
func (l *lane) take(ctx context.Context, key string) (all []difference.Entry, err error) {
	for {
		head, more, err := l.head(ctx)
		if err != nil || !more || string(head) != key {
			return all, err
		}
		n, _ := l.here()
		for i := l.at; i < l.at+n; i++ {
			all = append(all, l.page.Entry(i))
		}
		l.at += n
	}
}
