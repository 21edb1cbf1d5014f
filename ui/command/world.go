package command

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/sandbox"
)

// reach is the way to both sides, in AWS or in a sandbox of this run's own,
// which lives until it is closed.
func (a *app) reach(ctx context.Context) (access account.Access, closer func(), err error) {
	if a.flags.sandbox {
		access, end, err := a.openSandbox(ctx)
		return access, func() { _ = end() }, err // nothing of a sandbox is worth a word after the run
	}
	access = account.Access{Profile: cmp.Or(a.flags.profileA, a.flags.profile), Endpoint: a.flags.endpointA, Login: account.NewLogin(askCode(ctx))}
	other := account.Access{Profile: cmp.Or(a.flags.profileB, a.flags.profile), Endpoint: a.flags.endpointB, Login: access.Login}
	if other.Profile != access.Profile { // else one code does for both sides
		other.Login = account.NewLogin(askCode(ctx))
	}
	access.Other = &other
	return access, func() {}, nil
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
