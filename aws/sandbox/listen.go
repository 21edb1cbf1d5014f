package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Listen serves the sandbox on an address and returns its endpoint URL. ""
// means a free port of 127.0.0.1; an address without a host means that too.
// An address that other computers can reach is refused with ErrNotLoopback
// unless Options.Exposed allows it. It ends with the context or with Close.
func (s *Sandbox) Listen(ctx context.Context, addr string) (endpoint string, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	if host == "" {
		host = "127.0.0.1"
		addr = net.JoinHostPort(host, port)
	}
	if !s.options.Exposed && !isLoopback(host) {
		return "", fmt.Errorf("listening for the sandbox on %s: %w", addr, ErrNotLoopback)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	// The server's own log would go to the terminal that a console draws on.
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	s.closing.Lock()
	defer s.closing.Unlock()
	select {
	case <-s.closed:
		return "", errors.Join(errClosed, listener.Close())
	default:
	}
	s.listeners = append(s.listeners, server)
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		defer stop()
		// It always ends with an error: that of Close.
		_ = server.Serve(listener)
	}()
	return "http://" + listener.Addr().String(), nil
}

// isLoopback says whether only this computer can reach a host.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// ErrNotLoopback says that other computers could reach an address.
var ErrNotLoopback = errors.New("other computers can reach this address")

var errClosed = errors.New("the sandbox is closed")
