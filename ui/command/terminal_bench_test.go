//go:build linux

package command_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The terminal benchmarks print what the console costs a terminal: the time to
// its first frame, and processor time, bytes and memory when idle and while it
// measures. They watch the built program on a terminal of 120x40 for some
// seconds each, with the sandbox in a process of its own:
//
//	go test -run '^$' -bench Terminal -benchtime 1x ./ui/command
func BenchmarkTerminalFirstFrame(b *testing.B) {
	dead, err := net.Listen("tcp", "127.0.0.1:0") // accepts, never answers
	if err != nil {
		b.Fatal(err)
	}
	defer dead.Close()
	for name, env := range map[string][]string{
		"NoNetwork":   nil,
		"DeadNetwork": {"AWS_ENDPOINT_URL=http://" + dead.Addr().String(), "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=example"},
	} {
		b.Run(name, func(b *testing.B) {
			var total time.Duration
			const runs = 20
			for b.Loop() {
				total = 0
				for range runs {
					start := time.Now()
					s := newUser(b, env...).terminal(b, 120, 40)
					s.waitFor("1 Where")
					total += time.Since(start)
					s.press("q")
					s.end()
				}
			}
			b.ReportMetric(float64(total.Milliseconds())/runs, "ms/first-frame")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func BenchmarkTerminalIdle(b *testing.B) {
	for b.Loop() {
		s := newUser(b).terminal(b, 120, 40)
		s.waitFor("Sandbox")
		<-time.After(2 * time.Second) // what a start leaves to do is done
		s.report(b, 10*time.Second)
		s.press("q")
		s.end()
	}
}

// The demo preset, slowed down so that twelve probes are in flight on average:
// charting their growing ages, some twenty HEADs a second, samples coming in.
func BenchmarkTerminalTwelveInFlight(b *testing.B) {
	for b.Loop() {
		s := measuring(b, "0.8")
		s.waitFor("round 3")
		s.report(b, 30*time.Second)
		s.press("q")
		s.waitFor("y /")
		left := time.Now()
		s.press("y")
		s.end()
		b.ReportMetric(float64(time.Since(left).Milliseconds()), "ms/quit")
	}
}

// measuring brings a console to its live chart, against a sandbox in another
// process whose delays pass scale times as fast.
func measuring(b *testing.B, scale string) *session {
	b.Helper()
	u := sandboxOf(b, "--time-scale", scale)
	s := u.terminal(b, 120, 40)
	for _, step := range []struct{ sees, press string }{
		{"environment", "j\r"},
		{"Region for side A", "\r"},
		{"name is free", "\r"},
		{"Region for side B", "\r"},
		{"name is free", "\r"},
		{"What replicates", "\r"},
		{"Apply these 10 changes", "y"},
		{"All 10 steps done", "\r"},
		{"What to measure", "\r"},
	} {
		s.waitFor(step.sees)
		s.press(step.press)
	}
	s.waitFor("in flight")
	return s
}

// report watches the program for a while and reports what it cost.
func (s *session) report(b *testing.B, watch time.Duration) {
	b.Helper()
	pid := s.cmd.Process.Pid
	cpu, bytes := processorTime(b, pid), len(s.written())
	<-time.After(watch)
	seconds := watch.Seconds()
	b.ReportMetric(100*(processorTime(b, pid)-cpu).Seconds()/seconds, "%cpu")
	b.ReportMetric(float64(len(s.written())-bytes)/seconds, "B/s")
	b.ReportMetric(float64(resident(b, pid))/1024, "MiB-peak")
	b.ReportMetric(0, "ns/op")
}

// processorTime is the time that a process's threads have spent, to the
// nanosecond: the first figure of schedstat, see the kernel's documentation of
// proc.
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		b.Fatalf("no threads of %d: %v", pid, err)
	}
	var total time.Duration
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		n, err := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		total += time.Duration(n)
	}
	return total
}

// resident is the most memory that a process has held, in KiB.
func resident(b *testing.B, pid int) int {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return kib
}
