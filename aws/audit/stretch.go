package audit

import (
	"context"
	"math"
	"slices"
	"sync"

	"bothways/aws/audit/keyspace"
)

// stretch is a range of keys that one worker goes through. Others may take its
// end away while it does.
type stretch struct {
	ways *ways // whose lock guards the rest

	from, to string // the keys after from up to and with to; "": the end
	// low is the last key of the first page that was read; until then it is where
	// the stretch begins, before which there may be much of the key space without a
	// key.
	low string
	// horizon is the last key that may have been compared by the time that the
	// worker asks again how far it goes.
	horizon string
	// behind are the horizons of the last pages, the oldest first: keys crowd in some
	// places, and how close together they lie here is told by what was read last.
	behind []string
	// tight is a text near the last key, where one is known; "": to.
	tight string
	known bool // tight is
	// pages were read since the last cut, and so many are needed for the next; read
	// are all of them.
	pages, patience, read int
	cutting               bool
	missed                bool // the last cut found no place
	finished              bool
	weight                float64 // its share of the key space
	expected              float64 // pages of it, before enough of them are read
}

const (
	// fewPages of a stretch tell too little of how long it is to cut it.
	fewPages = 2
	// worthPages have to be left of a stretch, of both sides, to be worth a cut.
	worthPages = 8
)

// ways are all stretches of an audit, and who goes through which.
type ways struct {
	mu      sync.Mutex
	waiting []*stretch
	walked  []*stretch // a worker is on it
	ended   int        // pages of the stretches that are finished
	changed chan struct{}
	share   func(float64)
}

func newWays(left []Range, share func(float64)) *ways {
	w := &ways{changed: make(chan struct{}), share: share}
	for _, r := range left {
		w.waiting = append(w.waiting, &stretch{ways: w, from: r.From, to: r.To, low: r.From, horizon: r.From, patience: fewPages, weight: 1 / float64(len(left))})
	}
	return w
}

// stir wakes everybody who waits. Its caller holds the lock.
func (w *ways) stir() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// take is the next stretch for a worker: one that nobody has begun, or the second
// half of the one that takes longest. It is nil where nothing is left.
func (w *ways) take(ctx context.Context, cut func(context.Context, *stretch) (*stretch, error)) (*stretch, error) {
	for {
		w.mu.Lock()
		if len(w.waiting) > 0 {
			next := w.waiting[0]
			w.waiting = w.waiting[1:]
			w.walked = append(w.walked, next)
			w.mu.Unlock()
			return next, nil
		}
		if len(w.walked) == 0 {
			w.mu.Unlock()
			return nil, nil
		}
		longest, changed := w.longest(), w.changed
		if longest != nil {
			longest.cutting = true
		}
		w.mu.Unlock()
		if longest != nil {
			half, err := cut(ctx, longest)
			w.cutEnds(longest, half)
			if half != nil || err != nil {
				return half, err
			}
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// longest is the stretch of which most is left, as far as it is worth a cut.
func (w *ways) longest() *stretch {
	var longest *stretch
	most := 0.0
	for _, s := range w.walked {
		if s.cutting || s.pages < s.patience {
			continue
		}
		passed := s.passed()
		if s.known && float64(s.read)*(1-passed) < worthPages*passed {
			continue
		}
		if left := s.weight * (1 - passed); longest == nil || left > most {
			longest, most = s, left
		}
	}
	return longest
}

func (w *ways) cutEnds(s, half *stretch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.cutting = false
	s.pages = 0
	if s.missed = half == nil; s.missed {
		s.patience = min(2*s.patience, 1000)
		return
	}
	w.walked = append(w.walked, half)
	w.stir()
}

// split gives the keys after a text to a new stretch, unless they may have been
// compared by now.
func (s *stretch) split(at, tight string) *stretch {
	s.ways.mu.Lock()
	defer s.ways.mu.Unlock()
	if s.finished || at <= s.horizon || s.to != "" && at >= s.to {
		return nil
	}
	upper := 1 - keyspace.NewLine(s.low, tight).Share(at)
	pages, _ := s.pagesInAll()
	half := &stretch{
		ways: s.ways, from: at, to: s.to, low: at, horizon: at, tight: tight, known: true, patience: fewPages,
		weight: s.weight * upper, expected: max(1, (pages-float64(s.read))*upper),
	}
	s.to, s.tight, s.known = at, at, true
	s.weight -= half.weight
	return half
}

// passed is the share of a stretch that is compared. Its caller holds the lock.
func (s *stretch) passed() float64 {
	return keyspace.NewLine(s.low, s.end()).Share(s.horizon)
}

func (s *stretch) end() string {
	if s.known {
		return s.tight
	}
	return s.to
}

// reach says that the worker has keys up to one before it, and returns how far it
// is to go.
func (s *stretch) reach(last string) (to string) {
	s.ways.mu.Lock()
	defer s.ways.mu.Unlock()
	if s.horizon = max(s.horizon, last); s.read == 0 {
		s.low = last
	}
	if s.behind = append(s.behind, s.horizon); len(s.behind) > lately {
		s.behind = slices.Delete(s.behind, 0, 1)
	}
	s.read++
	if s.pages++; s.pages == s.patience {
		s.ways.stir()
	}
	s.ways.tell()
	return s.to
}

// finish ends a stretch, and returns how far it went.
func (s *stretch) finish() (to string) {
	w := s.ways
	w.mu.Lock()
	defer w.mu.Unlock()
	w.walked = slices.DeleteFunc(w.walked, func(walked *stretch) bool { return walked == s })
	s.finished = true
	w.ended += s.read
	w.stir()
	w.tell()
	return s.to
}

// pagesInAll is about how many pages a stretch has, and whether enough of it is
// read to tell. Its caller holds the lock.
func (s *stretch) pagesInAll() (pages float64, told bool) {
	passed := s.passed()
	if s.read < tellingPages || passed <= 0 {
		return max(s.expected, float64(s.read+1)), false
	}
	return max(1+float64(s.read-1)/passed, float64(s.read)+s.ahead()), true
}

// ahead is how many pages follow if keys lie as close together up to the end as in
// the last pages. Its caller holds the lock.
func (s *stretch) ahead() float64 {
	passed := keyspace.NewLine(s.behind[0], s.end()).Share(s.horizon)
	if passed <= 0 { // nearer to each other than can be told on a line to the end
		return math.Inf(1)
	}
	return float64(len(s.behind)-1) * (1 - passed) / passed
}

// lately is how many pages tell how close together the keys lie where a stretch is.
const lately = 8

// tellingPages of a stretch, those of both sides counted, tell how close together
// its keys are.
const tellingPages = 4

// tell shows which share of the pages is read, as far as what is read tells how
// many there are: the key space itself tells nothing, since keys crowd in corners of
// it. Its caller holds the lock.
func (w *ways) tell() {
	read, all, told := float64(w.ended), float64(w.ended), w.ended > 0
	for _, s := range slices.Concat(w.walked, w.waiting) {
		pages, tells := s.pagesInAll()
		if !s.known && s.to == "" || !tells && s.expected == 0 {
			w.share(-1)
			return
		}
		told = told || tells
		read += float64(s.read)
		all += max(pages, float64(s.read))
	}
	if !told || all <= 0 || math.IsInf(all, 1) {
		w.share(-1)
		return
	}
	w.share(read / all)
}

// ends says that no key was found after a text; "": that is not known better.
func (s *stretch) ends(tight string) {
	s.ways.mu.Lock()
	defer s.ways.mu.Unlock()
	if s.known && (tight == "" || s.tight != "" && s.tight <= tight) {
		return
	}
	if !s.known || s.to == "" || tight < s.to {
		s.tight, s.known = tight, true
	}
}
