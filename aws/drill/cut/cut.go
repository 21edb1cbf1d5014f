// Package cut is the fault that touches nothing in AWS: this process no longer
// reaches one side. What is written elsewhere goes on, and so does replication.
package cut

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// Patience is how long a client waits for an answer that never comes, as an
// application with usual settings does; Late is by how much slow answers are late.
const (
	Patience = 10 * time.Second
	Late     = 5 * time.Second
)

// Cut is the switch of one side's connections.
type Cut struct {
	side   pair.SideName
	outage record.Outage
	open   atomic.Bool // the fault is on
}

// New returns a cut that is not made yet.
func New(side pair.SideName, outage record.Outage) *Cut { return &Cut{side: side, outage: outage} }

// Through is a client of the side whose requests obey the cut.
func (c *Cut) Through(client *s3.Client) *s3.Client {
	return s3.New(client.Options(), func(o *s3.Options) { o.HTTPClient = &wire{c, o.HTTPClient} })
}

// Check implements drill.Fault.
func (c *Cut) Check(context.Context) ([]record.Finding, error) { return nil, nil }

// Changes implements drill.Fault.
func (c *Cut) Changes() []string { return nil }

// Lines implements drill.Fault.
func (c *Cut) Lines() []string { return nil }

// Begin implements drill.Fault.
func (c *Cut) Begin(context.Context, pair.Emit) error {
	c.open.Store(true)
	return nil
}

// End implements drill.Fault.
func (c *Cut) End(context.Context, pair.Emit) error {
	c.open.Store(false)
	return nil
}

// Remove implements drill.Fault.
func (c *Cut) Remove(context.Context, pair.Emit) error { return nil }

// Left implements drill.Fault.
func (c *Cut) Left(context.Context) ([]string, error) { return nil, nil }

type wire struct {
	cut  *Cut
	next aws.HTTPClient
}

// errBlackHole is what a client says that lost its patience.
var errBlackHole = errors.New("no answer within the client's patience")

// Do implements aws.HTTPClient.
func (w *wire) Do(r *http.Request) (*http.Response, error) {
	if !w.cut.open.Load() {
		return w.next.Do(r)
	}
	host := r.URL.Host
	switch w.cut.outage {
	case record.BlackHole:
		if err := pause(r.Context(), Patience); err != nil {
			return nil, err
		}
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%s: %w (rehearsed)", host, errBlackHole)}
	case record.Slow:
		if err := pause(r.Context(), Late); err != nil {
			return nil, err
		}
		return w.next.Do(r)
	case record.Refused:
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%s: %w (rehearsed)", host, syscall.ECONNREFUSED)}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
