package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/record"
)

func TestADrillsEvidenceIsWrittenAndChecked(t *testing.T) {
	u := newUser(t)
	events, _ := evidencetest.Make(evidencetest.Wish{Seed: 1, Kind: record.Pause})
	journal := evidencetest.WriteJournal(t, events)
	to := filepath.Join(t.TempDir(), "evidence")
	if r := u.run(t, "drill", "report", journal, "--to", to); r.code != 0 || !strings.Contains(r.stdout, "drill d1, passed: written to") {
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
	for _, wrong := range [][]string{{"drill"}, {"drill", "report", journal}, {"drill", "verify"}, {"drill", "verify", to, "--signer", "me"}} {
		if r := u.run(t, wrong...); r.code != 2 || r.stdout != "" {
			t.Errorf("%q exits %d: %s%s", wrong, r.code, r.stdout, r.stderr)
		}
	}
	if r := u.run(t, "drill", "verify", t.TempDir()); r.code != 1 || !strings.Contains(r.stderr, "is no folder of a drill's evidence") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
}
