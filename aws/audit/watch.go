package audit

import (
	"context"
	"sync"
	"time"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// beat is the shortest time between two Progress events.
const beat = 250 * time.Millisecond

// rateOver is the time over which the rate is taken.
const rateOver = 5 * time.Second

// watch counts what goes on, and shows it.
type watch struct {
	run *run

	mu         sync.Mutex
	phase      Phase
	before     difference.Tally // of the runs that this one goes on from
	live       compare.Counts
	judged     difference.Tally
	candidates int64
	done       float64 // what the source says last
	told       float64 // what was shown last
	asked      Requests
	silent     map[pair.SideName]string
	marks      []rateMark
	first      chan struct{} // closed when the first page has come
	came       bool
}

type rateMark struct {
	at      time.Time
	entries int64
	done    float64
}

func newWatch(r *run) *watch {
	return &watch{run: r, phase: Listing, done: -1, told: -1, silent: map[pair.SideName]string{}, first: make(chan struct{})}
}

func (w *watch) listed(by compare.Counts, candidates int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.live.Add(by)
	w.candidates += int64(candidates)
	if !w.came && by.Entries() > 0 {
		w.came = true
		close(w.first)
	}
}

func (w *watch) share(done float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = done
}

func (w *watch) enter(phase Phase) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.phase = phase; phase == Looking {
		w.done = 1 // all is listed
	}
}

func (w *watch) settled(p *Part, l *looked) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.candidates -= int64(p.total)
	if l != nil {
		w.judged.Merge(l.tally)
	}
}

func (w *watch) listedPage(bytes int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked.Lists++
	w.asked.Bytes += bytes
}

func (w *watch) headed(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked.Heads += n
}

func (w *watch) again(slow bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked.Again++
	if slow {
		w.asked.Slow++
	}
}

func (w *watch) waiting(side pair.SideName, why string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if why == "" {
		delete(w.silent, side)
		return
	}
	w.silent[side] = why
}

func (w *watch) requests() Requests {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requestsNow()
}

func (w *watch) requestsNow() Requests {
	asked := w.asked
	if w.run.config.Heads != nil {
		asked.Heads = w.run.config.Heads()
	}
	return asked.plus(w.run.requestsBefore())
}

func (r Requests) plus(o Requests) Requests {
	return Requests{r.Lists + o.Lists, r.Heads + o.Heads, r.Bytes + o.Bytes, r.Slow + o.Slow, r.Again + o.Again}
}

// tally is everything that was counted so far.
func (w *watch) tally() difference.Tally {
	var all difference.Tally
	all.Merge(w.before)
	all.Merge(w.live.Tally())
	all.Merge(w.judged)
	return all
}

// progress is where the audit stands at an instant.
func (w *watch) progress(now time.Time) Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := Progress{
		Phase: w.phase, Tally: w.tally(), Candidates: w.candidates, Left: -1,
		Elapsed: now.Sub(w.run.began), Requests: w.requestsNow(), Workers: w.run.limit.workers(),
	}
	for _, side := range pair.Sides() {
		if why := w.silent[side]; why != "" {
			p.Waiting = "side " + string(side) + ": " + why
		}
	}
	w.marks = append(w.marks, rateMark{now, w.live.Entries(), w.done})
	for len(w.marks) > 2 && now.Sub(w.marks[1].at) >= rateOver {
		w.marks = w.marks[1:]
	}
	p.Done = w.settledShare(now)
	from := w.marks[0]
	if len(w.marks) == 1 {
		from = rateMark{at: w.run.began}
	}
	if took := now.Sub(from.at).Seconds(); took > 0 {
		p.PerSecond = float64(w.live.Entries()-from.entries) / took
	}
	if listed := float64(w.live.Entries()); p.Done > 0 && p.PerSecond > 0 {
		p.Left = time.Duration(listed * (1 - p.Done) / p.Done / p.PerSecond * float64(time.Second))
	}
	return p
}

// shownAfter is how long what the source says of its share is watched before it is
// shown.
const shownAfter = 2 * time.Second

// settledShare is the share that is shown: the least that the source said over the last
// seconds, since what is cut in two turns out longer more often than shorter. It
// never goes back.
func (w *watch) settledShare(now time.Time) float64 {
	if w.phase != Listing {
		w.told = max(w.told, w.done)
		return w.told
	}
	if now.Sub(w.marks[0].at) < shownAfter {
		return w.told
	}
	least := w.done
	for _, m := range w.marks {
		least = min(least, m.done)
	}
	w.told = max(w.told, least)
	return w.told
}

// show tells how it goes until the context ends: after the first page, then at
// most four times a second.
func (w *watch) show(ctx context.Context) {
	select {
	case <-w.first:
	case <-ctx.Done():
		return
	}
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		w.run.emit(w.progress(time.Now()))
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// total is everything that was counted.
func (w *watch) total() difference.Tally {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tally()
}
