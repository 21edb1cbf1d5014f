package replication_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
)

var errDead = errors.New("this process is dead")

// killed carries a plan out until change n, and then lets nothing more out of
// the process, as a kill would: before the change, or after it took effect but
// before its answer was heard. It says whether there was a change n.
func (l *lab) killed(proposed plan.Plan, n int, after bool) (reached bool) {
	return l.killedIn(n, after, func(ctx context.Context) { _ = plan.Apply(ctx, proposed, (&log{}).emit) }) // a dead run says nothing
}

// killedIn is killed for any work.
func (l *lab) killedIn(n int, after bool, work func(context.Context)) (reached bool) {
	l.wire.reset()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var dead atomic.Bool
	next := l.wire.next
	l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
		if dead.Load() {
			return nil, errDead
		}
		return next.RoundTrip(r)
	})
	defer func() { l.wire.next = next }()
	die := func(call int, _ *http.Request) {
		if call == n {
			reached = true
			dead.Store(true)
			cancel()
		}
	}
	if after {
		l.wire.after = die
	} else {
		l.wire.before = die
	}
	work(ctx)
	l.wire.reset()
	return reached
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A kill before or after any change of any plan leaves something that the next
// run of the same kind completes, and that a tear-down takes down whole.
func TestARunKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	applied := func(t *testing.T, l *lab) { t.Helper(); apply(t, l.setUp(t), step.Done) }
	for _, c := range []struct {
		name    string
		spreads time.Duration // how long IAM takes to spread a change
		prepare func(*testing.T, *lab)
		plan    func(*testing.T, *lab) plan.Plan
		whole   func(*testing.T, *lab) // what holds after the next run
		least   int
	}{
		{
			"set-up", 0, func(*testing.T, *lab) {},
			func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.setUp(t) }, checkWhole, 12,
		},
		{
			"set-up while IAM is slow", 20 * time.Second, func(*testing.T, *lab) {},
			func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.setUp(t) }, checkWhole, 12,
		},
		{
			"tear-down", 0, applied,
			func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.tearDown(t, true) }, checkNothing, 8,
		},
		{
			"undo", 0, applied,
			func(t *testing.T, l *lab) plan.Plan {
				t.Helper()
				made := plan.SetUp(l.survey(t))
				statuses := map[string]step.Status{}
				for i := range made.Steps {
					made.Steps[i].Change = step.Create // by the run that is undone
					statuses[made.Steps[i].ID] = step.Done
				}
				return plan.Undo(l.survey(t), made, statuses)
			}, checkNothing, 8,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kills := 0
			for _, after := range []bool{false, true} {
				for n := 1; ; n += stride {
					reached := false
					synctest.Test(t, func(t *testing.T) {
						l := newLabIn(t, testPair, sandbox.Options{Seed: 7, Dir: t.TempDir(), Propagation: c.spreads})
						c.prepare(t, l)
						reached = l.killed(c.plan(t, l), n, after)
						again := l.world
						again.RunID = "again"
						l.world = again
						if err := plan.Apply(t.Context(), c.plan(t, l), (&log{}).emit); err != nil {
							t.Fatalf("killed at change %d (after it: %t), then run again: %v", n, after, err)
						}
						c.whole(t, l)
						if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
							t.Fatalf("killed at change %d (after it: %t), then taken down: %v", n, after, err)
						}
						checkNothing(t, l)
					})
					if !reached {
						break
					}
					kills += stride
				}
			}
			if kills < 2*c.least {
				t.Errorf("only %d kills were tried", kills)
			}
		})
	}
}

// checkNothing wants nothing of ours to be left.
func checkNothing(t *testing.T, l *lab) {
	t.Helper()
	buckets, err := l.world.A.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil || len(buckets.Buckets) > 0 {
		t.Errorf("%d buckets are left, %v", len(buckets.Buckets), err)
	}
	roles, err := l.world.A.IAM.ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil || len(roles.Roles) > 0 {
		t.Errorf("%d roles are left, %v", len(roles.Roles), err)
	}
}
