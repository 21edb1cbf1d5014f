package replication_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
)

// For a while after a rule was changed, S3 replicates by the rule as it was:
// that proves nothing of the rule as it is.
func TestACanaryThatTheOldRuleReplicatedIsNoProof(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*testing.T, *lab)
		fails  string
	}{
		{"a storage class", func(_ *testing.T, l *lab) { l.world.Pair.Options.StorageClass = string(types.StorageClassStandardIa) }, ""},
		{"a KMS key that is not there", func(t *testing.T, l *lab) {
			t.Helper()
			l.world.Pair.Given.KeyB = "arn:aws:kms:ap-southeast-1:" + l.box.AccountID() + ":key/not-there"
		}, "FAILED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLabIn(t, testPair, sandbox.Options{Seed: 7, Dir: t.TempDir(), Settling: sandbox.Settling{ConfigurationEffective: time.Minute}})
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				l.keyed(t)
				applyAny(t, l.setUp(t))
				<-time.After(5 * time.Minute)
				c.change(t, l)
				var events log
				start := time.Now()
				err := plan.Apply(context.Background(), l.setUp(t), events.emit)
				if time.Since(start) < time.Minute {
					t.Errorf("proven after %s, before the rule was in force", time.Since(start))
				}
				if failed := err != nil; failed != (c.fails != "") || failed && !strings.Contains(err.Error(), c.fails) {
					t.Errorf("apply: %v", err)
				}
				said := false
				for _, e := range events.all {
					said = said || strings.Contains(e.Detail, "not by the rule as it reads now")
				}
				if !said {
					t.Error("no event says that the old rule replicated")
				}
			})
		})
	}
}

// What a replica does not show, such as the role's rights, takes two of them.
func TestALinkThatChangesIsProvenByTwoCanariesApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.world.Pair.Options.Metrics = true
		proposed := l.setUp(t)
		for _, st := range proposed.Steps {
			if st.Kind == step.KindCanary && !strings.HasPrefix(st.What, "two 16-byte objects, 15s apart") {
				t.Errorf("%s: %s", st.ID, st.What)
			}
		}
		var events log
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		var written []time.Time
		for _, e := range events.all {
			if e.ID == "canary-a-to-b" && strings.HasPrefix(e.Detail, "writing ") {
				written = append(written, e.At)
			}
		}
		if len(written) != 2 || written[1].Sub(written[0]) < 15*time.Second {
			t.Errorf("canaries were written at %v", written)
		}
	})
}

// A run that was killed a moment ago leaves a role that IAM still spreads, in
// the bucket policy of another account too.
func TestTheRunAfterAKilledOneBearsWithASlowIAM(t *testing.T) {
	t.Parallel()
	for n := 1; ; n += stride {
		reached := false
		synctest.Test(t, func(t *testing.T) {
			l := newLabIn(t, testPair, sandbox.Options{Seed: 7, Dir: t.TempDir(), Propagation: 20 * time.Second})
			l.partnered(t)
			if reached = l.killed(l.setUp(t), n, true); !reached {
				return
			}
			again := l.world
			again.RunID = "again"
			l.world = again
			if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
				t.Errorf("killed after change %d: %v", n, err)
			}
		})
		if !reached {
			break
		}
	}
}
