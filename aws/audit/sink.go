package audit

import (
	"context"
	"path/filepath"
	"sync"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
)

// Sink takes what a source has compared.
type Sink struct {
	run *run
	// Wire asks for pages of both sides, with the run's patience.
	Wire *Wire
}

// Done says whether an earlier run had a slice of the source already.
func (s *Sink) Done(slice string) bool { return s.run.resumed != nil && s.run.resumed.slices[slice] }

// Left are the ranges of keys that no earlier run has compared, in order.
func (s *Sink) Left() []Range {
	if s.run.resumed == nil {
		return []Range{{}}
	}
	return s.run.resumed.left()
}

// Rules say which versions are judged.
func (s *Sink) Rules() compare.Rules {
	return compare.Rules{Since: s.run.config.Since, CutOff: s.run.cutOff, Draw: s.run.config.Draw}
}

// Live shows what was counted before its part is put: each count once.
func (s *Sink) Live(by compare.Counts, candidates int) { s.run.watch.listed(by, candidates) }

// Share shows which share of the keys is compared, from 0 to 1; negative: it
// can't be told.
func (s *Sink) Share(done float64) { s.run.watch.share(done) }

// Put takes a part. It waits while too many others have their second look
// still before them.
func (s *Sink) Put(ctx context.Context, p *Part) error {
	if p.total == 0 {
		return s.run.keep.commit(p, nil)
	}
	return s.run.wait(ctx, p)
}

// Range is the keys after From up to and with To, where "" is the end.
type Range struct{ From, To string }

// Wire asks for pages, as often as it takes.
type Wire struct {
	run *run

	mu    sync.Mutex
	spare []*listing.Page // to be used again: a page takes 200 KiB
}

// page is one to read into.
func (w *Wire) page() *listing.Page {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.spare); n > 0 {
		page := w.spare[n-1]
		w.spare = w.spare[:n-1]
		return page
	}
	return &listing.Page{}
}

// release gives pages back that nobody reads any more.
func (w *Wire) release(pages ...*listing.Page) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, page := range pages {
		if page != nil {
			page.Reset()
			w.spare = append(w.spare, page)
		}
	}
}

// dir is where what does not fit into memory is kept: beside the rows, because
// the system's folder for such files may be memory itself. "" is that folder.
func (w *Wire) dir() string {
	if rows := w.run.config.Rows; rows != "" {
		return filepath.Dir(rows)
	}
	return ""
}

// Read asks a side for a page until it comes.
func (w *Wire) Read(ctx context.Context, side pair.SideName, q listing.Query, into *listing.Page) error {
	return w.run.read(ctx, side, q, into)
}
