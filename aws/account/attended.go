package account

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// attended is a provider whose programs end when nobody waits for its credentials
// any more. The SDK gets them once for all who ask, and hides from whatever gets
// them that those are gone.
type attended struct {
	aws.CredentialsProvider

	mu      sync.Mutex
	waiting int
	shared  *retrieval // of those who wait
}

// retrieval is what those who wait for the same credentials have in common.
type retrieval struct {
	wanted context.Context //nolint:containedctx // it ends with the last who waits, and begins with the first
	drop   context.CancelFunc
	busy   sync.Mutex // held while a program runs
}

type retrievalKey struct{}

// IsCredentialsProvider lets the SDK see what is behind.
func (a *attended) IsCredentialsProvider(target aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(a.CredentialsProvider, target)
}

// Retrieve implements aws.CredentialsProvider. The last who gives up returns when
// the program has ended.
func (a *attended) Retrieve(ctx context.Context) (aws.Credentials, error) {
	const again = 100 // the SDK forgets within microseconds what others gave up
	for tries := 0; ; tries++ {
		shared := a.join()
		found, err := a.CredentialsProvider.Retrieve(context.WithValue(ctx, retrievalKey{}, shared))
		a.leave(shared)
		if tries == again || ctx.Err() != nil || !errors.Is(err, context.Canceled) {
			return found, err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func (a *attended) join() *retrieval {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting++; a.waiting == 1 {
		a.shared = &retrieval{}
		a.shared.wanted, a.shared.drop = context.WithCancel(context.Background())
	}
	return a.shared
}

func (a *attended) leave(shared *retrieval) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting--; a.waiting == 0 {
		shared.drop()
		shared.busy.Lock() // until the program has ended
		defer shared.busy.Unlock()
	}
}

// whileWanted is a context that ends when nobody waits any more. The program that
// runs with it calls end when it has ended.
func whileWanted(ctx context.Context) (_ context.Context, end func()) {
	shared, _ := ctx.Value(retrievalKey{}).(*retrieval)
	if shared == nil {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(shared.wanted, cancel)
	shared.busy.Lock()
	return ctx, func() {
		shared.busy.Unlock()
		stop()
		cancel()
	}
}
