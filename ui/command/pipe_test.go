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
