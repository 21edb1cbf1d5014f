package replication_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// Only a 404 says that a bucket is not there. Whatever else comes back, nothing
// is made in its place, and what is told is what was seen.
func TestOnlyA404SaysThatABucketIsNotThere(t *testing.T) {
	for name, answer := range map[string]func() (*http.Response, error){
		"refused":           func() (*http.Response, error) { return located(refusal(http.StatusForbidden, "AccessDenied")), nil },
		"refused by a deny": func() (*http.Response, error) { return located(refusal(http.StatusForbidden, "")), nil },
		"out of order":      func() (*http.Response, error) { return refusal(http.StatusServiceUnavailable, "SlowDown"), nil },
		"no answer":         func() (*http.Response, error) { return nil, errors.New("no route to host") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				l.wire.answer = func(r *http.Request) (*http.Response, error) {
					if strings.Contains(r.URL.Path+r.URL.Host, testPair.A.Bucket) && !strings.Contains(r.URL.RawQuery, "Action") {
						return answer()
					}
					return nil, nil
				}
				found, err := plan.Look(context.Background(), l.world)
				if err == nil { // else the command ends with what was seen
					proposed := plan.SetUp(found)
					if len(proposed.Blocked()) == 0 {
						t.Error("the plan may run")
					}
					for _, st := range proposed.Steps {
						if st.Change == step.Create && (st.Side == pair.A || st.Direction != nil && st.Kind == step.KindRule && st.Direction.From() == pair.A) {
							t.Errorf("%s creates what it can't see: %s", st.ID, st.What)
						}
					}
				} else if strings.Contains(err.Error(), "not there") {
					t.Errorf("it says %v", err)
				}
				diagnosis, err := doctor.Examine(context.Background(), l.world, doctor.ExamineOptions{Canaries: true}, func(pair.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				for d, health := range diagnosis.Health {
					if text := health.Detail; strings.Contains(text, "not there") || strings.Contains(text, "no bucket") ||
						!strings.Contains(text, testPair.A.Bucket) {
						t.Errorf("of %s it says %q", d.Arrow(), text)
					}
				}
			})
		})
	}
}

// located is an answer as S3 gives it for a bucket that is there.
func located(r *http.Response) *http.Response {
	r.Header.Set("X-Amz-Bucket-Region", testPair.A.Region)
	return r
}
