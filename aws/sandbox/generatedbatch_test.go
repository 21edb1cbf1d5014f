package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/sandbox/generate"
)

// A job with a manifest of what is missing puts on the other side what can be
// put there, and its report names what cannot.
func TestABatchJobMendsGeneratedBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, planted := generated(t, `{"seed": 5, `+sides+`, "keys": [{"prefix": "k/", "count": 300, "versions": {"least": 1, "most": 2}}],
			"differences": [{"kind": "none", "count": 3}, {"kind": "failed", "count": 3}, {"kind": "hard_deleted", "count": 2}, {"kind": "archived", "count": 1}]}`)
		w.bucket("reports", ireland)
		role := w.role("r", allActions...)
		for _, err := range []error{w.replicate("side-a", ireland, role, rule("side-b")), w.replicate("side-b", singapore, role, rule("side-a"))} {
			must(t, 0, err)
		}
		here := slices.DeleteFunc(planted, func(truth generate.Truth) bool { return truth.Origin != "side-a" })
		var lines []string
		kinds := map[string]int{}
		for _, truth := range here {
			lines = append(lines, "side-a,"+truth.Key+","+truth.VersionID)
			kinds[truth.Kind]++
		}
		if kinds["none"] == 0 || kinds["failed"] == 0 || kinds["hard_deleted"] == 0 {
			t.Fatalf("the seed plants %v on side A", kinds)
		}
		id := w.create(order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, lines...)))
		w.ends(id)
		report := strings.Join(w.report("reports", "out/", id), "\n")
		for _, truth := range here {
			_, err := w.head("side-b", singapore, truth.Key, truth.VersionID)
			mended := truth.Kind == "none" || truth.Kind == "failed"
			if (err == nil) != mended {
				t.Errorf("%s: %v", truth.Kind, err)
			}
			if mended && w.statusOf(truth) != "COMPLETED" {
				t.Errorf("%s reads %q at its origin", truth.Kind, w.statusOf(truth))
			}
			if want := truth.VersionID + ",failed,"; !mended && !strings.Contains(report, want) {
				t.Errorf("%s is not named in %s", truth.Kind, report)
			}
		}
		if !strings.Contains(report, "DstObjectHardDeleted") {
			t.Errorf("the report says %s", report)
		}
	})
}

func (w *world) statusOf(truth generate.Truth) string {
	w.Helper()
	head, err := w.head(truth.Origin, regionOf(truth.Origin), truth.Key, truth.VersionID)
	return string(must(w, head, err).ReplicationStatus)
}

// Annotations go along with the object that a job replicates, without tasks of
// their own.
func TestABatchJobTakesAnnotationsAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "k")
		w.grant("r", append(slices.Clone(allActions), readAnnotations)...)
		if err := w.annotate("side-a", "n", "x"); err != nil {
			t.Fatal(err)
		}
		id := w.create(order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,k,"+versions["k"])))
		if got := counts(w.ends(id)); got != "Complete 1/1/0" {
			t.Errorf("the job ended as %s", got)
		}
		pass(exactly * 2)
		if got := w.annotations("side-b"); !slices.Equal(got, []string{"n 1 REPLICA"}) {
			t.Errorf("the replica has %q", got)
		}
	})
}
