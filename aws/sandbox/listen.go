package sandbox

import (
	"context"
	"crypto/tls"
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
	return s.listen(ctx, addr, nil)
}

// ListenTLS is Listen over TLS, with a certificate for the address and for
// localhost that is made for it. authority is what clients have to trust, in
// PEM.
func (s *Sandbox) ListenTLS(ctx context.Context, addr string) (endpoint string, authority []byte, err error) {
	host, _, _ := net.SplitHostPort(addr)
	own, authority, err := certify(host, time.Now())
	if err != nil {
		return "", nil, err
	}
	// S3 speaks HTTP/1.1 alone.
	config := &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	endpoint, err = s.listen(ctx, addr, config)
	return endpoint, authority, err
}

// listen serves over TLS where there is a configuration of it.
func (s *Sandbox) listen(ctx context.Context, addr string, secure *tls.Config) (endpoint string, err error) {
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
	scheme := "http://"
	if secure != nil {
		scheme, listener = "https://", tls.NewListener(listener, secure)
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
	return scheme + listener.Addr().String(), nil
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
