package probe

import (
	"net/http"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account/httplog"
	"bothways/aws/pair"
	"bothways/probe/cost"
)

// mostConnections are open to a side at a time. One takes some 13 KB, and 700 do
// for 3,500 requests a second over a round trip of 200 ms. Where a side is slower
// than it is asked, requests wait here for their turn: what they wait is before
// they are sent.
const mostConnections = 768

// connectionBuffer is that of a connection, each way, in bytes: the whole of a
// HEAD and of its answer. Contents pass it by.
const connectionBuffer = 2 << 10

// meter is the HTTP client of a run's S3 client. It counts requests by
// operation and keeps them within the run's rate.
type meter struct {
	next  s3.HTTPClient
	side  pair.SideName
	tally *cost.Tally
	limit *limiter
}

// metered returns a client that differs from the given one in nothing but that
// its requests are counted and spaced, and that it keeps enough connections
// open: the SDK closes all but ten idle ones a host, and each new one costs
// two to three round trips that would widen a bracket.
func metered(client *s3.Client, side pair.SideName, counted *cost.Tally, limit *limiter) *s3.Client {
	if client == nil {
		return nil
	}
	return s3.New(client.Options(), func(o *s3.Options) {
		idle := min(max(64, limit.perSecond()), mostConnections)
		enough := func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = 2*idle, idle
			t.MaxConnsPerHost = mostConnections
			t.ReadBufferSize, t.WriteBufferSize = connectionBuffer, connectionBuffer
		}
		switch own := o.HTTPClient.(type) {
		case *awshttp.BuildableClient:
			o.HTTPClient = own.WithTransportOptions(enough)
		case *httplog.Client:
			o.HTTPClient = own.WithTransport(enough)
		}
		o.HTTPClient = &meter{next: o.HTTPClient, side: side, tally: counted, limit: limit}
	})
}

// Do implements s3.HTTPClient.
func (m *meter) Do(request *http.Request) (*http.Response, error) {
	if err := m.limit.enter(request.Context()); err != nil {
		return nil, err
	}
	operation := "HeadObject" // one that is sent again carries no name
	if request.Method != http.MethodHead {
		operation = awsmiddleware.GetOperationName(request.Context())
	}
	m.tally.Request(m.side, operation, request.ContentLength)
	return m.next.Do(request)
}
