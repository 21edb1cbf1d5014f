//go:build unix

package sandboxed

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Nobody is at the other end of the pipe: whoever opens it waits for ever.
func TestNoLinesAreAddedToWhatIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{pipe: "it is a named pipe", t.TempDir(): "it is a folder", os.DevNull: "it is a device"} {
		if _, err := openLines(path, isTruth); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
