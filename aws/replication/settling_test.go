package replication_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/replication/plan"
	"bothways/aws/sandbox"
)

// AWS allows versioning that is switched on for the first time 15 minutes to
// settle, and S3 refuses a rule until then.
func TestARuleWaitsAsLongAsFirstTimeVersioningMaySettle(t *testing.T) {
	for _, lasts := range []time.Duration{4 * time.Minute, 10 * time.Minute, 14 * time.Minute} {
		t.Run(lasts.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLabIn(t, testPair, sandbox.Options{Seed: 7, Dir: t.TempDir(), Settling: sandbox.Settling{VersioningEffective: lasts}})
				if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
					t.Error(err)
				}
			})
		})
	}
}
