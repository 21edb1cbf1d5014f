package distance

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Link puts a server behind a distance: a request has arrived oneWay after
// its last byte was read, and the answer reaches the client oneWay after it
// was begun. The request that it returns is to be served with the writer that
// it returns, unless an error says that the client is gone.
func Link(w http.ResponseWriter, r *http.Request, oneWay time.Duration) (http.ResponseWriter, *http.Request, error) {
	if oneWay <= 0 {
		return w, r, nil
	}
	l := &link{ctx: r.Context(), oneWay: oneWay}
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		if err := l.arrive(); err != nil {
			return nil, nil, err
		}
	} else {
		far := *r
		far.Body = &farBody{ReadCloser: r.Body, link: l}
		r = &far
	}
	return &farWriter{ResponseWriter: w, link: l}, r, nil
}

type link struct {
	ctx     context.Context
	oneWay  time.Duration
	arrived bool
}

func (l *link) arrive() error {
	if l.arrived {
		return nil
	}
	l.arrived = true
	return Wait(l.ctx, l.oneWay)
}

// farBody ends only when the last byte has had the time to arrive.
type farBody struct {
	io.ReadCloser
	link *link
}

func (b *farBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		if waitErr := b.link.arrive(); waitErr != nil {
			return n, waitErr
		}
	}
	return n, err
}

// farWriter begins the answer only when it has had the time to come back.
type farWriter struct {
	http.ResponseWriter
	link  *link
	begun bool
	gone  error
}

// Unwrap is for http.ResponseController.
func (w *farWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *farWriter) WriteHeader(status int) {
	if w.begun {
		return
	}
	w.begun = true
	if w.gone = w.link.arrive(); w.gone == nil {
		w.gone = Wait(w.link.ctx, w.link.oneWay)
	}
	if w.gone == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *farWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.gone != nil {
		return 0, w.gone
	}
	return w.ResponseWriter.Write(p)
}
