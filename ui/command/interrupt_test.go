//go:build unix

package command_test

import (
	"bufio"
	"bytes"
	"context"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// interrupted runs the program until it writes a line with a mark, sends it a
// signal, and returns what it left.
func (u *user) interrupted(t *testing.T, mark string, by syscall.Signal, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := u.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	sent := false
	for lines.Scan() {
		stdout.WriteString(lines.Text() + "\n")
		if !sent && strings.Contains(lines.Text(), mark) {
			sent = true
			if err := c.Process.Signal(by); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = c.Wait() // its code is asked for below
	if !sent {
		t.Fatalf("%s never says %q:\n%s%s", args, mark, stdout.String(), stderr.String())
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func TestAProbeThatEndsInItsSetUpSaysThatNothingWasMeasured(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, format := range []string{"--plain", "--json"} {
		r := u.interrupted(t, "canary-a-to-b", syscall.SIGINT, "probe", "--sandbox", format)
		if r.code != 130 || strings.Count(r.stderr, "nothing was measured") != 1 {
			t.Errorf("%s: it exits %d: %s", format, r.code, r.stderr)
		}
	}
}

func TestASandboxOfItsOwnOutlivesTheCleanUpOfAnInterruptedProbe(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	r := u.interrupted(t, `"event":"started"`, syscall.SIGTERM, "probe", "--sandbox", "--time-scale", "100", "--sizes", "5GiB", "--rounds", "1", "--json")
	if r.code != 143 || strings.Contains(r.stderr, "nothing was measured") {
		t.Errorf("it exits %d: %s", r.code, r.stderr)
	}
	all := events(t, r.stdout)
	if left := named(all, "left"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	cleaned := named(all, "cleaned")
	if len(cleaned) != len(named(all, "started")) || slices.ContainsFunc(cleaned, func(e map[string]any) bool { return e["ok"] != true }) {
		t.Errorf("cleaned: %v", cleaned)
	}
}

// until runs the program until it says a text on stderr, ends it then, and
// returns what it said there.
func (u *user) until(t *testing.T, mark string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := u.command(ctx, args...)
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), mark) {
			cancel()
		}
	}
	_ = c.Wait() // it was killed
	return said.String()
}
