package drill_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/drill"
	"bothways/aws/drill/cut"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/polling"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-drill-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-drill-two"},
	Options: pair.DefaultOptions(),
}

// lab is a sandbox with a pair that replicates, in virtual time.
type lab struct {
	*testing.T
	box    *sandbox.Sandbox
	world  survey.World
	wire   *wire
	access account.Access

	mu     sync.Mutex
	events []pair.Event
}

func newLab(t *testing.T, options sandbox.Options) *lab {
	t.Helper()
	l := newBox(t, options)
	found, err := plan.Look(t.Context(), l.world)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context(), plan.SetUp(found), func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
	return l
}

// newBox is a lab before its pair is set up.
func newBox(t *testing.T, options sandbox.Options) *lab {
	t.Helper()
	options.Dir = t.TempDir()
	box, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{T: t, box: box, wire: &wire{next: box.Transport()}}
	key, secret := box.Credentials()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: l.wire},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	l.access = access
	l.world = survey.World{Pair: testPair, RunID: "20261130-100000-test"}
	if l.world.A, err = access.Open(t.Context(), testPair.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *lab) emit(e pair.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

// scope is a short drill of a kind.
func (l *lab) scope(k record.Kind) record.Scope {
	return record.Scope{
		Drill: "d20261130", Kind: k, Pair: testPair, Lost: pair.A, Outage: record.Refused, Box: 15 * time.Minute,
		Every: 4 * time.Second, Least: 12, Drain: 30 * time.Minute, StartedAt: time.Now(),
	}
}

// config is a drill of which everything is agreed to.
func (l *lab) config(s record.Scope, fault drill.Fault, clients probe.Clients) drill.Config {
	return drill.Config{
		Scope: s, World: l.world, Clients: clients, Fault: fault, Probe: probe.Config{RunID: l.world.RunID, Foreign: true, Pace: polling.Courteous},
		Compare: func(context.Context, record.Moment) (record.Compared, error) {
			return record.Compared{Clean: true, Whole: true}, nil
		},
		Confirm: func(context.Context, drill.Radius) error { return nil },
		Decide:  func(context.Context) (string, error) { return "at once", nil },
	}
}

func (l *lab) cut(s record.Scope) drill.Config {
	fault := cut.New(s.Lost, s.Outage)
	clients := probe.Clients{A: l.world.A.S3, B: l.world.B.S3}
	if s.Lost == pair.A {
		clients.A = fault.Through(clients.A)
	} else {
		clients.B = fault.Through(clients.B)
	}
	return l.config(s, fault, clients)
}

func of[E pair.Event](l *lab) (all []E) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if one, is := e.(E); is {
			all = append(all, one)
		}
	}
	return all
}

// inTime runs a test in virtual time.
func inTime(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}
