package command

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"bothways/probe/watch"
	"bothways/ui/metrics"
)

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
