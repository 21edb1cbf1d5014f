//go:build unix

package journal_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"bothways/aws/journal"
)

// within fails the test where something waits for somebody to write.
func within(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// strangers puts things into a folder that are named as a journal and a lock are,
// and are no regular files, all of them newer than the one journal.
func strangers(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"8-pipe.ndjson", "8-pipe.lock", "x-1.lock", "y-1.holder"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "7-folder.ndjson"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "6-device.ndjson")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir) // the name of a socket is short
	var config net.ListenConfig
	socket, err := config.Listen(t.Context(), "unix", "5-socket.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := folder(t, map[string]string{"1": opened + planned + step("bucket-a", "done"), "2": opened + `{"event":"sample"}` + "\n"})
	strangers(t, dir)
	within(t, "looking for the last run", func() {
		if got, err := journal.Last(dir, one); err != nil || got == nil || filepath.Base(got.Path) != "1.ndjson" {
			t.Errorf("the last run: %v, %v", got, err)
		}
	})
	within(t, "looking for the newest run", func() {
		path, passed, err := journal.Newest(dir, "sample")
		if err != nil || filepath.Base(path) != "2.ndjson" {
			t.Errorf("the newest run: %q, %v", path, err)
		}
		for _, name := range []string{"8-pipe.ndjson: it is a named pipe", "7-folder.ndjson: it is a folder", "6-device.ndjson: it is a device", "5-socket.ndjson: it is a socket"} {
			if !strings.Contains(strings.Join(passed, "\n"), name) {
				t.Errorf("%q is not among what was passed over: %q", name, passed)
			}
		}
	})
	want := []string{"5-socket.ndjson is a socket", "6-device.ndjson is a device", "7-folder.ndjson is a folder", "8-pipe.ndjson is a named pipe"}
	if strange := journal.Strange(dir); !slices.Equal(strange, want) {
		t.Errorf("strange are %q", strange)
	}
	within(t, "looking for a probe", func() {
		if running := journal.Probing(dir, one, func(string) bool { return false }); running != nil {
			t.Errorf("a probe runs: %v", running)
		}
	})
	within(t, "taking a lock that is a pipe", func() {
		_, err := journal.Acquire(dir, "x-1", "apply")
		if _, held := errors.AsType[*journal.HeldError](err); err == nil || held {
			t.Errorf("a pipe as a lock: %v", err)
		}
		if _, held := journal.HeldBy(dir, "x-1"); held {
			t.Error("a pipe is held")
		}
	})
	within(t, "reading a holder that is a pipe", func() {
		l, err := journal.Acquire(dir, "y-1", "apply")
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
	})
}

func TestAnUnreadableRunIsPassedOverByNameForTheNewest(t *testing.T) {
	dir := folder(t, map[string]string{"1": opened + `{"event":"sample"}` + "\n", "2": opened + `{"event":"sample","text":"`})
	if err := os.Truncate(filepath.Join(dir, "2.ndjson"), 1<<40); err != nil { // zeros, which take no room
		t.Skip("this file system has no such files: ", err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "3.ndjson")); err != nil {
		t.Fatal(err)
	}
	path, passed, err := journal.Newest(dir, "sample")
	if err != nil || filepath.Base(path) != "1.ndjson" || len(passed) != 2 || !strings.Contains(passed[1], "longer than") {
		t.Errorf("the newest is %q, past %q: %v", path, passed, err)
	}
}
