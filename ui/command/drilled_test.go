package command_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
)

func TestADrillsEvidenceIsWrittenAndChecked(t *testing.T) {
	u := newUser(t)
	events, _ := evidencetest.Make(evidencetest.Wish{Seed: 1, Kind: record.Pause})
	written := evidencetest.WriteJournal(t, events)
	to := filepath.Join(t.TempDir(), "evidence")
	if r := u.run(t, "drill", "report", written, "--to", to); r.code != 0 || !strings.Contains(r.stdout, "drill d1, passed: written to") {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "drill", "verify", to); r.code != 0 || !strings.Contains(r.stdout, "holds: drill d1, passed;") || !strings.Contains(r.stdout, "it is not signed") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if err := os.Remove(filepath.Join(to, "undo.txt")); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, "drill", "verify", to); r.code != 1 || !strings.Contains(r.stderr, "undo.txt: it is in SHA256SUMS, and not in the folder") || r.stdout != "" {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, wrong := range [][]string{{"drill"}, {"drill", "report", written}, {"drill", "verify"}, {"drill", "verify", to, "--signer", "me"}} {
		if r := u.run(t, wrong...); r.code != 2 || r.stdout != "" {
			t.Errorf("%q exits %d: %s%s", wrong, r.code, r.stdout, r.stderr)
		}
	}
	if r := u.run(t, "drill", "verify", t.TempDir()); r.code != 1 || !strings.Contains(r.stderr, "is no folder of a drill's evidence") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
}

// Without a name the evidence is of the newest drill that has ended, not of one that
// goes on.
func TestTheEvidenceIsOfADrillThatHasEnded(t *testing.T) {
	home := t.TempDir()
	u, dir := newUser(t, "BOTHWAYS_HOME="+home), filepath.Join(home, "runs")
	kept := func(id string) *journal.Journal {
		events, _ := evidencetest.Make(evidencetest.Wish{Seed: 1, Kind: record.Pause})
		j, err := journal.Create(dir, journal.Opening{RunID: id, Command: "drill", StartedAt: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if err := j.Record(e); err != nil {
				t.Fatal(err)
			}
		}
		return j
	}
	newer := kept("20000102-000000-goes")
	t.Cleanup(func() { _ = newer.Close() })
	if r := u.run(t, "drill", "report", "--to", filepath.Join(t.TempDir(), "none")); r.code != 1 || !strings.Contains(r.stderr, "20000102-000000-goes goes on") {
		t.Errorf("with nothing else: exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if err := kept("20000101-000000-done").Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "evidence")
	r := u.run(t, "drill", "report", "--to", to)
	text, err := os.ReadFile(filepath.Join(to, "journal.ndjson"))
	if r.code != 0 || err != nil || !strings.Contains(string(text), "20000101-000000-done") || !strings.Contains(r.stderr, "20000102-000000-goes goes on") {
		t.Errorf("exit %d: %s%s, %v", r.code, r.stdout, r.stderr, err)
	}
}

// A drill of an alarm from the command line to its evidence, which a script that
// shares nothing with this program reckons the same.
func TestADrillOfAnAlarmLeavesItsEvidence(t *testing.T) {
	u := newUser(t)
	r := u.run(t, "drill", "--sandbox", "--kind", "alarm", "--time-scale", "20", "--direction", "a-to-b")
	if r.code != 0 || !strings.Contains(r.stdout, "The alarm replication-failed-a-to-b rang ") || strings.Contains(r.stdout, "replication-failed-b-to-a") {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "runs"); r.code != 0 || !strings.Contains(r.stdout, "complete     drill, alarm, of ") || !strings.Contains(r.stdout, "passed, undo complete.") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	listed := u.run(t, "runs", "--json")
	var entry struct {
		RunID string `json:"run_id"`
	}
	if err := json.Unmarshal([]byte(listed.stdout), &entry); err != nil {
		t.Fatalf("%v: %s", err, listed.stdout)
	}
	if r := u.run(t, "report", entry.RunID); r.code != 0 || !strings.Contains(r.stdout, "Alarm replication-failed-a-to-b") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, wrong := range [][]string{{"--format", "csv"}, {"--target", "5m"}, {"--mask-accounts"}} {
		if r := u.run(t, append([]string{"report", entry.RunID}, wrong...)...); r.code != 2 || !strings.Contains(r.stderr, "drill") {
			t.Errorf("%q exits %d: %s%s", wrong, r.code, r.stdout, r.stderr)
		}
	}
	to := filepath.Join(t.TempDir(), "evidence")
	if r := u.run(t, "drill", "report", "--to", to); r.code != 0 {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "drill", "verify", to); r.code != 0 {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	page, err := os.ReadFile(filepath.Join(to, "report.md"))
	if err != nil || !strings.Contains(string(page), "Alarm replication-failed-a-to-b") || !strings.Contains(string(page), "the roles may do what they might: yes") {
		t.Errorf("%v:\n%s", err, page)
	}
	if python, err := exec.LookPath("python3"); err == nil {
		out, err := exec.CommandContext(t.Context(), python, "-B", "../../aws/drill/evidence/tries/recompute.py", to).CombinedOutput()
		if err != nil || !strings.Contains(string(out), " 0 differ, 0 not looked at") {
			t.Errorf("%v:\n%s", err, out)
		}
	}
	for _, wrong := range [][]string{
		{"--direction", "b"}, {"--by-hand", "--alarm", "x"}, {"--kind", "cut", "--alarm", "x"},
	} {
		if r := u.run(t, append([]string{"drill", "--sandbox", "--kind", "alarm"}, wrong...)...); r.code != 2 {
			t.Errorf("%q exits %d: %s%s", wrong, r.code, r.stdout, r.stderr)
		}
	}
}
