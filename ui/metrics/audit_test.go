package metrics_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/ui/metrics"
)

func TestANightlyAuditCanAlarm(t *testing.T) {
	p := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"}}
	r := audit.Result{CutOff: time.Unix(1000, 0), Finished: time.Unix(2000, 0), Complete: true}
	r.Tally.AddSame(7, 7)
	r.Tally.Add(difference.Difference{Verdict: difference.Failed})
	r.Tally.Add(difference.Difference{Verdict: difference.Unknown})
	path := filepath.Join(t.TempDir(), "bothways.prom")
	for range 2 { // the second night
		if err := metrics.KeepAudit(path, p, r, "v1"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	families := parsed(t, string(text))
	for family, want := range map[string]float64{
		"bothways_audit_wrong_versions": 1, "bothways_audit_open_versions": 1, "bothways_audit_complete": 1,
		"bothways_audit_cut_off_timestamp_seconds": 1000, "bothways_audit_finished_timestamp_seconds": 2000,
	} {
		if got := value(t, families, family, "eu-west-1/one", "us-east-1/two"); got != want {
			t.Errorf("%s is %v, want %v", family, got, want)
		}
	}
	for verdict, want := range map[difference.Verdict]float64{difference.Same: 7, difference.Failed: 1, difference.Conflict: 0} {
		if got := value(t, families, "bothways_audit_versions", "eu-west-1/one", "us-east-1/two", string(verdict)); got != want {
			t.Errorf("%s: %v, want %v", verdict, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".bothways-*")); len(left) > 0 {
		t.Error("something is left beside it", left)
	}
	if err := metrics.KeepAudit(filepath.Join(t.TempDir(), "none", "x"), p, r, "v1"); err == nil {
		t.Error("no folder, and no error")
	}
}
