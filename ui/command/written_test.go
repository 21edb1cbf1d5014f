//go:build linux

package command_test

import (
	"os"
	"strings"
	"testing"
)

// A disk that is full ends the help as it ends everything else that is written.
func TestHelpThatCannotBeWrittenFails(t *testing.T) {
	for _, dumb := range []bool{false, true} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip(err)
		}
		defer full.Close()
		u := newUser(t)
		if dumb {
			u.env = append(u.env, "TERM=dumb")
		}
		c := u.command(t.Context(), "--help")
		var stderr strings.Builder
		c.Stdout, c.Stderr = full, &stderr
		_ = c.Run() // its code is asked for below
		if code := c.ProcessState.ExitCode(); code != 1 || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("dumb %t: exit code %d, saying %q", dumb, code, stderr.String())
		}
	}
}
