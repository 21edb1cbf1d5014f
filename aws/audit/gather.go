package audit

import (
	"context"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/spill"
)

// mostHeld versions of a key are held at once on each side; more go to disk.
const mostHeld = 20_000

// gathered is all that one side has of a key.
type gathered struct {
	few     []difference.Entry
	many    *spill.File       // instead of few, where there are too many
	current *difference.Entry // the latest, or nil
}

// take gathers all entries of a key, over as many pages as they take.
func (l *lane) take(ctx context.Context, key, dir string) (*gathered, error) {
	g := &gathered{}
	for {
		head, more, err := l.head(ctx)
		if err != nil || !more || string(head) != key {
			return g, err
		}
		n, _ := l.here()
		for i := l.at; i < l.at+n; i++ {
			if err := g.add(l.page.Entry(i), dir); err != nil {
				return g, err
			}
		}
		l.at += n
	}
}

// pass passes over all entries of a key.
func (l *lane) pass(ctx context.Context, key string) error {
	for {
		head, more, err := l.head(ctx)
		if err != nil || !more || string(head) != key {
			return err
		}
		n, _ := l.here()
		l.at += n
	}
}

func (g *gathered) add(e difference.Entry, dir string) error {
	if e.Latest {
		g.current = &e
	}
	if g.many != nil {
		return g.many.Add(&e)
	}
	if g.few = append(g.few, e); len(g.few) <= mostHeld {
		return nil
	}
	return g.toDisk(dir)
}

// toDisk puts what is held on disk.
func (g *gathered) toDisk(dir string) (err error) {
	if g.many != nil {
		return nil
	}
	if g.many, err = spill.New(dir); err != nil {
		return err
	}
	for i := range g.few {
		if err := g.many.Add(&g.few[i]); err != nil {
			return err
		}
	}
	g.few = nil
	return nil
}

func (g *gathered) close() {
	if g.many != nil {
		_ = g.many.Close() // nothing of it is needed any more
	}
}
