package cause

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

const (
	// stretch is how far from a marker an object may have been written that tells
	// how the rule stood when the marker was made.
	stretch = 15 * time.Minute
	// together is how far apart what was written at one time is listed: listings
	// have whole seconds.
	together = time.Second
)

// witness is an object whose replication status tells how the rule of a direction
// stood when it was written. Delete markers have none, so they are judged by what
// was written about when they were made.
type witness struct {
	key   string
	at    time.Time
	taken bool // a rule took it
}

func (w witness) words() string {
	text := fmt.Sprintf("%q, written on %s, ", w.key, instant(w.at))
	if w.taken {
		return text + "was taken by the rule"
	}
	return text + "was taken by no rule"
}

// witnesses are those that an audit came across. Their methods may be called from
// many goroutines.
type witnesses struct {
	mu    sync.Mutex
	known map[pair.Direction][]witness // by their times
}

func (ws *witnesses) add(d pair.Direction, one witness) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.known == nil {
		ws.known = map[pair.Direction][]witness{}
	}
	at, known := slices.BinarySearchFunc(ws.known[d], one, func(have, want witness) int {
		return cmp.Or(have.at.Compare(want.at), cmp.Compare(have.key, want.key))
	})
	// So many seconds are enough of them: one of each kind for a second tells all.
	for i := at - 1; i >= 0 && ws.known[d][i].at.Equal(one.at) && !known; i-- {
		known = ws.known[d][i].taken == one.taken
	}
	for i := at; i < len(ws.known[d]) && ws.known[d][i].at.Equal(one.at) && !known; i++ {
		known = ws.known[d][i].taken == one.taken
	}
	if !known && len(ws.known[d]) < mostWitnesses {
		ws.known[d] = slices.Insert(ws.known[d], at, one)
	}
}

// mostWitnesses bounds those that are kept of a direction.
const mostWitnesses = 10_000

// about are the ones next to a time, within the stretch.
func (ws *witnesses) about(d pair.Direction, at time.Time) surroundings {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	var s surroundings
	for _, w := range ws.known[d] {
		one := w
		switch apart := w.at.Sub(at); {
		case apart.Abs() > stretch:
		case apart.Abs() <= together && w.taken:
			s.withTaken = &one
		case apart.Abs() <= together:
			s.withLeft = &one
		case apart < 0:
			s.before = &one
		case s.after == nil:
			s.after = &one
		}
	}
	return s
}

// surroundings are what was written next before and next after a marker was made,
// and together with it.
type surroundings struct {
	before, after       *witness
	withTaken, withLeft *witness
}

// tells says how the rule stood when the marker was made: standing, away, or
// unknown where those about it do not agree, or are on one side of it only.
func (s surroundings) tells() (stood, string) {
	switch {
	case s.withTaken != nil && s.withLeft != nil:
		return unknown, s.withTaken.words() + ", and " + s.withLeft.words()
	case s.withLeft != nil:
		return away, s.withLeft.words() + ", in the second of this marker"
	case s.withTaken != nil:
		return standing, s.withTaken.words() + ", in the second of this marker"
	case s.before != nil && s.after != nil && s.before.taken == s.after.taken:
		how := away
		if s.before.taken {
			how = standing
		}
		return how, s.before.words() + ", and so was " + fmt.Sprintf("%q, written on %s", s.after.key, instant(s.after.at)) + "; this marker was made between them"
	case s.before != nil && s.after != nil:
		return unknown, s.before.words() + ", and " + s.after.words() + "; this marker was made between them"
	case s.before != nil:
		return unknown, s.before.words() + ", before this marker was made, and nothing that tells of the rule was written soon after it"
	case s.after != nil:
		return unknown, s.after.words() + ", after this marker was made, and nothing that tells of the rule was written shortly before it"
	}
	return unknown, "nothing that tells of the rule was written within " + fmt.Sprintf("%.0f minutes of it", stretch.Minutes())
}

// enough says that no more witnesses need be looked for.
func (s surroundings) enough() bool {
	return s.withTaken != nil || s.withLeft != nil || s.before != nil && s.after != nil
}

// testify says what the answers about an object tell of a direction's rule. Nothing
// is told by what no rule of now covers by its key alone, by what other rules take
// or leave for other reasons, by replicas, and by what a job of bothways may have
// replicated since.
func (w world) testify(side pair.SideName, key string, e difference.Entry, here fact) (one witness, tells bool) {
	way := w.ways[from(side)]
	if e.Marker || e.VersionID == nullID || !here.found() || !w.plainlyCovered(way, key) {
		return one, false
	}
	one = witness{key: key, at: e.Modified}
	switch here.status {
	case pending, failed, complete:
		one.taken = true
		return one, !e.Modified.Before(way.past.backfilled)
	case "":
		return one, !here.isKMS() && !here.archived && !multipart(e.ETag)
	}
	return one, false
}

// plainlyCovered says whether an enabled rule takes a key whatever its tags, and no
// rule takes it to another bucket.
func (w world) plainlyCovered(way way, key string) bool {
	on, _ := way.covering(key)
	return slices.ContainsFunc(on, func(r rule) bool { return len(r.tags) == 0 }) &&
		!slices.ContainsFunc(way.elsewhere, func(r rule) bool { return len(key) >= len(r.prefix) && key[:len(r.prefix)] == r.prefix })
}
