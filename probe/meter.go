package probe

import (
	"net/http"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
)

// meter is the HTTP client of a run's S3 client. It counts requests by
// operation and keeps them within the run's rate.
type meter struct {
	next  s3.HTTPClient
	side  pair.SideName
	tally *tally
	limit *limiter
}

// metered returns a client that differs from the given one in nothing but that
// its requests are counted and spaced, and that it keeps enough connections
// open: the SDK closes all but ten idle ones a host, and each new one costs
// two to three round trips that would widen a bracket.
func metered(client *s3.Client, side pair.SideName, counted *tally, limit *limiter) *s3.Client {
	if client == nil {
		return nil
	}
	return s3.New(client.Options(), func(o *s3.Options) {
		if own, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
			idle := min(max(64, limit.perSecond()), 1024)
			o.HTTPClient = own.WithTransportOptions(func(t *http.Transport) {
				t.MaxIdleConns, t.MaxIdleConnsPerHost = 2*idle, idle
			})
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
	m.tally.request(m.side, operation, request.ContentLength)
	return m.next.Do(request)
}

// tally counts what a run asks of S3.
type tally struct {
	mu         sync.Mutex
	requests   map[pair.SideName]map[string]int64 // by operation
	uploaded   map[pair.SideName]int64            // bytes
	replicated [2]int64                           // bytes, by direction
	replicas   [2]int64                           // PUTs that S3 made for them
}

func newTally() *tally {
	return &tally{
		requests: map[pair.SideName]map[string]int64{pair.A: {}, pair.B: {}},
		uploaded: map[pair.SideName]int64{},
	}
}

func (t *tally) request(side pair.SideName, operation string, bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests[side][operation]++
	if operation == "PutObject" || operation == "UploadPart" {
		t.uploaded[side] += max(bytes, 0)
	}
}

// arrived counts an object that was seen on the other side.
func (t *tally) arrived(d pair.Direction, size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.replicated[d] += size
	t.replicas[d]++ // S3 bills one for each replica (S3 pricing, replication)
}
