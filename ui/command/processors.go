package command

import (
	"runtime"
	"sync"
)

// processors keeps the Go runtime on one processor while no engine runs. The
// renderer's ticker wakes the program fifty times a second even when nothing
// changes, and with several processors each time a second one wakes to look
// for work: with one, an idle console costs about half.
type processors struct {
	mu   sync.Mutex
	all  int // what the runtime had before
	busy int
}

// restProcessors begins with rest. The caller ends it with restore.
func restProcessors() *processors {
	return &processors{all: runtime.GOMAXPROCS(1)}
}

// take gives an engine all processors until it calls the returned function.
func (p *processors) take() (give func()) {
	p.change(1)
	return func() { p.change(-1) }
}

func (p *processors) change(by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy += by
	want := 1
	if p.busy > 0 {
		want = p.all
	}
	if runtime.GOMAXPROCS(0) != want {
		runtime.GOMAXPROCS(want)
	}
}

// restore leaves the runtime as it was.
func (p *processors) restore() { runtime.GOMAXPROCS(p.all) }
