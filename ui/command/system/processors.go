package system

import (
	"runtime"
	"sync"
)

// Processors keeps the Go runtime on one processor while no engine runs. The
// renderer's ticker wakes the program fifty times a second even when nothing
// changes, and with several processors each time a second one wakes to look
// for work: with one, an idle console costs about half.
type Processors struct {
	mu   sync.Mutex
	all  int // what the runtime had before
	busy int
}

// RestProcessors begins with rest. The caller ends it with Restore.
func RestProcessors() *Processors {
	return &Processors{all: runtime.GOMAXPROCS(1)}
}

// Take gives an engine all processors until it calls the returned function.
func (p *Processors) Take() (give func()) {
	p.change(1)
	return func() { p.change(-1) }
}

func (p *Processors) change(by int) {
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

// Restore leaves the runtime as it was.
func (p *Processors) Restore() { runtime.GOMAXPROCS(p.all) }
