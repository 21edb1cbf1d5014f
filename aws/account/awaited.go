package account

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
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

// note is the middleware that enters each call, with all its attempts, but for
// those whose answers come late by nature.
type note struct{ in *Awaited }

// ID implements middleware.InitializeMiddleware.
func (note) ID() string { return "bothways:noteAwaited" }

func (m note) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(m, middleware.Before) //nolint:misspell // the SDK spells it so
}

// HandleInitialize implements middleware.InitializeMiddleware.
func (m note) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	switch in.Parameters.(type) {
	case *s3.PutObjectInput, *s3.UploadPartInput: // they take as long as their bodies
		return next.HandleInitialize(ctx, in)
	case *s3.HeadObjectInput: // some stores hold it until the object is whole
		return next.HandleInitialize(ctx, in)
	}
	defer m.in.begin(middleware.GetServiceID(ctx) + " " + middleware.GetOperationName(ctx))()
	return next.HandleInitialize(ctx, in)
}
