package command

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/sandbox"
)

// reach is the way to both sides, in AWS or in a sandbox of this run's own,
// which lives until it is closed.
func (a *app) reach(ctx context.Context) (access account.Access, closer func(), err error) {
	if a.flags.sandbox {
		access, end, err := a.openSandbox(ctx)
		if err == nil {
			a.hint(access.Simulation() + ".")
		}
		return access, func() { _ = end() }, err // nothing of a sandbox is worth a word after the run
	}
	access = account.Access{Profile: cmp.Or(a.flags.profileA, a.flags.profile), Endpoint: a.flags.endpointA, Login: account.NewLogin(a.askCode(ctx))}
	other := account.Access{Profile: cmp.Or(a.flags.profileB, a.flags.profile), Endpoint: a.flags.endpointB, Login: access.Login}
	if other.Profile != access.Profile { // else one code does for both sides
		other.Login = account.NewLogin(a.askCode(ctx))
	}
	access.Other = &other
	said := access.Overruled()
	if said != "" {
		a.hint("Note: " + said + ".")
	}
	if also := other.Overruled(); also != "" && also != said {
		a.hint("Note: " + also + ".")
	}
	awaited := &account.Awaited{}
	access.Awaited, other.Awaited = awaited, awaited
	a.screen().Awaiting(awaited.Oldest)
	ended := make(chan struct{})
	go a.sayWhatIsAwaited(awaited, ended)
	return access, func() { close(ended) }, nil
}

// openSandbox starts a sandbox that lives until it is closed.
func (a *app) openSandbox(ctx context.Context) (account.Access, func() error, error) {
	box, err := sandbox.New(sandbox.Options{TimeScale: a.flags.simulation.TimeScale, Delays: a.flags.simulation.Law.Law})
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
		TimeScale:   a.flags.simulation.TimeScale,
		Delays:      a.flags.simulation.Law.String(),
	}, box.Close, nil
}

// silence is how long an answer may take without a word, and how long after a
// word there is another.
const silence = 5 * time.Second

// sayWhatIsAwaited tells people which answer a command waits for, where it
// takes long, until ended is closed.
func (a *app) sayWhatIsAwaited(awaited *account.Awaited, ended <-chan struct{}) {
	clock := time.NewTicker(silence)
	defer clock.Stop()
	for {
		select {
		case <-ended:
			return
		case <-clock.C:
		}
		if a.shown != nil { // which says so all the time
			continue
		}
		name, since, waits := awaited.Oldest()
		if waited := time.Since(since); waits && waited >= silence {
			a.complain(fmt.Sprintf("no answer to %s for %s: waiting. Ctrl-C ends it", name, waited.Round(time.Second)))
		}
	}
}
