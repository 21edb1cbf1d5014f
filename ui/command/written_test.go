//go:build linux

package command_test

import (
	"os"
	"path/filepath"
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

// The log of a run holds what went over the wire and how it ended, whatever the
// command; a file that is no log keeps the run from beginning.
func TestADebugLogIsKeptOfAnyCommand(t *testing.T) {
	t.Parallel()
	u := newUser(t, "AWS_SECRET_ACCESS_KEY=planted-secret")
	if r := u.run(t, "plan", "--sandbox", "--debug", "log"); r.code != 3 {
		t.Errorf("plan exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, "version", "--debug", "log"); r.code != 0 {
		t.Errorf("version exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, "report", "planted-secret", "--debug", "log"); r.code == 0 {
		t.Errorf("a run that is not there is reported: %s", r.stdout)
	}
	text, err := os.ReadFile(filepath.Join(u.home, "log"))
	if err != nil {
		t.Fatal(err)
	}
	for what, times := range map[string]int{
		`"msg":"bothways debug log"`: 3, `"msg":"end","exit_code":3}`: 1, `"msg":"end","exit_code":0}`: 1, `"event":"surveyed"`: 1,
		`"operation":"GetCallerIdentity","method":"POST"`: 4, "planted": 0,
	} {
		if n := strings.Count(string(text), what); n != times {
			t.Errorf("%s stands in it %d times:\n%s", what, n, text)
		}
	}
	if err := os.WriteFile(filepath.Join(u.home, "letter"), []byte("Dear all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, "plan", "--sandbox", "--debug", "letter"); r.code != 2 || r.stdout != "" || !strings.Contains(r.stderr, "left as it is") {
		t.Errorf("over a letter plan exits %d: %s", r.code, r.stderr)
	}
}
