package drill_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// nothingLies says that no object of the drill is left on either side.
func (l *lab) nothingLies() {
	l.Helper()
	for _, side := range pair.Sides() {
		bucket := testPair.Side(side).Bucket
		out, err := l.world.Clients(side).S3.ListObjectVersions(context.WithoutCancel(l.Context()), &s3.ListObjectVersionsInput{Bucket: &bucket})
		if err != nil {
			l.Fatal(err)
		}
		if n := len(out.Versions) + len(out.DeleteMarkers); n > 0 {
			l.Errorf("%d versions and markers are left in %s", n, bucket)
		}
	}
}

func TestADrillThatIsStoppedPutsEverythingBackFirst(t *testing.T) {
	for _, at := range []record.State{record.Baseline, record.Armed, record.Isolated, record.Draining, record.FailedBack} {
		t.Run(string(at), func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 5})
				ctx, stop := context.WithCancel(t.Context())
				scope := l.scope(record.Cut)
				result, err := drill.Run(ctx, l.cut(scope), func(e pair.Event) {
					l.emit(e)
					if c, is := e.(record.Change); is && c.State == at && !c.Reached {
						stop()
					}
				})
				if !errors.Is(err, context.Canceled) && at.Before(record.Restoring) {
					t.Errorf("the error is %v", err)
				}
				if result.Verdict != record.Stopped || result.Undo != record.Complete {
					t.Errorf("got %+v", result)
				}
				// A replica whose origin was deleted a moment ago may still come.
				for _, left := range result.Left {
					t.Log("left: ", left)
				}
				if len(result.Left) == 0 {
					l.nothingLies()
				}
			})
		})
	}
}

func TestAPairThatIsNotHealthyIsNotDrilled(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 5})
		now, err := l.world.A.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: &testPair.A.Bucket})
		if err != nil {
			t.Fatal(err)
		}
		now.ReplicationConfiguration.Rules[0].Status = types.ReplicationRuleStatusDisabled
		if _, err := l.world.A.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{Bucket: &testPair.A.Bucket, ReplicationConfiguration: now.ReplicationConfiguration}); err != nil {
			t.Fatal(err)
		}
		result, err := drill.Run(t.Context(), l.cut(l.scope(record.Cut)), l.emit)
		if _, is := errors.AsType[*drill.UnhealthyError](err); !is {
			t.Errorf("the error is %v", err)
		}
		if result.Verdict != record.Errored || result.Undo != record.Complete {
			t.Errorf("got %+v", result)
		}
		if written := of[probe.StartedEvent](l); len(written) > 0 {
			t.Errorf("%d canaries were written", len(written))
		}
	})
}

func TestAFaultThatIsNotSeenEndsWithTheTimeBox(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 5})
		clients := probe.Clients{A: l.world.A.S3, B: l.world.B.S3} // the fault reaches nobody
		scope := l.scope(record.Cut)
		scope.Box = 2 * time.Minute
		cfg := l.cut(scope)
		cfg.Clients = clients
		result, err := drill.Run(t.Context(), cfg, l.emit)
		if err == nil {
			t.Error("it says nothing")
		}
		if result.Verdict != record.Stopped || result.Undo != record.Complete {
			t.Errorf("got %+v", result)
		}
	})
}
