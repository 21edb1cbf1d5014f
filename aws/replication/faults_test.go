package replication_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// refusal is an answer of S3 or IAM that refuses a call.
func refusal(status int, code string) *http.Response {
	// S3 has them in the root, IAM and STS inside an Error of it.
	words := `<Code>` + code + `</Code><Message>not yet</Message>`
	body := `<?xml version="1.0"?><Error>` + words + `<Error>` + words + `</Error></Error>`
	if status == http.StatusNotFound && strings.HasPrefix(code, "NoSuchEntity") {
		body = `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>not yet</Message></Error></ErrorResponse>`
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"text/xml"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// What a plan has just made may not be seen everywhere at once: each such
// answer must be waited out.
func TestWhatIsNotSeenYetIsWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		matches func(r *http.Request, form string) bool
		status  int
		code    string
	}{
		"the bucket when versioning is switched on": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodPut && r.URL.Query().Has("versioning")
		}, 404, "NoSuchBucket"},
		"the bucket when the rule is read": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodGet && r.URL.Query().Has("replication")
		}, 404, "NoSuchBucket"},
		"the bucket when the rule is written": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodPut && r.URL.Query().Has("replication")
		}, 404, "NoSuchBucket"},
		"versioning of the destination": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodPut && r.URL.Query().Has("replication")
		}, 400, "InvalidRequest"},
		"the role when its policy is written": {func(_ *http.Request, form string) bool {
			return strings.Contains(form, "Action=PutRolePolicy")
		}, 404, "NoSuchEntity"},
		"the right to pass the role": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodPut && r.URL.Query().Has("replication")
		}, 403, "AccessDenied"},
		"the canary at its origin": {func(r *http.Request, _ string) bool {
			return r.Method == http.MethodHead && strings.Contains(r.URL.Path, "/canary/") && strings.Contains(r.URL.Path, "a-to-b")
		}, 404, "NotFound"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				plan := l.setUp(t)
				left := 2
				l.wire.answer = func(r *http.Request) (*http.Response, error) {
					if left == 0 || !c.matches(r, l.wire.form(r)) {
						return nil, nil
					}
					left--
					response := refusal(c.status, c.code)
					if c.code == "InvalidRequest" {
						response = refusal(c.status, c.code)
						response.Body = io.NopCloser(strings.NewReader(`<Error><Code>InvalidRequest</Code><Message>Destination bucket must have versioning enabled.</Message></Error>`))
						response.ContentLength = -1
					}
					return response, nil
				}
				apply(t, plan, step.Done)
				if left != 0 {
					t.Errorf("%d refusals were never met", left)
				}
			})
		})
	}
}

func TestACanaryOutlivesALostConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		plan := l.setUp(t)
		var down time.Time
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodHead || !strings.Contains(r.URL.Path, "/canary/") {
				return nil, nil
			}
			if down.IsZero() {
				down = time.Now()
			}
			if time.Since(down) < 3*time.Minute {
				return nil, &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
			}
			return nil, nil
		}
		apply(t, plan, step.Done)
	})
}

func TestACanaryWhoseAnswerIsLostIsFoundAndRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		proposed := l.setUp(t)
		l.wire.reset()
		ctx, cancel := context.WithCancel(t.Context())
		l.wire.after = func(_ int, r *http.Request) {
			if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/canary/") {
				cancel()
			}
		}
		if err := plan.Apply(ctx, proposed, (&log{}).emit); !errors.Is(err, context.Canceled) {
			t.Fatalf("apply says %v", err)
		}
		l.wire.reset()
		for _, side := range []struct {
			client *s3.Client
			bucket string
		}{{l.world.A.S3, testPair.A.Bucket}, {l.world.B.S3, testPair.B.Bucket}} {
			out, err := side.client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &side.bucket})
			if err != nil || len(out.Versions) > 0 {
				t.Errorf("%s holds %d canaries, %v", side.bucket, len(out.Versions), err)
			}
		}
	})
}

func TestAStepThatNeedsNothingNeverChangesAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		proposed := l.setUp(t)
		if _, err := l.world.A.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)}); err != nil {
			t.Fatal(err)
		}
		l.wire.reset()
		err := plan.Apply(t.Context(), proposed, (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), "plan again") {
			t.Errorf("apply says %v", err)
		}
		if calls := l.wire.reset(); len(calls) > 0 {
			t.Errorf("a plan without changes changed something: %s", calls)
		}
	})
}

func TestATearDownThatCannotReadASideTakesNothingDown(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, *lab){
		"the region is wrong": func(t *testing.T, l *lab) {
			wrong := l.world.Pair
			wrong.A.Region = "eu-west-2"
			l.rename(t, wrong)
		},
		"the side refuses": func(_ *testing.T, l *lab) {
			l.wire.answer = func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodHead && strings.Contains(r.URL.Path, testPair.A.Bucket) {
					response := refusal(http.StatusForbidden, "AccessDenied")
					response.Header.Set("x-amz-bucket-region", testPair.A.Region)
					return response, nil
				}
				return nil, nil
			}
		},
		"a name is misspelt": func(t *testing.T, l *lab) {
			misspelt := l.world.Pair
			misspelt.A.Bucket += "x"
			l.rename(t, misspelt)
		},
		"the prefix is another": func(t *testing.T, l *lab) {
			other := l.world.Pair
			other.Options.Prefix = "logs/"
			l.rename(t, other)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				apply(t, l.setUp(t), step.Done)
				l.wire.reset()
				spoil(t, l)
				plan := l.tearDown(t, true)
				if len(plan.Blocked()) == 0 || len(plan.Steps) > 0 {
					t.Errorf("the plan has %d steps and the findings %v", len(plan.Steps), plan.Findings)
				}
				l.refused(t, plan)
			})
		})
	}
}

func TestARoleThatSomebodysRuleUsesIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		out, err := l.world.A.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)})
		if err != nil {
			t.Fatal(err)
		}
		out.ReplicationConfiguration.Rules[0].ID = aws.String("production")
		adopt := &s3.PutBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: out.ReplicationConfiguration}
		if _, err := l.world.A.S3.PutBucketReplication(t.Context(), adopt); err != nil {
			t.Fatal(err)
		}
		plan := l.tearDown(t, false)
		if len(plan.Blocked()) != 1 || !strings.Contains(plan.Blocked()[0].Title, "production") {
			t.Errorf("the findings are %v", plan.Findings)
		}
	})
}

func TestTheRequestOfARoleThatIsPutRightIsTheOneSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		changed := testPair
		changed.Options.Prefix = "logs/"
		l.rename(t, changed)
		for _, st := range l.setUp(t).Steps {
			if st.ID == "role-a-to-b" && (st.Change != step.Modify || !strings.HasPrefix(st.Call, "UpdateAssumeRolePolicy") || !strings.Contains(st.CLI, "update-assume-role-policy")) {
				t.Errorf("the step is %s by %s: %s", st.Change, st.Call, st.CLI)
			}
		}
		applyAny(t, l.setUp(t))
	})
}

// rename points the lab at the same clients under other names.
func (l *lab) rename(t *testing.T, p pair.Pair) {
	t.Helper()
	var err error
	if p.A.Region != l.world.Pair.A.Region {
		if l.world.A, err = l.access.Open(t.Context(), p.A.Region); err != nil {
			t.Fatal(err)
		}
	}
	l.world.Pair = p
}

// A panic anywhere below must reach the caller, who may hold a terminal that
// has to be given back.
func TestAPanicOfAWorkerReachesTheCaller(t *testing.T) {
	for name, work := range map[string]func(*lab, plan.Plan){
		"survey": func(l *lab, _ plan.Plan) { _, _ = plan.Look(context.Background(), l.world) },
		"apply": func(_ *lab, proposed plan.Plan) {
			_ = plan.Apply(context.Background(), proposed, func(pair.Event) {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				plan := l.setUp(t)
				l.wire.answer = func(*http.Request) (*http.Response, error) { panic("planted") }
				defer func() {
					if crash := recover(); crash == nil || !strings.Contains(fmt.Sprint(crash), "planted") {
						t.Errorf("the caller sees %v", crash)
					}
				}()
				work(l, plan)
			})
		})
	}
}
