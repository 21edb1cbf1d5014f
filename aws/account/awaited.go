package account

import (
	"context"
	"sync"
	"time"

	"github.com/aws/smithy-go/middleware"
)

// Awaited knows which calls have no answer yet, so that somebody who waits can
// be told for what.
type Awaited struct {
	mu    sync.Mutex
	calls map[*call]struct{}
}

type call struct {
	name  string
	since time.Time
}

// Oldest is the call that has waited longest: its service and operation, the
// region, and since when. ok is false while none waits.
func (a *Awaited) Oldest() (name string, since time.Time, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.calls {
		if !ok || c.since.Before(since) {
			name, since, ok = c.name, c.since, true
		}
	}
	return name, since, ok
}

func (a *Awaited) begin(name string) (end func()) {
	c := &call{name: name, since: time.Now()}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.calls == nil {
		a.calls = map[*call]struct{}{}
	}
	a.calls[c] = struct{}{}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.calls, c)
	}
}

// note is the middleware that enters each attempt of a call while it is on the
// wire, so that waiting for somebody's code or a new login isn't counted. Left
// out are calls whose answers come late by nature: uploads, a HEAD that some
// stores hold until the object is whole, and what puts parts together.
type note struct{ in *Awaited }

// ID implements middleware.FinalizeMiddleware.
func (note) ID() string { return "bothways:noteAwaited" }

func (m note) add(stack *middleware.Stack) error {
	return stack.Finalize.Add(m, middleware.After) //nolint:misspell // the SDK spells it so
}

// HandleFinalize implements middleware.FinalizeMiddleware.
func (m note) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	switch operation := middleware.GetOperationName(ctx); operation {
	case "PutObject", "UploadPart", "HeadObject", "CompleteMultipartUpload":
		return next.HandleFinalize(ctx, in)
	default:
		defer m.in.begin(middleware.GetServiceID(ctx) + " " + operation)()
		return next.HandleFinalize(ctx, in)
	}
}
