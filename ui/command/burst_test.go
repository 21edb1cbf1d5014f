//go:build unix

package command_test

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/creack/pty"
)

// burst is what ends a program from outside: signals that come together, or a
// terminal that is closed under it.
type burst struct {
	signals []syscall.Signal
	closes  bool // its terminal first
}

var bursts = map[string]burst{
	"a closed terminal, and its shell": {[]syscall.Signal{syscall.SIGHUP}, true},
	"timeout's two":                    {[]syscall.Signal{syscall.SIGTERM, syscall.SIGTERM}, false},
	"hang-up, then the end":            {[]syscall.Signal{syscall.SIGHUP, syscall.SIGTERM}, false},
	"all of them":                      {[]syscall.Signal{syscall.SIGQUIT, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGINT}, false},
}

// endByBurst starts a probe on a terminal, waits until objects are under way,
// ends it, and wants that nothing is left and that its record has an end.
func (k *killing) endByBurst(of burst) {
	k.tb.Helper()
	ctx, cancel := context.WithTimeout(k.tb.Context(), patience)
	defer cancel()
	c := k.command(ctx, slices.Concat([]string{"probe"}, thePair, []string{"--sizes", "0,1KiB", "--rounds", "500", "--every", "300ms"})...)
	lines, closes := k.onTerminal(c)
	begun := 0
	for begun < 8 && lines.Scan() {
		if strings.Contains(lines.Text(), "→") {
			begun++
		}
	}
	if begun < 8 {
		k.tb.Fatalf("the probe ended by itself: %v", lines.Err())
	}
	go func() {
		for lines.Scan() { // so that it can go on writing
			continue
		}
	}()
	if of.closes {
		closes()
	}
	for _, signal := range of.signals {
		_ = c.Process.Signal(signal) // it may have ended
	}
	_ = c.Wait() // its code is asked for below
	closes()
	if code := c.ProcessState.ExitCode(); code <= 128 {
		k.tb.Errorf("exit code %d, not a signal's", code)
	}
	for region, client := range k.s3 {
		bucket := strings.TrimPrefix(thePair[1], "eu-west-1/")
		if region != "eu-west-1" {
			bucket = strings.TrimPrefix(thePair[3], region+"/")
		}
		out, err := client.ListObjectVersions(k.tb.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)})
		if err != nil || len(out.Versions)+len(out.DeleteMarkers) > 0 {
			k.tb.Errorf("%s: %d versions and %d markers are left, %v", bucket, len(out.Versions), len(out.DeleteMarkers), err)
		}
	}
	if r := k.run(k.tb, "runs", "--json"); strings.Contains(r.stdout, `"unfinished":true`) || r.code != 0 {
		k.tb.Errorf("a run has no end: %s%s", r.stdout, r.stderr)
	}
}

// onTerminal starts a command on a terminal of its own, whose closing ends the
// session there.
func (k *killing) onTerminal(c *exec.Cmd) (lines *bufio.Scanner, closes func()) {
	k.tb.Helper()
	tty, err := pty.StartWithAttrs(c, &pty.Winsize{Cols: 120, Rows: 40}, &syscall.SysProcAttr{Setsid: true, Setctty: true})
	if err != nil {
		k.tb.Fatal(err)
	}
	return bufio.NewScanner(tty), func() { _ = tty.Close() }
}

func TestABurstOfSignalsEndsAProbeAsOneDoes(t *testing.T) {
	heedSignals(t)
	t.Parallel()
	k := against(t, "--time-scale", "20")
	k.whole("apply")
	for _, name := range []string{"a closed terminal, and its shell", "all of them"} {
		t.Run(name, func(t *testing.T) {
			k.tb = t
			k.endByBurst(bursts[name])
		})
	}
}

func TestABurstOfSignalsLeavesTheTerminalAsItWas(t *testing.T) {
	heedSignals(t)
	for name, of := range bursts {
		if of.closes { // there is no terminal to look at afterwards
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newUser(t).terminal(t, 80, 24)
			s.waitFor("1/8 Where")
			for _, signal := range of.signals {
				_ = s.cmd.Process.Signal(signal)
			}
			if code := s.end(); code <= 128 {
				t.Errorf("exit code %d, not a signal's", code)
			}
			s.checkRestored()
		})
	}
}

// BenchmarkBurst ends probes by bursts of signals of every kind and number:
// go test -run '^$' -bench Burst -benchtime 40x ./ui/command.
func BenchmarkBurst(b *testing.B) {
	k := against(b, "--time-scale", "20")
	k.whole("apply")
	all := []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT}
	for b.Loop() {
		of := burst{closes: rand.N(3) == 0}
		for range 2 + rand.N(4) {
			of.signals = append(of.signals, all[rand.N(len(all))])
		}
		k.endByBurst(of)
	}
}
