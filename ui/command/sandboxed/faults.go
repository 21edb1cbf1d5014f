package sandboxed

import (
	"context"
	"fmt"
	"os"
	"time"

	"bothways/aws/sandbox"
	"bothways/ui/command/usage"
)

// lookAtFaults is how often the file of faults is looked at.
const lookAtFaults = 500 * time.Millisecond

// readFaults reads the file that --faults names.
func readFaults(path string) (sandbox.Script, error) {
	text, err := usage.ReadGiven(path)
	if err != nil {
		return sandbox.Script{}, fmt.Errorf("--faults %s: %w", path, err)
	}
	script, err := sandbox.ParseScript(text)
	if err != nil {
		return sandbox.Script{}, fmt.Errorf("--faults %s: %w", path, err)
	}
	return script, nil
}

// fileState is what changes when a file is saved.
type fileState struct {
	modified time.Time
	size     int64
}

// stateOf looks at a file; one that can't be looked at has the zero state.
func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}
	}
	return fileState{info.ModTime(), info.Size()}
}

// followFaults reads the file of faults again whenever it changes, until the
// context ends. What can't be read changes nothing, and is said on standard
// error.
func (a *command) followFaults(ctx context.Context, path string, seen fileState, box *sandbox.Sandbox) {
	ticker := time.NewTicker(lookAtFaults)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := stateOf(path)
		if now == seen || now.size == 0 {
			continue // an editor may be replacing it or writing it
		}
		seen = now
		script, err := readFaults(path)
		if err == nil {
			err = box.SetFaults(script.Faults)
		}
		if err != nil {
			_, _ = fmt.Fprintf(a.Stderr, "%v; the faults before stay.\n", err)
			continue
		}
		_, _ = fmt.Fprintf(a.Stderr, "--faults %s: read again; faults now: %d. How long changes take to settle stays as it was at the start.\n",
			path, len(script.Faults))
	}
}
