package replication_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// guestLab is a lab whose credentials expire, in an account of its own.
func guestLab(t *testing.T, expires time.Duration, access func(box *sandbox.Sandbox, wire *wire) account.Access) *lab {
	t.Helper()
	user := func(name, key string) sandbox.User {
		return sandbox.User{Name: name, AccessKeyID: key, SecretAccessKey: "secret", Administrator: true}
	}
	guest := user("guest", "AKIAGUEST")
	guest.SessionToken, guest.ExpiresIn = "token", expires.String()
	box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir(), Accounts: []sandbox.Account{
		{ID: "111122223333", Users: []sandbox.User{guest, user("owner", "AKIAOWNER")}},
		{ID: "444455556666", Users: []sandbox.User{user("stranger", "AKIASTRANGER")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	l := &lab{box: box, wire: &wire{next: box.Transport()}}
	l.access = access(box, l.wire)
	l.access.Endpoint, l.access.HTTPClient = "http://sandbox.invalid", &http.Client{Transport: l.wire}
	l.access.Login = account.NewLogin(nil)
	l.world = survey.World{Pair: testPair, RunID: "test"}
	if l.world.A, err = l.access.Open(t.Context(), testPair.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = l.access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	guestKeys    = aws.Credentials{AccessKeyID: "AKIAGUEST", SecretAccessKey: "secret", SessionToken: "token"}
	ownerKeys    = aws.Credentials{AccessKeyID: "AKIAOWNER", SecretAccessKey: "secret"}
	strangerKeys = aws.Credentials{AccessKeyID: "AKIASTRANGER", SecretAccessKey: "secret"}
)

// pass lets virtual time go by.
func pass(d time.Duration) { <-time.After(d) }

// changing gives the guest's keys first and others from an instant on.
func changing(then aws.Credentials, after time.Duration) func(*sandbox.Sandbox, *wire) account.Access {
	at := time.Now().Add(after)
	return func(*sandbox.Sandbox, *wire) account.Access {
		return account.Access{Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			if time.Now().Before(at) {
				return guestKeys, nil
			}
			return then, nil
		})}
	}
}

// Whenever credentials expire in a run, it waits for new ones, longer than it
// has patience for anything else, and then ends as if nothing had been.
func TestARunOutlivesItsCredentialsWheneverTheyExpire(t *testing.T) {
	const login = 10 * time.Minute
	paused := 0
	for expires := 1 * time.Second; expires < 9*time.Second; expires += 600 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			l := guestLab(t, expires, changing(ownerKeys, login))
			proposed, err := plan.Look(t.Context(), l.world)
			if err != nil {
				return // they expired before the plan
			}
			start := time.Now()
			var events log
			if err := plan.Apply(t.Context(), plan.SetUp(proposed), events.emit); err != nil {
				t.Fatalf("expiring after %s: %v", expires, err)
			}
			waits, ends := 0, 0
			for _, e := range events.all {
				if e.Paused {
					waits++
				} else if e.Detail == "The credentials are good again." {
					ends++
				}
			}
			if waits > 0 {
				paused++
			}
			if waits != ends || waits > 0 && time.Since(start) < login/2 {
				t.Errorf("expiring after %s: %d waits, %d ends of waits, in %s", expires, waits, ends, time.Since(start))
			}
			pass(login)
			checkWhole(t, l)
			for side, clients := range map[pair.SideName]*account.Clients{pair.A: l.world.A, pair.B: l.world.B} {
				bucket := testPair.Side(side).Bucket
				out, err := clients.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket})
				if err != nil || len(out.Versions) > 0 {
					t.Errorf("expiring after %s: %d canaries are left in %s, %v", expires, len(out.Versions), bucket, err)
				}
			}
			if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
				t.Error(err)
			}
		})
	}
	if paused < 8 {
		t.Errorf("only %d runs had to wait", paused)
	}
}

func TestATearDownOutlivesItsCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The objects of a probe are looked at by HEAD before they are
		// deleted: an expired HEAD must not make them somebody else's.
		l := guestLab(t, time.Minute, changing(ownerKeys, 10*time.Minute))
		first := l.setUp(t)
		whole := first.Changes()
		applyAny(t, first)
		for side, clients := range map[pair.SideName]*account.Clients{pair.A: l.world.A, pair.B: l.world.B} {
			_, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String(testPair.Side(side).Bucket), Key: aws.String(testPair.ProbePrefix() + "old/" + string(side)),
				Metadata: map[string]string{pair.MetadataKey: testPair.ID()},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		proposed := l.tearDown(t, true)
		pass(time.Minute)
		var events log
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		if again := l.setUp(t); again.Changes() != whole {
			t.Errorf("after the tear-down a set-up has %d changes, want %d as before it", again.Changes(), whole)
		}
	})
}

func TestALoginOfAnotherAccountStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := guestLab(t, 2500*time.Millisecond, changing(strangerKeys, time.Minute))
		var events log
		err := plan.Apply(t.Context(), l.setUp(t), events.emit)
		if err == nil || !strings.Contains(err.Error(), "belongs to account 444455556666") {
			t.Errorf("apply says %v", err)
		}
	})
}

func TestCancellingEndsAPauseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := guestLab(t, 2500*time.Millisecond, changing(ownerKeys, time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		var pausedAt atomic.Pointer[time.Time]
		err := plan.Apply(ctx, l.setUp(t), func(e pair.Event) {
			if e.(step.Event).Paused {
				now := time.Now()
				if pausedAt.CompareAndSwap(nil, &now) {
					time.AfterFunc(time.Minute, cancel)
				}
			}
		})
		if err == nil || pausedAt.Load() == nil || time.Since(*pausedAt.Load()) > time.Minute+15*time.Second {
			t.Errorf("apply ends with %v", err)
		}
	})
}

// A profile's file that changes under a run is read again.
func TestNewKeysInTheProfileLetTheRunGoOn(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "credentials")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "config"))
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE"} {
		t.Setenv(name, "")
	}
	write := func(t *testing.T, keys aws.Credentials) {
		t.Helper()
		text := "[work]\naws_access_key_id = " + keys.AccessKeyID + "\naws_secret_access_key = " + keys.SecretAccessKey + "\n"
		if keys.SessionToken != "" {
			text += "aws_session_token = " + keys.SessionToken + "\n"
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		write(t, guestKeys)
		l := guestLab(t, 2500*time.Millisecond, func(*sandbox.Sandbox, *wire) account.Access { return account.Access{Profile: "work"} })
		var told atomic.Value
		err := plan.Apply(t.Context(), l.setUp(t), func(e pair.Event) {
			if step := e.(step.Event); step.Paused && told.CompareAndSwap(nil, step.Detail) {
				time.AfterFunc(20*time.Minute, func() { write(t, ownerKeys) })
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := told.Load().(string); !strings.Contains(text, "profile work") || !strings.Contains(text, "It goes on by itself") {
			t.Errorf("the pause is told as %q", text)
		}
		checkWhole(t, l)
	})
}

func TestKeysOfTheEnvironmentEndTheRunWithWordsInsteadOfAPause(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", guestKeys.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", guestKeys.SecretAccessKey)
	t.Setenv("AWS_SESSION_TOKEN", guestKeys.SessionToken)
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_CA_BUNDLE", "")
	synctest.Test(t, func(t *testing.T) {
		l := guestLab(t, 2500*time.Millisecond, func(*sandbox.Sandbox, *wire) account.Access { return account.Access{} })
		start := time.Now()
		err := plan.Apply(t.Context(), l.setUp(t), func(pair.Event) {})
		if err == nil || !strings.Contains(err.Error(), "the keys come from the environment") || time.Since(start) > time.Minute {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}
