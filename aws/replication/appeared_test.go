package replication_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// ownBucket makes a bucket without our mark where side A's is to be.
func (l *lab) ownBucket(t *testing.T) {
	t.Helper()
	side := l.world.Pair.A
	_, err := l.world.A.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &side.Bucket, CreateBucketConfiguration: locatedIn(side.Region)})
	if err != nil {
		t.Error(err)
	}
}

func TestABucketThatAppearedSinceThePlanIsLeftAsItIs(t *testing.T) {
	for _, when := range []string{"before the run", "before the bucket is made"} {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				proposed := l.setUp(t)
				if when == "before the run" {
					l.ownBucket(t)
				} else {
					made := false
					l.wire.before = func(_ int, r *http.Request) {
						if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, l.world.Pair.A.Bucket) && r.URL.RawQuery == "" && !made {
							made = true
							l.ownBucket(t)
						}
					}
				}
				var events log
				err := plan.Apply(t.Context(), proposed, events.emit)
				if err == nil || !strings.Contains(err.Error(), "it appeared since the plan was made: plan again") {
					t.Errorf("apply: %v", err)
				}
				for _, id := range []string{"versioning-a", "rule-a-to-b", "rule-b-to-a"} {
					if events.last[id] != step.Skipped {
						t.Errorf("%s is %s", id, events.last[id])
					}
				}
				out, err := l.world.A.S3.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: &l.world.Pair.A.Bucket})
				if err != nil || out.Status != "" {
					t.Errorf("its versioning is %q, %v", out.Status, err)
				}
			})
		})
	}
}

func TestABucketWhoseCreationLostItsAnswerIsOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		proposed := l.setUp(t)
		next, lost := l.wire.next, false
		l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(r)
			if err == nil && r.Method == http.MethodPut && r.URL.RawQuery == "" && strings.HasSuffix(r.URL.Path, l.world.Pair.A.Bucket) && !lost {
				lost = true
				return nil, errors.New("connection reset")
			}
			return response, err
		})
		if err := plan.Apply(context.Background(), proposed, (&log{}).emit); err != nil || !lost {
			t.Errorf("apply: %v, lost %t", err, lost)
		}
	})
}

func TestARoleThatIsNotSeenEverywhereYetIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		proposed := l.setUp(t)
		puts, gets := 0, 0
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			form := l.wire.form(r)
			switch {
			case strings.Contains(form, "Action=PutRolePolicy") && puts < 1:
				puts++
			case puts > 0 && strings.Contains(form, "Action=GetRole&") && gets < 2:
				gets++
			default:
				return nil, nil
			}
			return refusal(http.StatusNotFound, "NoSuchEntity"), nil
		}
		if err := plan.Apply(context.Background(), proposed, (&log{}).emit); err != nil || gets < 2 {
			t.Errorf("apply: %v, %d reads missed", err, gets)
		}
	})
}
