package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheSandboxWritesEventsToAFileAndTakesNoOther(t *testing.T) {
	u := newUser(t)
	if err := os.WriteFile(filepath.Join(u.home, "letter"), []byte("Dear all,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, "sandbox", "--truth", "truth.jsonl", "--events", "letter"); r.code != 2 || !strings.Contains(r.stderr, "--events: letter holds something else") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	_, stop := u.serving(t, "--events", "events.jsonl")
	stop()
	if info, err := os.Stat(filepath.Join(u.home, "events.jsonl")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the file of events: %v", err)
	}
}
