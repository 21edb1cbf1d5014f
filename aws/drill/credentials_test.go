package drill_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/account"
	"bothways/aws/drill/pause"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
)

// Where credentials expire while replication is paused, the end of the pause waits
// for new ones, says so, and takes everything back.
func TestAPauseEndsWithNewCredentialsWhereItsOwnExpire(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		guest := sandbox.User{Name: "guest", AccessKeyID: "AKIAGUESTOFTHEDRILL0", SecretAccessKey: "secret", SessionToken: "token", ExpiresIn: "2m", Administrator: true}
		if err := l.box.AddAccount(sandbox.Account{ID: "000000000000", Users: []sandbox.User{guest}}); err != nil {
			t.Fatal(err)
		}
		key, secret := l.box.Credentials()
		var keys atomic.Pointer[aws.Credentials]
		keys.Store(&aws.Credentials{AccessKeyID: guest.AccessKeyID, SecretAccessKey: guest.SecretAccessKey, SessionToken: guest.SessionToken})
		access := l.access
		access.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return *keys.Load(), nil })
		access.Login = account.NewLogin(nil)
		var err error
		if l.world.A, err = access.Open(t.Context(), testPair.A.Region); err != nil {
			t.Fatal(err)
		}
		if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
			t.Fatal(err)
		}
		fault := pause.New(l.world, l.pauseScope())
		if err := fault.Begin(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Minute) // virtual
		again := time.AfterFunc(2*time.Minute, func() { keys.Store(&aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}) })
		defer again.Stop()
		if err := errors.Join(fault.End(t.Context(), l.emit), fault.Remove(t.Context(), l.emit)); err != nil {
			t.Error(err)
		}
		if left, err := fault.Left(t.Context()); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
		waited := false
		for _, e := range of[step.Event](l) {
			waited = waited || e.Paused
		}
		if !waited {
			t.Error("nobody was told that it waits for credentials")
		}
	})
}
