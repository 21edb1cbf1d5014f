package drill_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// faulty is a lab whose drill of a kind is ready to run, and in which something
// happens as soon as the fault is there.
func faulty(t *testing.T, kind record.Kind, prepare func(*lab)) (l *lab, run func(happens func(*lab)) (record.Result, error)) {
	t.Helper()
	l = metered(t, sandbox.Options{Seed: 3})
	time.Sleep(2 * time.Minute) // virtual; roles are known everywhere
	l.hang("theirs-a", pair.AtoB, func(*cloudwatch.PutMetricAlarmInput) {})
	l.hang("theirs-b", pair.BtoA, func(*cloudwatch.PutMetricAlarmInput) {})
	time.Sleep(3 * time.Minute) // virtual
	if prepare != nil {
		prepare(l)
	}
	scope := l.pauseScope()
	scope.Pair = l.world.Pair
	var cfg drill.Config
	switch kind {
	case record.Cut:
		scope.Kind = kind
		cfg = l.cut(scope)
	case record.Pause:
		cfg = l.paused(scope)
	case record.Alarm:
		cfg = l.alarmed(l.alarmScope())
	case record.Readiness: // makes no fault
	}
	return l, func(happens func(*lab)) (record.Result, error) {
		var once sync.Once
		return drill.Run(t.Context(), cfg, func(e pair.Event) {
			l.emit(e)
			if i, is := e.(record.Instant); is && i.What == record.FaultBegins {
				once.Do(func() { happens(l) })
			}
		})
	}
}

// eachFault is a test of each kind that makes a fault, in virtual time.
func eachFault(t *testing.T, test func(t *testing.T, kind record.Kind)) {
	t.Helper()
	for _, kind := range []record.Kind{record.Cut, record.Pause, record.Alarm} {
		t.Run(string(kind), func(t *testing.T) {
			inTime(t, func(t *testing.T) { test(t, kind) })
		})
	}
}

// Where credentials expire while the fault lasts, a drill waits for new ones, and
// then takes everything back.
func TestADrillWhoseCredentialsExpireTakesEverythingBackWithNewOnes(t *testing.T) {
	eachFault(t, func(t *testing.T, kind record.Kind) {
		guest := sandbox.User{Name: "guest", AccessKeyID: "AKIAGUESTOFTHEDRILL0", SecretAccessKey: "secret", SessionToken: "token", Administrator: true}
		var keys atomic.Pointer[aws.Credentials]
		l, run := faulty(t, kind, func(l *lab) {
			key, secret := l.box.Credentials()
			keys.Store(&aws.Credentials{AccessKeyID: key, SecretAccessKey: secret})
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
		})
		mine := *keys.Load()
		result, err := run(func(l *lab) {
			guest.ExpiresIn = "1s"
			if err := l.box.AddAccount(sandbox.Account{ID: "000000000000", Users: []sandbox.User{guest}}); err != nil {
				t.Error(err)
			}
			keys.Store(&aws.Credentials{AccessKeyID: guest.AccessKeyID, SecretAccessKey: guest.SecretAccessKey, SessionToken: guest.SessionToken})
			time.AfterFunc(2*time.Minute, func() { keys.Store(&mine) })
		})
		if result.Verdict != record.Passed || result.Undo != record.Complete || len(result.Left) > 0 {
			t.Errorf("got %+v, %v", result, err)
		}
		l.nothingLeft()
	})
}

// Where the network of a side goes while the fault lasts and comes back, everything
// is taken back; where it stays away, what may be left is named.
func TestADrillWhoseNetworkGoesOnOneSideNamesWhatItLeft(t *testing.T) {
	for _, back := range []bool{true, false} {
		eachFault(t, func(t *testing.T, kind record.Kind) {
			if kind == record.Pause && !back {
				return // has a test of its own, with the next undo
			}
			var gone atomic.Bool
			l, run := faulty(t, kind, nil)
			l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				if gone.Load() && strings.Contains(r.Header.Get("Authorization"), "/"+testPair.B.Region+"/") {
					return nil, errors.New("no route to host")
				}
				return next.RoundTrip(r)
			})
			result, err := run(func(*lab) {
				gone.Store(true)
				if back {
					time.AfterFunc(time.Minute, func() { gone.Store(false) })
				}
			})
			if back != (result.Undo == record.Complete) || back != (len(result.Left) == 0) {
				t.Errorf("the network comes back: %t; got %+v, %v", back, result, err)
			}
			if back {
				l.nothingLeft()
			}
		})
	}
}

// Who changes a configuration while the fault lasts keeps what was written, and is
// told of.
func TestADrillBesideWhichSomebodyChangesAConfigurationNamesIt(t *testing.T) {
	eachFault(t, func(t *testing.T, kind record.Kind) {
		l, run := faulty(t, kind, nil)
		var theirs string
		result, err := run(func(l *lab) {
			now, err := survey.ReadConfiguration(t.Context(), l.world.A.S3, testPair.A.Bucket, "000000000000")
			if err != nil {
				t.Error(err)
				return
			}
			now.Whole.Rules[0].Priority = aws.Int32(99)
			theirs = wanted.Canonical(now.Whole)
			if _, err := l.world.A.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: now.Whole}); err != nil {
				t.Error(err)
			}
		})
		if result.Undo != record.Incomplete || len(result.Left) > 0 {
			t.Errorf("got %+v, %v", result, err)
		}
		if !slices.ContainsFunc(of[record.Finding](l), func(f record.Finding) bool {
			return strings.Contains(f.Text, "side A") && strings.Contains(f.Text, "somebody else changed it")
		}) {
			t.Errorf("nobody is told: %+v", of[record.Finding](l))
		}
		now, err := survey.ReadConfiguration(t.Context(), l.world.A.S3, testPair.A.Bucket, "000000000000")
		if err != nil || wanted.Canonical(now.Whole) != theirs {
			t.Errorf("it reads %s, %v", wanted.Canonical(now.Whole), err)
		}
		l.nothingLeft()
	})
}
