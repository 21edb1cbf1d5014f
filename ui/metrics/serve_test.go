package metrics_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/probe/watch"
	"bothways/ui/metrics"
)

// pipes is a listener within the test, in virtual time. What waits to be
// accepted takes nothing of the server's.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9464} }

// dial connects, and waits in the queue.
func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.waiting <- far
	return near, nil
}

// served serves metrics until end is called.
func served(names ...string) (p *pipes, client *http.Client, end func()) {
	p = &pipes{waiting: make(chan net.Conn, 100), closed: make(chan struct{})}
	return p, &http.Client{Transport: &http.Transport{DialContext: p.dial}}, metrics.Serve(p, watch.New(), "v1", names...)
}

// ask is the status of a request for a host.
func ask(t *testing.T, client *http.Client, host string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:9464/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// A page of the web can have its own name resolved to loopback; its browser then
// asks by that name.
func TestOnlyThisComputersNamesAreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client, end := served("box.example")
		defer end()
		for host, want := range map[string]int{
			"127.0.0.1:9464": 200, "127.0.0.1": 200, "localhost:9464": 200, "LOCALHOST.": 200, "[::1]:9464": 200, "box.example:9464": 200,
			"evil.example:9464": 403, "evil.example": 403, "localhost.evil.example:9464": 403, "127.0.0.1.evil.example": 403, "10.1.2.3:9464": 403,
		} {
			if got := ask(t, client, host); got != want {
				t.Errorf("asked for %s it answers %d, want %d", host, got, want)
			}
		}
	})
}

// Whoever opens connections and says nothing takes places for a while, no
// descriptors without end; then others are answered.
func TestSilentConnectionsAreFewAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, client, end := served()
		defer end()
		for range 40 {
			if _, err := p.dial(t.Context(), "", ""); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if open := 40 - len(p.waiting); open > 16 {
			t.Errorf("%d connections are open at a time", open)
		}
		begun := time.Now()
		if got := ask(t, client, ""); got != http.StatusOK || time.Since(begun) > time.Minute {
			t.Errorf("it answers %d after %v", got, time.Since(begun))
		}
	})
}

// Keeping a connection would keep a place.
func TestNobodyKeepsAPlaceAfterAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _, end := served()
		defer end()
		conn, err := p.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if _, err := io.ReadAll(conn); err != nil || time.Since(begun) > time.Second {
			t.Errorf("the connection ends after %v with %v", time.Since(begun), err)
		}
	})
}
