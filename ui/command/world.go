package command

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/aws/sandbox"
)

// world is what a command acts on, and what must be closed after it.
type world struct {
	replication.World
	access account.Access // of side A, for words
	close  func() error
}

// open reaches the pair: in AWS, or in a sandbox of this run's own.
func (a *app) open(ctx context.Context, p pair.Pair) (*world, error) {
	w := &world{World: replication.World{Pair: p, Consent: a.flags.options.consent(), RunID: newRunID()}, close: func() error { return nil }}
	accessA := account.Access{Profile: first(a.flags.profileA, a.flags.profile), Endpoint: a.flags.endpointA}
	accessB := account.Access{Profile: first(a.flags.profileB, a.flags.profile), Endpoint: a.flags.endpointB}
	accessA.Login, accessB.Login = account.NewLogin(askCode(ctx)), account.NewLogin(askCode(ctx))
	if accessB.Profile == accessA.Profile { // then one code does for both sides
		accessB.Login = accessA.Login
	}
	if a.flags.sandbox {
		access, closer, err := a.openSandbox(ctx)
		if err != nil {
			return nil, err
		}
		accessA, accessB, w.close = access, access, closer
	}
	w.access = accessA
	var err error
	if w.A, err = accessA.Open(ctx, p.A.Region); err != nil {
		return nil, err
	}
	if w.B, err = accessB.Open(ctx, p.B.Region); err != nil {
		return nil, err
	}
	return w, nil
}

// openSandbox starts a sandbox that lives until it is closed.
func (a *app) openSandbox(ctx context.Context) (account.Access, func() error, error) {
	box, err := sandbox.New(sandbox.Options{TimeScale: a.flags.timeScale})
	if err != nil {
		return account.Access{}, nil, fmt.Errorf("start the sandbox: %w", err)
	}
	// An interrupted run still cleans up in it, so it ends with its closer alone.
	endpoint, err := box.Listen(context.WithoutCancel(ctx), "127.0.0.1:0")
	if err != nil {
		_ = box.Close() // the first failure is the one to tell
		return account.Access{}, nil, fmt.Errorf("start the sandbox: %w", err)
	}
	key, secret := box.Credentials()
	return account.Access{
		Endpoint:    endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
		Sandbox:     true,
		TimeScale:   a.flags.timeScale,
	}, box.Close, nil
}

// openJournal starts the record of a run. endpoint is the address in force
// where it is not AWS's own.
func (a *app) openJournal(command, runID string, access account.Access, endpoint string) (*journal.Journal, error) {
	var notes []string
	switch {
	case access.Sandbox:
		notes = append(notes, access.Simulation())
	case endpoint != "":
		notes = append(notes, "Measured against "+endpoint+", not against AWS")
	}
	j, err := journal.Create(journal.Folder(a.process.getenv), journal.Opening{
		RunID: runID, Version: version(a.process.Version), Command: command,
		Access: access.Label(), Sandbox: access.Sandbox, Notes: notes, StartedAt: time.Now(),
	})
	a.own.add(j.Path())
	return j, err
}

func newRunID() string { return journal.NewRunID(time.Now(), rand.Uint64()) }

// first is the first value that is not the zero value.
func first[T comparable](values ...T) (found T) {
	for _, v := range values {
		if v != found {
			return v
		}
	}
	return found
}
