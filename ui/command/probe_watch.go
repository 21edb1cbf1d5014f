package command

import (
	"context"
	"fmt"
	"net"
	"os"

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
	a.hint("Metrics: http://" + listener.Addr().String() + "/metrics")
	return metrics.Serve(listener, run, version(a.process.Version), namesOf(address, listener.Addr())...), nil
}

// namesOf are what others may ask a server by: the host that its address names,
// and this computer's own name where it listens beyond loopback.
func namesOf(address string, listens net.Addr) []string {
	host, _, _ := net.SplitHostPort(address) // it was listened on
	names := []string{host}
	if at, is := listens.(*net.TCPAddr); is && !at.IP.IsLoopback() {
		if own, err := os.Hostname(); err == nil {
			names = append(names, own)
		}
	}
	return names
}
