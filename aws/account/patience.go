package account

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"bothways/aws/apierror"
)

// Patience lets the calls made with its context outlive their credentials: a
// call that fails because they have expired waits until there are new ones,
// and is made again. It counts the time so spent, which is nobody's fault.
type Patience struct {
	tell func(Wait)

	mu      sync.Mutex
	holders int
	since   time.Time
	total   time.Duration
}

// Wait is news of a call that waits for new credentials.
type Wait struct {
	Paused  bool   // it waits; otherwise it goes on
	News    string // what is being waited for, in words
	Profile string // whose login that is, or ""
}

type patienceKey struct{}

// WithPatience returns a context whose calls wait for new credentials. tell
// hears what is being waited for, and when the wait is over.
func WithPatience(ctx context.Context, tell func(Wait)) context.Context {
	return context.WithValue(ctx, patienceKey{}, &Patience{tell: tell})
}

// Waited is how long calls with this context have waited for credentials.
func Waited(ctx context.Context) time.Duration {
	p := patienceOf(ctx)
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holders > 0 {
		return p.total + time.Since(p.since)
	}
	return p.total
}

func patienceOf(ctx context.Context) *Patience {
	p, _ := ctx.Value(patienceKey{}).(*Patience)
	return p
}

// hold stops the clock until the function that it returns is called.
func (p *Patience) hold() (release func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.holders++; p.holders == 1 {
		p.since = time.Now()
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.holders--; p.holders == 0 {
			p.total += time.Since(p.since)
		}
	}
}

// Expired says whether a call failed because the credentials are no longer
// good, so that a new login helps. The answer to a HEAD has no body to say so:
// where S3 answers one with a bare 400, STS is asked.
func (c *Clients) Expired(ctx context.Context, err error) bool {
	switch {
	case err == nil || ctx.Err() != nil:
		return false
	case signedOut(err):
		return true
	case apierror.StatusCode(err) == http.StatusBadRequest && apierror.Code(err) == "BadRequest":
		_, asked := c.Identify(context.WithValue(ctx, patienceKey{}, (*Patience)(nil)))
		return asked != nil && signedOut(asked)
	}
	return false
}

// Renew reads the credentials anew, once, for all clients of the same login.
// It returns nil when AWS accepts them; see Hopeless for the other answers.
func (c *Clients) Renew(ctx context.Context) error {
	_, generation := c.login.now()
	return c.login.renew(ctx, generation)
}

// outlive is the middleware in front of every call of a client.
type outlive struct{ clients *Clients }

// ID implements middleware.InitializeMiddleware.
func (outlive) ID() string { return "bothways:outliveCredentials" }

func (m outlive) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(m, middleware.Before) //nolint:misspell // the SDK spells it so
}

// HandleInitialize makes the call again after a new login, where its context
// is patient. What the service refuses with the same words after a login that
// STS accepted is refused for another reason, unless it says that it is a
// matter of time.
func (m outlive) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	patience := patienceOf(ctx)
	if patience == nil {
		return next.HandleInitialize(ctx, in)
	}
	again := rewinder(in.Parameters)
	for renewed := false; ; renewed = true {
		_, generation := m.clients.login.now()
		out, metadata, err := next.HandleInitialize(ctx, in)
		if !m.clients.Expired(ctx, err) || Hopeless(err) || renewed && !apierror.Expired(err) {
			return out, metadata, err
		}
		if wait := m.pause(ctx, patience, generation, renewed); wait != nil {
			return out, metadata, wait
		}
		if err := again(); err != nil {
			return out, metadata, err
		}
	}
}

func (m outlive) pause(ctx context.Context, patience *Patience, seen int, renewed bool) error {
	defer patience.hold()()
	if renewed { // STS and the service don't agree yet
		select {
		case <-time.After(renewPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	told := false
	err := m.clients.login.await(context.WithValue(ctx, patienceKey{}, (*Patience)(nil)), seen, func(wait Wait) {
		told = true
		patience.tell(wait)
	})
	if err == nil && told {
		patience.tell(Wait{News: "The credentials are good again."})
	}
	return err
}

// rewinder returns what puts a call's body back to where it was.
func rewinder(input any) func() error {
	put, ok := input.(*s3.PutObjectInput)
	if !ok {
		return func() error { return nil }
	}
	body, ok := put.Body.(io.Seeker)
	if !ok {
		return func() error { return nil }
	}
	at, err := body.Seek(0, io.SeekCurrent)
	return func() error {
		if err != nil {
			return err
		}
		_, err := body.Seek(at, io.SeekStart)
		return err
	}
}
