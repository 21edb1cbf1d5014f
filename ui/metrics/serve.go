package metrics

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"bothways/probe/watch"
)

const (
	// mostConnections are answered at a time; others wait in the system's
	// queue, where they take no file descriptor of the probe's.
	mostConnections = 16
	// slowest is how long a request may take to come, and its answer to go.
	slowest = 5 * time.Second
)

// Serve answers on a listener until end is called. names are hosts that it is
// asked by beside this computer's loopback names and the address that a
// connection came to: a page of the web that has its own name resolved to
// loopback asks by that name (DNS rebinding), and is refused.
func Serve(listener net.Listener, run *watch.Watch, version string, names ...string) (end func()) {
	server := &http.Server{
		Handler:           askedBy(names, Handler(run, version)),
		ReadHeaderTimeout: slowest, ReadTimeout: slowest, WriteTimeout: slowest, IdleTimeout: slowest, MaxHeaderBytes: 16 << 10,
	}
	server.SetKeepAlivesEnabled(false) // so nobody who was answered keeps a place
	var done sync.WaitGroup
	accepting := &bounded{Listener: listener, places: make(chan struct{}, mostConnections), closed: make(chan struct{})}
	done.Go(func() { _ = server.Serve(accepting) }) // ends with Close
	return func() {
		_ = server.Close()
		done.Wait()
	}
}

// askedBy refuses requests for hosts that this is not.
func askedBy(names []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isHere(r.Context(), r.Host, names) {
			http.Error(w, fmt.Sprintf("This is not %q: ask by the address that --metrics was given.", r.Host), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isHere says whether a Host header, with a port or without, means this server.
func isHere(ctx context.Context, host string, names []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	if ip := net.ParseIP(host); ip != nil {
		came, _ := ctx.Value(http.LocalAddrContextKey).(*net.TCPAddr)
		return ip.IsLoopback() || came != nil && came.IP.Equal(ip)
	}
	for _, name := range append([]string{"localhost"}, names...) {
		if name != "" && strings.EqualFold(host, name) {
			return true
		}
	}
	return false
}

// bounded accepts a connection when there is a place for one more.
type bounded struct {
	net.Listener
	places chan struct{}
	once   sync.Once
	closed chan struct{}
}

// Accept implements net.Listener.
func (b *bounded) Accept() (net.Conn, error) {
	select {
	case b.places <- struct{}{}:
	case <-b.closed:
		return nil, net.ErrClosed
	}
	conn, err := b.Listener.Accept()
	if err != nil {
		<-b.places
		return nil, err
	}
	return &placed{Conn: conn, free: sync.OnceFunc(func() { <-b.places })}, nil
}

// Close implements net.Listener.
func (b *bounded) Close() error {
	b.once.Do(func() { close(b.closed) })
	return b.Listener.Close()
}

// placed is a connection that gives its place back.
type placed struct {
	net.Conn
	free func()
}

// Close implements net.Conn.
func (p *placed) Close() error {
	defer p.free()
	return p.Conn.Close()
}
