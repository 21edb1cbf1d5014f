package journal_test

import (
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/journal"
)

func TestAJournalIsLockedForAsLongAsItIsWritten(t *testing.T) {
	dir := t.TempDir()
	j, err := journal.Create(dir, journal.Opening{RunID: "r"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking takes nothing away
		if !journal.Writing(j.Path()) {
			t.Error("nobody writes it, although it is open")
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if journal.Writing(j.Path()) {
		t.Error("somebody writes it, although it is closed")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.lock")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestALockWhoseHolderDiedIsNobodys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r"+journal.Extension)
	lock := path[:len(path)-len(journal.Extension)] + ".lock"
	if err := os.WriteFile(lock, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if journal.Writing(path) {
		t.Error("a file that nobody locks says that somebody writes")
	}
}

func TestTheLockOfAKilledRunsJournalIsSweptByTheNext(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "killed.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Create(dir, journal.Opening{RunID: "r"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "killed.lock")); err == nil {
		t.Error("the lock of a killed run stays")
	}
	if !journal.Writing(j.Path()) {
		t.Error("the lock of the run itself is gone")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}
