package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// Transport returns an http.RoundTripper that serves requests in this
// process. It works inside a testing/synctest bubble, ends with the request's
// context and calls the hooks of httptrace: GotConn, WroteRequest once the
// body is consumed, GotFirstResponseByte.
func (s *Sandbox) Transport() http.RoundTripper { return &transport{s} }

type transport struct{ sandbox *Sandbox }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(out *http.Request) (*http.Response, error) {
	ctx := out.Context()
	select {
	case <-t.sandbox.closed:
		closeBody(out)
		return nil, errClosed
	case <-ctx.Done():
		closeBody(out)
		return nil, ctx.Err()
	default:
	}
	trace := httptrace.ContextClientTrace(ctx)
	if trace == nil {
		trace = &httptrace.ClientTrace{}
	}
	if trace.GetConn != nil {
		trace.GetConn(out.URL.Host)
	}
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{Conn: conn{}, Reused: true})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	e := &exchange{
		request: out, trace: trace, ctx: ctx, cancel: cancel,
		header: http.Header{}, answered: make(chan struct{}),
	}
	in := t.incoming(ctx, e, out)
	go e.serve(t.sandbox, in)
	select {
	case <-e.answered:
	case <-ctx.Done():
		e.abandon(ctx.Err())
		return nil, context.Cause(ctx)
	case <-t.sandbox.closed:
		cancel(errClosed)
		e.abandon(errClosed)
		return nil, errClosed
	}
	return e.response()
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// incoming is the request as a server sees it.
func (t *transport) incoming(ctx context.Context, e *exchange, out *http.Request) *http.Request {
	in := out.Clone(ctx)
	in.RequestURI = out.URL.RequestURI()
	in.RemoteAddr = conn{}.RemoteAddr().String()
	if in.Host == "" {
		in.Host = out.URL.Host
	}
	if out.URL.Scheme == "https" {
		// What a policy on aws:SecureTransport asks for: nobody can listen in.
		in.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
	}
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if out.Body == nil || out.Body == http.NoBody {
		in.Body, in.ContentLength = http.NoBody, 0
		e.wrote(nil)
		return in
	}
	if in.ContentLength == 0 {
		in.ContentLength = -1 // a body of unknown length
	}
	in.Body = &sentBody{exchange: e, body: out.Body, left: in.ContentLength}
	return in
}

// exchange is one request and its answer.
type exchange struct {
	request *http.Request
	trace   *httptrace.ClientTrace
	ctx     context.Context
	cancel  context.CancelCauseFunc

	written sync.Once // WroteRequest was called

	header   http.Header
	status   int
	sent     http.Header // as of WriteHeader
	buffer   bytes.Buffer
	pipe     *io.PipeWriter // once the answer outgrew the buffer
	body     io.ReadCloser
	failure  error
	begun    sync.Once
	answered chan struct{}
}

// maxBuffered is the size in bytes up to which an answer is handed over whole.
const maxBuffered = 64 << 10

func (e *exchange) wrote(err error) {
	e.written.Do(func() {
		if e.trace.WroteRequest != nil {
			e.trace.WroteRequest(httptrace.WroteRequestInfo{Err: err})
		}
	})
}

// serve runs the handler to its end.
func (e *exchange) serve(handler http.Handler, in *http.Request) {
	var failure error
	func() {
		defer func() {
			if p := recover(); p != nil {
				failure = io.ErrUnexpectedEOF
				var lost *lostConnectionError
				switch aborted, ok := p.(error); {
				case ok && errors.As(aborted, &lost):
					failure = lost.cause
				case !ok || !errors.Is(aborted, http.ErrAbortHandler):
					failure = fmt.Errorf("the sandbox failed: %v", p)
				}
			}
		}()
		handler.ServeHTTP(&answerWriter{e}, in)
	}()
	if e.ctx.Err() != nil && (failure == nil || errors.Is(failure, io.ErrUnexpectedEOF)) {
		failure = context.Cause(e.ctx)
	}
	_ = in.Body.Close()
	e.wrote(failure)
	if e.pipe != nil {
		_ = e.pipe.CloseWithError(failure)
		return
	}
	e.begun.Do(func() {
		e.failure = failure
		e.body = io.NopCloser(bytes.NewReader(e.buffer.Bytes()))
		close(e.answered)
	})
}

// abandon is called when nobody waits for the answer any more. Closing the
// body frees a handler that waits for more of it.
func (e *exchange) abandon(err error) {
	e.cancel(err)
	e.wrote(err)
	closeBody(e.request)
}

// response hands the answer over.
func (e *exchange) response() (*http.Response, error) {
	if e.failure != nil {
		e.cancel(e.failure)
		return nil, e.failure
	}
	if e.trace.GotFirstResponseByte != nil {
		e.trace.GotFirstResponseByte()
	}
	if e.status == 0 {
		e.status, e.sent = http.StatusOK, received(e.header)
	}
	r := &http.Response{
		Status:     fmt.Sprintf("%d %s", e.status, http.StatusText(e.status)),
		StatusCode: e.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: e.sent, Request: e.request, ContentLength: -1,
	}
	if text := e.sent.Get("Content-Length"); text != "" {
		if _, err := fmt.Sscan(text, &r.ContentLength); err != nil {
			return nil, fmt.Errorf("the sandbox's answer has the length %q: %w", text, err)
		}
	} else if e.pipe == nil && e.request.Method != http.MethodHead {
		r.ContentLength = int64(e.buffer.Len())
	}
	r.Body = &answerBody{e.body, e}
	return r, nil
}

// answerBody ends the exchange when it is closed.
type answerBody struct {
	io.ReadCloser
	exchange *exchange
}

func (b *answerBody) Close() error {
	err := b.ReadCloser.Close()
	b.exchange.cancel(context.Canceled)
	return err
}

// answerWriter is the handler's side.
type answerWriter struct{ *exchange }

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		if w.header["Date"] == nil {
			w.header["Date"] = []string{time.Now().UTC().Format(http.TimeFormat)}
		}
		w.status, w.sent = status, received(w.header)
	}
}

// received copies the headers of an answer as a client has them after they
// went over a wire: under their canonical names.
func received(header http.Header) http.Header {
	sent := make(http.Header, len(header))
	for name, values := range header {
		name = http.CanonicalHeaderKey(name)
		sent[name] = append(sent[name], values...)
	}
	return sent
}

func (w *answerWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if w.request.Method == http.MethodHead {
		return len(p), nil
	}
	if w.pipe != nil {
		return w.pipe.Write(p)
	}
	w.buffer.Write(p)
	if w.buffer.Len() > maxBuffered {
		if err := w.stream(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// stream begins the answer while the handler still writes it.
func (w *answerWriter) stream() error {
	reader, writer := io.Pipe()
	w.pipe = writer
	context.AfterFunc(w.ctx, func() { _ = writer.CloseWithError(context.Cause(w.ctx)) })
	w.begun.Do(func() {
		w.body = reader
		close(w.answered)
	})
	_, err := writer.Write(w.buffer.Bytes())
	w.buffer = bytes.Buffer{}
	return err
}

// sentBody is the body of a request on its way to the handler. Once the
// client is not waiting any more, nothing is read from it.
type sentBody struct {
	exchange *exchange
	mu       sync.Mutex
	body     io.ReadCloser
	left     int64 // bytes still to come, below 0 if unknown
	closed   bool
}

func (b *sentBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.exchange.ctx.Err(); err != nil || b.closed {
		return 0, errors.Join(io.ErrUnexpectedEOF, err)
	}
	if b.left == 0 {
		b.exchange.wrote(nil)
		return 0, io.EOF
	}
	if b.left > 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.body.Read(p)
	if b.left > 0 {
		b.left -= int64(n)
	}
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && b.left <= 0:
		b.exchange.wrote(nil)
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
		b.exchange.wrote(err)
	default:
		b.exchange.wrote(err)
	}
	return n, err
}

func (b *sentBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	return b.body.Close()
}

// conn stands for the connection that there is not.
type conn struct{ net.Conn }

func (conn) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (conn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (conn) Close() error         { return nil }
