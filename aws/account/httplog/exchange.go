package httplog

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// exchange is a request that went out, and what is known of it.
type exchange struct {
	log                *Log
	about              []slog.Attr
	begun              time.Time
	service, operation string
	secrets            []string // of this request
}

// send tells that a request goes out.
func (l *Log) send(ctx context.Context, request *http.Request) *exchange {
	e := &exchange{log: l, begun: time.Now(), secrets: secretsOf(request)}
	e.service, e.operation = operation(ctx, request)
	e.about = []slog.Attr{
		slog.Int64("n", l.last.Add(1)), slog.String("service", e.service), slog.String("operation", e.operation),
		slog.String("method", request.Method), slog.String("host", request.URL.Host), slog.String("path", e.path(request)),
	}
	add := func(name, value string) {
		if value != "" {
			e.about = append(e.about, slog.String(name, value))
		}
	}
	add("query", query(request.URL.Query()))
	// "attempt=1; max=3", by which the SDK tells the service of its retries.
	add("attempt", request.Header.Get("Amz-Sdk-Request"))
	add("call", request.Header.Get("Amz-Sdk-Invocation-Id")) // the same for all attempts
	e.tell("request", slog.Int64("bytes", request.ContentLength))
	return e
}

func (e *exchange) tell(what string, more ...slog.Attr) {
	e.log.out.LogAttrs(context.Background(), slog.LevelInfo, what, append(e.about[:len(e.about):len(e.about)], more...)...)
}

// answered tells of the answer: at once where it has no body, and where it has one
// as soon as that was read.
func (e *exchange) answered(response *http.Response, err error) {
	first := time.Since(e.begun)
	if err != nil || response == nil {
		e.tell("answer", milliseconds("ms", first), slog.String("error", e.clean(e.reason(err))))
		return
	}
	known := []slog.Attr{slog.Int("status", response.StatusCode), milliseconds("first_byte_ms", first)}
	for _, id := range []struct{ name, value string }{
		{"request_id", cmp.Or(response.Header.Get("X-Amz-Request-Id"), response.Header.Get("X-Amzn-Requestid"))},
		{"id_2", response.Header.Get("X-Amz-Id-2")},
	} {
		if id.value != "" {
			known = append(known, slog.String(id.name, e.without(id.value)))
		}
	}
	if response.Body == nil || response.Body == http.NoBody {
		e.tell("answer", append(known, milliseconds("ms", first), slog.Int64("bytes", 0))...)
		return
	}
	response.Body = &body{from: response.Body, of: e, known: known, failed: response.StatusCode >= 300 && bodies(e.service, e.operation)}
}

// reason is why there is no answer. That of net/http quotes the whole address.
func (*exchange) reason(err error) string {
	if err == nil {
		return "no answer"
	}
	if asked, is := errors.AsType[*url.Error](err); is {
		return strings.ToLower(asked.Op) + ": " + asked.Err.Error()
	}
	return err.Error()
}

func milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Float64(name, float64(d.Round(time.Microsecond))/float64(time.Millisecond))
}

// errorRead is how much of an error's body is kept to be cleaned, in bytes, and
// errorTold how much is told of it. What is cut off in the middle can't be known
// again, so that more is cleaned than told.
const (
	errorRead = 64 << 10
	errorTold = 2 << 10
)

// body is an answer's body that tells of itself once, when it was read or is closed.
type body struct {
	from   io.ReadCloser
	of     *exchange
	known  []slog.Attr
	failed bool // what it says is told
	kept   []byte
	bytes  int64
	once   sync.Once
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.bytes += int64(n)
	if b.failed {
		b.kept = append(b.kept, p[:min(n, errorRead-len(b.kept))]...)
	}
	if err != nil {
		b.tell(err)
	}
	return n, err
}

// Close implements io.Closer.
func (b *body) Close() error {
	err := b.from.Close()
	b.tell(nil)
	return err
}

func (b *body) tell(err error) {
	b.once.Do(func() {
		known := append(b.known, milliseconds("ms", time.Since(b.of.begun)), slog.Int64("bytes", b.bytes))
		if err != nil && !errors.Is(err, io.EOF) {
			known = append(known, slog.String("error", b.of.clean(b.of.reason(err))))
		}
		if len(b.kept) > 0 {
			text := b.of.clean(string(b.kept))
			if len(text) > errorTold {
				text = text[:errorTold] + " [cut]"
			}
			known = append(known, slog.String("says", text))
		}
		b.of.tell("answer", known...)
	})
}
