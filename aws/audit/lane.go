package audit

import (
	"bytes"
	"context"
	"fmt"

	"github.com/sourcegraph/conc/panics"

	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// lane is the versions of one side over a range of keys, in the order of the
// keys. Of a page its texts hold until the next one, which is asked for while
// this one is compared.
type lane struct {
	wire  *Wire
	side  pair.SideName
	query listing.Query
	to    *string // the last key; "": the end
	// reach hears of the last key of every page, and says how far to go; nil: the
	// end stays where it is.
	reach func(last string) (to string)
	page  *listing.Page
	at    int // the next entry
	begun bool
	ahead *fetch // the page after this one, or nil
	spare *listing.Page
	// orders are for the one goroutine that asks ahead, which keeps the stack that
	// the SDK's calls have made it grow.
	orders chan *fetch
	ended  chan struct{}
}

// fetch is a page that is on its way.
type fetch struct {
	query  listing.Query
	page   *listing.Page
	err    error
	failed panics.Catcher
	done   chan struct{}
}

func newLane(wire *Wire, side pair.SideName, q listing.Query, to *string, reach func(string) string) *lane {
	return &lane{wire: wire, side: side, query: q, to: to, reach: reach, page: wire.page()}
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
	if *l.to != "" && string(key) > *l.to {
		return nil, false, nil
	}
	return key, true, nil
}

// turn goes on to the next page.
func (l *lane) turn(ctx context.Context) error {
	last, first := l.query.After, !l.begun
	if n := len(l.page.Entries); n > 0 {
		last = string(l.page.Key(n - 1))
	}
	if l.ahead != nil {
		if err := l.arrive(); err != nil {
			return err
		}
	} else {
		if !first {
			l.query.After, l.query.Version = l.page.Next, l.page.NextVersion
		}
		if err := l.wire.Read(ctx, l.side, l.query, l.page); err != nil {
			return err
		}
	}
	l.at, l.begun, l.query.Most = 0, true, 0
	n := len(l.page.Entries)
	if first { // some stores list the marker's own key, too
		for l.at < n && last != "" && string(l.page.Key(l.at)) <= last {
			l.at++
		}
	}
	if l.at < n && string(l.page.Key(l.at)) < last {
		return fmt.Errorf("side %s lists %q after %q: its keys are not in the order of their UTF-8 bytes, as S3's are, so that two listings can't be compared", l.side, l.page.Key(l.at), last)
	}
	if l.reach == nil {
		return nil
	}
	end := ""
	if n > 0 {
		end = string(l.page.Key(n - 1))
	}
	*l.to = l.reach(end)
	if l.page.Truncated && (*l.to == "" || end <= *l.to) {
		q := l.query
		q.After, q.Version = l.page.Next, l.page.NextVersion
		l.order(ctx, q)
	}
	return nil
}

// order asks for a page ahead.
func (l *lane) order(ctx context.Context, q listing.Query) {
	page := l.spare
	if l.spare = nil; page == nil {
		page = l.wire.page()
	}
	f := &fetch{query: q, page: page, done: make(chan struct{})}
	l.ahead = f
	if l.orders == nil {
		l.orders, l.ended = make(chan *fetch, 1), make(chan struct{})
		go l.fetch(ctx)
	}
	l.orders <- f
}

// fetch asks for pages that are ordered.
func (l *lane) fetch(ctx context.Context) {
	defer close(l.ended)
	for f := range l.orders {
		f.failed.Try(func() { f.err = l.wire.Read(ctx, l.side, f.query, f.page) })
		close(f.done)
	}
}

// arrive waits for the page that was asked for.
func (l *lane) arrive() error {
	f := l.ahead
	<-f.done
	f.failed.Repanic() // to the caller
	l.ahead = nil
	if f.err != nil {
		return f.err
	}
	l.query = f.query
	l.spare, l.page = l.page, f.page
	return nil
}

// close waits for a page that nobody wants any more, and gives back what was read
// into. The context that it was asked with has ended.
func (l *lane) close() {
	if l.orders != nil {
		close(l.orders)
		<-l.ended
	}
	if l.ahead != nil {
		l.wire.release(l.ahead.page)
	}
	l.wire.release(l.page, l.spare)
	l.page, l.spare, l.ahead = nil, nil, nil
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
