package command

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/metrics"
)

// follower reads a run's events for the metrics and the words on how a long
// run stands, on their way to the output.
type follower struct {
	watch *watch.Watch
	every time.Duration
	out   *output

	mu sync.Mutex // events go out one at a time
}

func (f probeFlags) follow(w *watch.Watch, out *output) *follower {
	return &follower{watch: w, every: f.progress, out: out}
}

func (f *follower) emit(e pair.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watch.Take(e)
	f.out.emit(e)
}

// start says now and then how a run without a number of rounds stands, until
// it is stopped.
func (f *follower) start(ctx context.Context, cfg probe.Config) (stop func()) {
	if f.every == 0 || cfg.Rounds > 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(f.every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				for _, e := range f.watch.Progress(time.Now()) {
					f.emit(e)
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return func() { cancel(); done.Wait() }
}

// serveMetrics serves the run's metrics until it is ended.
func (a *app) serveMetrics(ctx context.Context, address string, run *watch.Watch) (end func(), err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve the metrics: %w", err)
	}
	server := &http.Server{
		Handler:           metrics.Handler(run, version(a.process.Version)),
		ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	var done sync.WaitGroup
	done.Go(func() { _ = server.Serve(listener) }) // ends with Close
	a.hint("Metrics: http://" + listener.Addr().String() + "/metrics")
	return func() {
		_ = server.Close()
		done.Wait()
	}, nil
}
