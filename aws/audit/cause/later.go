package cause

import (
	"context"
	"sync/atomic"

	"bothways/aws/audit/difference"
	"bothways/aws/replication/survey"
)

// Later is a Judge that reads what it stands on when the first candidate comes:
// an audit that finds none asks nothing, and one that does has listed meanwhile.
type Later struct {
	world   survey.World
	options Options

	// reading has room for the one who reads. The others wait no longer than their
	// contexts, and virtual time goes on meanwhile, as it would not at a mutex.
	reading chan struct{}
	judge   atomic.Pointer[Judge]
}

// NewLater prepares a judge for a pair. It asks nothing.
func NewLater(w survey.World, o Options) *Later {
	return &Later{world: w, options: o, reading: make(chan struct{}, 1)}
}

// Judge is that of a Judge. Its error may also be that of New: the next candidate
// tries again.
func (l *Later) Judge(ctx context.Context, c difference.Candidate) (difference.Difference, error) {
	j, err := l.ready(ctx)
	if err != nil {
		return difference.Difference{Candidate: c}, err
	}
	return j.Judge(ctx, c)
}

func (l *Later) ready(ctx context.Context) (*Judge, error) {
	if j := l.judge.Load(); j != nil {
		return j, nil
	}
	select {
	case l.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-l.reading }()
	if j := l.judge.Load(); j != nil {
		return j, nil
	}
	j, err := New(ctx, l.world, l.options)
	if err != nil {
		return nil, err
	}
	l.judge.Store(j)
	return j, nil
}

// Heads counts the HEADs that were sent so far.
func (l *Later) Heads() int64 {
	if j := l.judge.Load(); j != nil {
		return j.heads.Load()
	}
	return 0
}

// Notes are what could not be read, in words: it may hide a cause.
func (l *Later) Notes() []string {
	if j := l.judge.Load(); j != nil {
		return j.Notes()
	}
	return nil
}
