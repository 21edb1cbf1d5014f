package command

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/session"
	"bothways/ui/command/usage"
)

// A run whose record broke off has not done all that it was asked for. One without
// any was told so before it began.
func TestARunWhoseRecordBrokeOffFails(t *testing.T) {
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close()
	full := errors.New("no space left on device")
	for name, c := range map[string]struct {
		recording session.Recording
		err       error
		code      int
		says      string
	}{
		"whole":      {session.Recording{Path: "/runs/r.jsonl"}, nil, usage.Done, ""},
		"broken off": {session.Recording{Path: "/runs/r.jsonl", Err: full}, nil, usage.Failed, "/runs/r.jsonl is incomplete: no space"},
		"none":       {session.Recording{Err: full}, nil, usage.Done, ""},
		"failed too": {session.Recording{Path: "/runs/r.jsonl", Err: full}, errors.New("it failed"), usage.Failed, "it failed"},
	} {
		t.Run(name, func(t *testing.T) {
			out := (&app{process: Process{Stdout: stderr, Stderr: stderr}}).newOutput()
			out.emit(c.recording)
			err := out.finish(t.Context(), c.err)
			if code := usage.CodeOf(err); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("it says %v", err)
			}
		})
	}
}
