//go:build unix

package command_test

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A reader that leaves early, such as head, ends the run; it must not kill it
// before it has cleaned up behind itself.
func TestAReaderThatLeavesEndsTheRunCleanly(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "20")
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := u.command(ctx, slices.Concat([]string{"probe", "--rounds", "0", "--every", "500ms", "--sizes", "1KiB", "--json", "--yes"}, thePair)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), `{"event":"posted"`) {
		continue // until something lies in the buckets
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // its code is asked for below
	if code := c.ProcessState.ExitCode(); code != 1 {
		t.Errorf("the probe exits %d (signal %v), want 1", code, c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	}
	r := u.run(t, slices.Concat([]string{"destroy", "--yes", "--json"}, thePair)...)
	if r.code != 0 || strings.Contains(r.stdout, `"detail":"1 versions`) {
		t.Errorf("destroy exits %d and finds leftovers:\n%s", r.code, r.stdout)
	}
	for _, e := range named(events(t, r.stdout), "step") {
		if strings.HasPrefix(e["id"].(string), "remove-objects") && e["status"] == "done" && !strings.HasPrefix(e["detail"].(string), "0 versions") && e["detail"] != "nothing came after the removal" {
			t.Errorf("the probe left objects behind: %v", e["detail"])
		}
	}
}

// Who has enough, as head has, hears of no error, whatever it was that printed, and
// the command ends as if all had been read. One that was doing something says that
// it stopped.
func TestAReaderThatHasEnoughIsNoError(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.run(t, "probe", "--sandbox", "--time-scale", "60", "--rounds", "1", "--every", "100ms", "--sizes", "1KiB")
	for line, code := range map[string]int{
		"report": 0, "report --format csv": 0, "report --format json": 0, "report --format html": 0, "runs": 0, "runs --json": 0, "man": 0, "--help": 0,
		"export --sandbox --format terraform": 0, "plan --sandbox": 3, "plan --sandbox --json": 3, "completion bash": 0, "version": 0,
		"apply --sandbox --yes --time-scale 50": 1, "doctor --sandbox": 1,
	} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = read.Close()
		var said strings.Builder
		c := u.command(t.Context(), strings.Fields(line)...)
		c.Stdout, c.Stderr = write, &said
		_ = c.Run() // its code is asked for below
		_ = write.Close()
		if got := c.ProcessState.ExitCode(); got != code || strings.Contains(said.String(), "broken pipe") || strings.Contains(said.String(), "bothways: ") {
			t.Errorf("%s exits %d, saying %q", line, got, said.String())
		}
		if strings.HasPrefix(line, "apply") && !strings.Contains(said.String(), "nobody reads") {
			t.Errorf("%s says %q", line, said.String())
		}
	}
}

func TestWhatWasNotMeasuredIsNotASuccess(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "20")
	if r := u.run(t, append([]string{"probe"}, thePair...)...); r.code != 1 || !strings.Contains(r.stderr, "bothways doctor --a eu-west-1/") {
		t.Errorf("probing a pair that is not there exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	r := u.run(t, slices.Concat([]string{"probe", "--limit", "1ms", "--rounds", "1", "--sizes", "1KiB", "--every", "100ms"}, thePair)...)
	if r.code != 1 || !strings.Contains(r.stderr, "no object was seen to arrive") || !strings.Contains(r.stdout, "gave up") {
		t.Errorf("a probe that gave up everything exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	report := u.run(t, "report").stdout
	if !strings.Contains(report, "127.0.0.1") || !strings.Contains(report, "not against AWS") {
		t.Errorf("the report does not say against what it was measured:\n%s", report)
	}
}
