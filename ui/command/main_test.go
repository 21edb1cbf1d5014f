package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience bounds the wait for another process to do what it must. No test
// waits this long unless it fails.
const patience = 3 * time.Minute

// built is the program, built once for all tests that run it as users do.
var built string

func TestMain(m *testing.M) {
	if raced {
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "bothways-built-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		built = filepath.Join(dir, "bothways")
		if runtime.GOOS == "windows" {
			built += ".exe"
		}
		build := exec.Command("go", "build", "-o", built, "../..")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// user is somebody with an empty home and no AWS settings but those given.
type user struct {
	home string
	env  []string
}

func newUser(t testing.TB, env ...string) *user {
	t.Helper()
	if raced {
		t.Skip("the built program is not watched by the race detector")
	}
	home := t.TempDir()
	return &user{home: home, env: append([]string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "TERM=xterm-256color",
		"AWS_EC2_METADATA_DISABLED=true",
	}, env...)}
}

func (u *user) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, built, args...)
	c.Env, c.Dir = u.env, u.home
	return c
}

// result is what a run of the program left.
type result struct {
	code           int
	stdout, stderr string
}

// run runs the program with its output piped, to its end.
func (u *user) run(t testing.TB, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	c := u.command(ctx, args...)
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatalf("run %s: %v", args, err)
	}
	r := result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	if strings.Contains(r.stdout, "\x1b") || strings.Contains(r.stderr, "\x1b") {
		t.Errorf("%s writes escape bytes into a pipe:\n%q\n%q", args, r.stdout, r.stderr)
	}
	return r
}
