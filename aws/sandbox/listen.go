package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Listen serves the sandbox on an address and returns its endpoint URL. ""
// means a free port of 127.0.0.1; an address without a host means that too.
// It ends with the context or with Close.
func (s *Sandbox) Listen(ctx context.Context, addr string) (endpoint string, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	if host == "" {
		addr = net.JoinHostPort("127.0.0.1", port)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
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

var errClosed = errors.New("the sandbox is closed")
