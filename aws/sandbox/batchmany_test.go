//go:build !race

package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/sandbox"
)

// A job of 100,000 tasks passes in seconds of real time.
func TestAJobOfManyTasksPassesInSeconds(t *testing.T) {
	const many = 100_000
	started := time.Now()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		w.bucket("reports", ireland)
		w.sandbox.Fill("side-a", many)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")))
		begun := time.Now()
		id := w.create(generating(w.batchRole("batch", generatorActions...), &control.JobManifestGeneratorFilter{EligibleForReplication: aws.Bool(true)}))
		j := w.ends(id)
		if counts(j) != "Complete 100000/100000/0" {
			t.Errorf("it ended as %s: %+v", counts(j), j.FailureReasons)
		}
		if took := time.Since(begun); took < time.Minute || took > time.Hour {
			t.Errorf("it took %v in the sandbox's time", took)
		}
		if rows := w.report("reports", "out/", id); len(rows) != many {
			t.Errorf("the report has %d rows", len(rows))
		}
	})
	t.Logf("%v of real time", time.Since(started).Round(time.Millisecond))
	if took := time.Since(started); took > time.Minute {
		t.Errorf("it took %v of real time", took)
	}
}
