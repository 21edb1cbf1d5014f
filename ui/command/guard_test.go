//go:build unix

package command_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestASecondInstanceIsRefusedWhileTheFirstChangesThePair(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "100")
	line := func(command string, more ...string) []string { return slices.Concat([]string{command}, thePair, more) }
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	first := u.command(ctx, line("apply", "--yes", "--json")...)
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() { // its first step is announced under the lock
		t.Fatal("the first run says nothing")
	}
	if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	r := u.run(t, line("apply", "--yes")...)
	if r.code != 1 || !strings.Contains(r.stderr, "another bothways") || !strings.Contains(r.stderr, "since") {
		t.Errorf("the second apply exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, line("plan")...); r.code != 3 || !strings.Contains(r.stdout, "another bothways") {
		t.Errorf("a plan meanwhile exits %d: %s", r.code, r.stdout)
	}
	if r := u.run(t, line("probe")...); r.code != 1 || !strings.Contains(r.stderr, "is changing this pair right now") {
		t.Errorf("a probe meanwhile exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // killed
	r = u.run(t, line("apply", "--yes")...)
	if r.code != 0 || !strings.Contains(r.stderr, "left behind by a run that died") {
		t.Errorf("after its death the next apply exits %d: %s", r.code, r.stderr)
	}
}

func TestAJournalThatCannotBeUnderstoodStopsChangesAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "100")
	runs := filepath.Join(u.home, ".local", "state", "bothways", "runs")
	if err := os.MkdirAll(runs, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(runs, "20990101-000000-aaaa.ndjson")
	for name, text := range map[string]string{
		"future":  `{"event":"run","schema":7,"run_id":"r","version":"9.9","command":"apply","access":"x"}` + "\n",
		"corrupt": `{"event":"run","schema":1,"run_id":"r","command":"apply","access":"x"}` + "\n\x00\x00\n" + `{"event":"step"}` + "\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, command := range [][]string{{"plan"}, {"apply", "--yes"}} {
			r := u.run(t, slices.Concat(command, thePair)...)
			if r.code != 1 || !strings.Contains(r.stdout, path) || !strings.Contains(r.stdout, "mv ") {
				t.Errorf("%s: %s exits %d: %s%s", name, command, r.code, r.stdout, r.stderr)
			}
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != text {
			t.Errorf("%s: the file was changed: %q, %v", name, now, err)
		}
	}
	if err := os.Rename(path, path+".unreadable"); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, slices.Concat([]string{"plan"}, thePair)...); r.code != 3 || !strings.Contains(r.stdout, "bucket-a") && !strings.Contains(r.stdout, "create") {
		t.Errorf("with the file moved away plan exits %d: %s", r.code, r.stdout)
	}
}

func TestWithoutAStateFolderARunSaysOnceThatThereIsNoLock(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "100")
	file := filepath.Join(u.home, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	u.env = append(u.env, "BOTHWAYS_HOME="+file)
	r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...)
	if r.code != 0 || strings.Count(r.stderr, "nothing keeps a second bothways") != 1 || strings.Count(r.stderr, "no journal is kept") != 1 {
		t.Errorf("apply exits %d: %s", r.code, r.stderr)
	}
}
