//go:build unix

package state_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"bothways/aws/sandbox/state"
)

// Nobody is at the other end of these pipes: whoever opens one waits for ever.
func TestAFolderWithNamedPipesIsNoState(t *testing.T) {
	for _, name := range []string{"sandbox.jsonl", "sandbox.jsonl.new", state.LockName} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
				t.Fatal(err)
			}
			log, err := state.Open(dir, func(string, json.RawMessage) error { return nil })
			if err == nil || !strings.Contains(err.Error(), name+" in it is no regular file") {
				t.Errorf("it says %v", err)
			}
			if err == nil {
				_ = log.Close()
			}
		})
	}
}
