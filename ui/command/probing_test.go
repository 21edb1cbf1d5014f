//go:build unix

package command_test

import (
	"bufio"
	"context"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestAPairIsNotChangedWhileItIsProbedFromThisComputer(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "100")
	line := func(command string, more ...string) []string { return slices.Concat([]string{command}, thePair, more) }
	if r := u.run(t, line("apply", "--yes")...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := u.command(ctx, line("probe", "--rounds", "0", "--every", "1s", "--sizes", "1KiB", "--json")...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), `{"event":"posted"`) {
		continue
	}
	ended := make(chan struct{})
	go func() { // it would stand still with nobody reading
		defer close(ended)
		for lines.Scan() {
			continue
		}
	}()
	const running = "a probe of this pair is running on this computer"
	for _, step := range []struct {
		args   []string
		code   int
		stderr string
		stdout string
	}{
		{line("destroy", "--yes"), 1, running, ""},
		{line("destroy"), 3, "--yes", running},
		{line("apply", "--no-delete-markers", "--yes"), 1, running, ""},
		{line("plan", "--no-delete-markers"), 3, "", running},
		{line("plan"), 0, "", ""}, // nothing to change
		{line("apply", "--yes"), 0, "", ""},
	} {
		r := u.run(t, step.args...)
		if r.code != step.code || !strings.Contains(r.stderr, step.stderr) || !strings.Contains(r.stdout, step.stdout) {
			t.Errorf("%s exits %d, want %d: %s%s", step.args, r.code, step.code, r.stdout, r.stderr)
		}
		if step.code == 0 && strings.Contains(r.stdout+r.stderr, running) {
			t.Errorf("%s changes nothing and complains: %s%s", step.args, r.stdout, r.stderr)
		}
	}
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-ended
	_ = c.Wait() // interrupted
	if r := u.run(t, line("destroy", "--yes")...); r.code != 0 {
		t.Errorf("after the probe's end destroy exits %d: %s", r.code, r.stderr)
	}
}
