package command_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// truthLine is what the sandbox wrote about one replica.
type truthLine struct {
	Bucket      string    `json:"bucket"`
	Key         string    `json:"key"`
	VersionID   string    `json:"version_id"`
	CommittedAt time.Time `json:"committed_at"`
	VisibleAt   time.Time `json:"visible_at"`
}

// truthOf reads the sandbox's file, by bucket and version.
func truthOf(t testing.TB, path string) map[string]truthLine {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found := map[string]truthLine{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line truthLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		found[line.Bucket+" "+line.VersionID] = line
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// exported is a sample as the JSON report holds it.
type exported struct {
	Direction     string     `json:"direction"`
	VersionID     string     `json:"version_id"`
	PostedAt      time.Time  `json:"posted_at"`
	Outcome       string     `json:"outcome"`
	Bracket       [2]float64 `json:"bracket_ms"`
	CommitBracket [2]float64 `json:"commit_bracket_ms"`
	LeftCensored  bool       `json:"left_censored"`
}

// Two processes on one computer have the same wall clock, and the report's
// instants are exact to the nanosecond.
func TestEverySampleOfAReportHoldsTheTruthOfASandboxInAnotherProcess(t *testing.T) {
	t.Parallel()
	truth := filepath.Join(t.TempDir(), "truth.jsonl")
	faults := filepath.Join(t.TempDir(), "faults.json")
	script := `{"faults": [{"fault": "slowdown", "operation": "HeadObject", "share": 0.2, "at": "5s"}]}`
	if err := os.WriteFile(faults, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	u := sandboxOf(t, "--time-scale", "10", "--truth", truth, "--faults", faults)
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	r := u.run(t, slices.Concat([]string{"probe", "--sizes", "0,64KiB,4MiB,17MiB", "--rounds", "4", "--every", "1s", "--max-rate", "500"}, thePair)...)
	if r.code != 0 {
		t.Fatalf("probe exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	var report struct{ Samples []exported }
	if err := json.Unmarshal([]byte(u.run(t, "report", "--format", "json").stdout), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Samples) != 32 {
		t.Errorf("%d samples, want 32", len(report.Samples))
	}
	known := truthOf(t, truth)
	destination := map[string]string{"AtoB": "bothways-flow-two", "BtoA": "bothways-flow-one"}
	for _, s := range report.Samples {
		line, found := known[destination[s.Direction]+" "+s.VersionID]
		if s.Outcome != "replicated" || !found {
			t.Errorf("version %s: %s, in the truth: %v", s.VersionID, s.Outcome, found)
			continue
		}
		if s.PostedAt.Before(line.CommittedAt) {
			t.Errorf("version %s: posted %v before it was there", s.VersionID, line.CommittedAt.Sub(s.PostedAt))
		}
		visible := float64(line.VisibleAt.Sub(s.PostedAt)) / 1e6
		took := float64(line.VisibleAt.Sub(line.CommittedAt)) / 1e6
		if !s.LeftCensored && s.Bracket[0] >= visible || s.Bracket[1] < visible {
			t.Errorf("version %s: the bracket %v misses %v ms", s.VersionID, s.Bracket, visible)
		}
		if !s.LeftCensored && s.CommitBracket[0] >= took || s.CommitBracket[1] < took {
			t.Errorf("version %s: the bracket from commit %v misses %v ms", s.VersionID, s.CommitBracket, took)
		}
	}
}
