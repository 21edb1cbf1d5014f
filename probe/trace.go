package probe

import (
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// instants are what a request proves: the server did its work after sent and
// before answered. Both are on this process's monotonic clock, and both err to
// the safe side:
//
//   - sent is the moment when the connection was handed to the request, just
//     before its first byte. httptrace's WroteRequest comes from another
//     goroutine and may be recorded after a near server has answered.
//   - answered is the first byte of the answer, or the moment when its header
//     was complete where an informational answer came first (S3 sends 100
//     Continue before it has the body).
//
// A transport that calls no hooks gives the moments around its RoundTrip.
type instants struct {
	mu      sync.Mutex
	seen    exchange
	interim bool
	kept    *repeat // takes the request, to be sent again; or nil
}

// exchange is what was seen of a request and its answer.
type exchange struct {
	sent, answered time.Time
	date           time.Time // the server's, as the answer says; zero where it gave none
	tried          bool      // a request went out at all
}

// option makes one call of an S3 client record its instants. Of several
// attempts the last one counts.
func (i *instants) option(o *s3.Options) {
	o.HTTPClient = timedClient{next: o.HTTPClient, instants: i}
}

func (i *instants) get() exchange {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.seen
}

func (i *instants) update(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

type timedClient struct {
	next     s3.HTTPClient
	instants *instants
}

// Do implements s3.HTTPClient.
func (c timedClient) Do(request *http.Request) (*http.Response, error) {
	i := c.instants
	if i.kept != nil {
		i.kept.keep(request, c.next)
	}
	i.update(func() { i.seen, i.interim = exchange{sent: time.Now(), date: i.seen.date, tried: true}, false })
	trace := &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { i.update(func() { i.seen.sent = time.Now() }) },
		// Not Got100Continue: net/http calls that only for requests whose body
		// it holds back, which the SDK's are not.
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			i.update(func() { i.interim = true })
			return nil
		},
		GotFirstResponseByte: func() { i.update(func() { i.seen.answered = time.Now() }) },
	}
	response, err := c.next.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	now := time.Now()
	if err != nil {
		return response, err
	}
	date, _ := http.ParseTime(response.Header.Get("Date")) // zero where there is none
	i.update(func() {
		if i.seen.answered.IsZero() || i.interim {
			i.seen.answered = now
		}
		i.seen.date = date
	})
	return response, nil
}
