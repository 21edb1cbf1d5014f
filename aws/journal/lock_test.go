package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bothways/aws/journal"
)

func TestASecondInstanceIsToldWhoHoldsTheLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made when needed")
	first, err := journal.Acquire(dir, "abcdef-123456789012", "apply")
	if err != nil {
		t.Fatal(err)
	}
	_, err = journal.Acquire(dir, "abcdef-123456789012", "destroy")
	held, ok := errors.AsType[*journal.HeldError](err)
	if !ok || held.Holder.PID != os.Getpid() || held.Holder.Command != "apply" || !strings.Contains(err.Error(), "since") {
		t.Errorf("the second one is told %v", err)
	}
	if holder, held := journal.HeldBy(dir, "abcdef-123456789012"); !held || holder.PID != os.Getpid() {
		t.Errorf("whoever looks sees %v, %t", holder, held)
	}
	other, err := journal.Acquire(dir, "another-123456789012", "apply")
	if err != nil {
		t.Errorf("another pair: %v", err)
	}
	for _, l := range []*journal.Lock{first, other} {
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	}
	if _, held := journal.HeldBy(dir, "abcdef-123456789012"); held {
		t.Error("a released lock is held")
	}
	again, err := journal.Acquire(dir, "abcdef-123456789012", "destroy")
	if err != nil || again.Stale != nil {
		t.Fatalf("after the release: %v, stale %v", err, again.Stale)
	}
	if err := again.Release(); err != nil {
		t.Error(err)
	}
}

func TestTheLockOfADeadHolderIsTakenOverAndNamed(t *testing.T) {
	for name, note := range map[string]struct {
		text string
		pid  int
	}{
		"whole": {`{"pid":4711,"command":"apply","since":"2026-11-22T10:15:00Z"}`, 4711},
		"torn":  {`{"pid":47`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{"x.lock": "", "x.holder": note.text} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			l, err := journal.Acquire(dir, "x", "apply")
			if err != nil || l.Stale == nil || l.Stale.PID != note.pid {
				t.Fatalf("it is taken with %v, %v", l, err)
			}
			if err := l.Release(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWithoutAFolderThereIsNoLockAndNobodyIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", filepath.Join(file, "below a file")} {
		_, err := journal.Acquire(dir, "x", "apply")
		if _, held := errors.AsType[*journal.HeldError](err); err == nil || held {
			t.Errorf("in %q: %v", dir, err)
		}
		if _, held := journal.HeldBy(dir, "x"); held {
			t.Errorf("in %q it is held", dir)
		}
	}
}

// files are the names in a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestNothingStaysOfALockAfterItsRelease(t *testing.T) {
	dir := t.TempDir()
	l, err := journal.Acquire(dir, "abcdef-123456789012", "apply")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if _, held := journal.HeldBy(dir, "abcdef-123456789012"); held {
		t.Error("a released lock is held")
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("these stay: %q", left)
	}
}

// What killed runs left goes with the next lock, of whatever name. What is held,
// and what is somebody else's, stays.
func TestLocksOfKilledRunsAreSwept(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"killed.lock": "", "killed.holder": `{"pid":4711}`, "theirs.lock": "not ours", "notes.txt": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, err := journal.Acquire(filepath.Join(dir, ""), "held", "apply")
	if err != nil {
		t.Fatal(err)
	}
	l, err := journal.Acquire(dir, "mine", "apply")
	if err != nil {
		t.Fatal(err)
	}
	if _, is := journal.HeldBy(dir, "held"); !is {
		t.Error("a lock that is held was swept")
	}
	for _, l := range []*journal.Lock{l, held} {
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	}
	if left := files(t, dir); !slices.Equal(left, []string{"notes.txt", "theirs.lock"}) {
		t.Errorf("these stay: %q", left)
	}
}

// However many come and go, one at a time holds a lock, although its file goes
// with each of them.
func TestALockWhoseFileComesAndGoesHasOneHolder(t *testing.T) {
	dir := t.TempDir()
	var holders atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 40 {
				l, err := journal.Acquire(dir, "x", "apply")
				if _, held := errors.AsType[*journal.HeldError](err); held {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if holders.Add(1) != 1 {
					t.Error("two hold it")
				}
				holders.Add(-1)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
