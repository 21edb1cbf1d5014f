package drill_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

var errDead = errors.New("this process is dead")

// wire is the way to the sandbox. It numbers the changes of what is no object.
type wire struct {
	next http.RoundTripper

	mu            sync.Mutex
	changes       []string
	before, after func(n int, name string)
	dead          bool
	// meddle carries a request out in place of next; nil: nobody meddles.
	meddle func(r *http.Request, next http.RoundTripper) (*http.Response, error)
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	n, name := w.count(r)
	w.mu.Lock()
	before, after, meddle := w.before, w.after, w.meddle
	w.mu.Unlock()
	if n > 0 && before != nil {
		before(n, name)
	}
	if w.isDead() {
		return nil, errDead
	}
	carry := w.next.RoundTrip
	if meddle != nil {
		carry = func(r *http.Request) (*http.Response, error) { return meddle(r, w.next) }
	}
	response, err := carry(r)
	if n > 0 && after != nil {
		after(n, name)
	}
	if w.isDead() {
		return nil, errDead
	}
	return response, err
}

func (w *wire) isDead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

func (w *wire) die() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
}

// count numbers the calls to IAM, S3 Control and FIS that change something from 1;
// other calls are 0.
func (w *wire) count(r *http.Request) (n int, name string) {
	signed := r.Header.Get("Authorization")
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return 0, ""
	case strings.Contains(signed, "/iam/aws4_request"):
		form, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(form))
		name = string(form)
		if err != nil || strings.Contains(name, "Action=Get") || strings.Contains(name, "Action=List") || strings.Contains(name, "Action=Simulate") {
			return 0, ""
		}
	case strings.Contains(signed, "/fis/aws4_request"), strings.HasPrefix(r.URL.Path, "/v20180820/"):
		name = r.Method + " " + r.URL.Path
	default:
		return 0, ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, name)
	return len(w.changes), name
}

// meddles lets somebody between the process and the sandbox.
func (w *wire) meddles(with func(r *http.Request, next http.RoundTripper) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.meddle = with
}

// reset makes the wire whole again, and returns the changes that it saw.
func (w *wire) reset() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.changes
	w.changes, w.before, w.after, w.dead = nil, nil, nil, false
	return seen
}

// killed runs until change n, and lets nothing more out of the process then, as a
// kill would. It says whether there was a change n.
func (l *lab) killed(n int, after bool, work func(context.Context)) (reached bool) {
	l.wire.reset()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	die := func(call int, _ string) {
		if call == n {
			reached = true
			l.wire.die()
			cancel()
		}
	}
	l.wire.mu.Lock()
	if after {
		l.wire.after = die
	} else {
		l.wire.before = die
	}
	l.wire.mu.Unlock()
	work(ctx)
	l.wire.reset()
	return reached
}
