package replication_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// S3 has no write that holds only while nothing has changed. What somebody else
// writes in the gap is named, with what brings it back, and the step has failed.
func TestWhatAWriteReplacedUnseenIsNamed(t *testing.T) {
	const late = "written-in-between"
	rule := func(t *testing.T, l *lab) {
		now := l.configuration(t, pair.A)
		l.putRules(t, pair.A, *now.Role, append(now.Rules, types.ReplicationRule{
			ID: aws.String(late), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(901),
			Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("late/")},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
			Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::their-copies-a")},
		}))
	}
	statement := func(t *testing.T, l *lab) {
		bucket := &l.world.Pair.B.Bucket
		out, err := l.world.B.S3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: bucket})
		if err != nil {
			t.Fatal(err)
		}
		head, tail, found := strings.Cut(*out.Policy, "[") // of the statements
		if !found {
			t.Fatal(*out.Policy)
		}
		text := head + `[{"Sid":"` + late + `","Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::` + *bucket + `"},` + tail
		if _, err := l.world.B.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &text}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		step, query string
		side        pair.SideName
		takesDown   bool
		change      func(*testing.T, *lab)
	}{
		"a rule, as ours is added":             {"rule-a-to-b", "replication=", pair.A, false, rule},
		"a rule, as ours is taken out":         {step.Removal("rule-a-to-b"), "replication=", pair.A, true, rule},
		"a statement, as ours are added":       {"policy-b", "policy=", pair.B, false, statement},
		"a statement, as ours are taken out":   {step.Removal("policy-b"), "policy=", pair.B, true, statement},
		"nothing but ours, as it is added":     {"", "replication=", pair.A, false, func(*testing.T, *lab) {}},
		"nothing but ours, as it is taken out": {"", "policy=", pair.B, true, func(*testing.T, *lab) {}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, "the hardest")
				proposed := l.setUp(t)
				if c.takesDown {
					applyAny(t, proposed)
					proposed = l.tearDown(t, false)
				}
				var changed atomic.Bool
				l.wire.before = func(_ int, r *http.Request) {
					ours := r.Method != http.MethodGet && strings.HasPrefix(r.URL.RawQuery, c.query) && strings.Contains(r.URL.Path, l.world.Pair.Side(c.side).Bucket)
					if ours && changed.CompareAndSwap(false, true) {
						c.change(t, l)
					}
				}
				var events log
				err := plan.Apply(t.Context(), proposed, events.emit)
				if !changed.Load() {
					t.Fatal("nothing was written in between")
				}
				if c.step == "" {
					if err != nil {
						t.Errorf("apply says %v", err)
					}
					return
				}
				if err == nil || events.last[c.step] != step.Failed {
					t.Fatalf("%s ended %s: %v", c.step, events.last[c.step], err)
				}
				said := strings.Split(err.Error(), "\n")
				i := slices.IndexFunc(said, func(line string) bool { return strings.HasPrefix(line, c.step+":") })
				if i < 0 || strings.Count(said[i], late) < 2 || !strings.Contains(said[i], "aws s3api put-bucket-") {
					t.Errorf("it says: %s", err)
				}
			})
		})
	}
}

// A store may spell what it keeps otherwise at each read: that is nobody's write.
func TestAnotherOrderOfTheSameRulesIsNobodysWrite(t *testing.T) {
	rules := regexp.MustCompile(`(?s)<Rule>.*?</Rule>`)
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "the hardest")
		var reads atomic.Int32
		l.rewriteReads("replication", func(body []byte, _ *http.Request) []byte {
			if reads.Add(1)%2 == 0 {
				return body
			}
			all := rules.FindAll(body, -1)
			slices.Reverse(all)
			i := 0
			return rules.ReplaceAllFunc(body, func([]byte) []byte { i++; return all[i-1] })
		})
		applyAny(t, l.setUp(t))
		applyAny(t, l.tearDown(t, false))
		if reads.Load() < 10 {
			t.Errorf("%d reads", reads.Load())
		}
	})
}
