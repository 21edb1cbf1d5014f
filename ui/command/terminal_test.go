//go:build unix

package command_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// session is the program on a terminal of its own.
type session struct {
	t      testing.TB
	cmd    *exec.Cmd
	tty    *os.File // the terminal's end
	slave  *os.File // the program's end, open here too
	before *term.State

	mu     sync.Mutex
	wrote  *sync.Cond
	raw    bytes.Buffer
	screen *vt.SafeEmulator
	ended  bool

	checkRestored func()
}

func (u *user) terminal(t testing.TB, columns, rows int, args ...string) *session {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	s := &session{t: t, cmd: u.command(ctx, args...), screen: vt.NewSafeEmulator(columns, rows)}
	s.wrote = sync.NewCond(&s.mu)
	tty, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)}); err != nil {
		t.Fatal(err)
	}
	if s.before, err = term.GetState(int(slave.Fd())); err != nil {
		t.Fatal(err)
	}
	s.tty, s.slave = tty, slave
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Replies of the terminal, such as its background colour, go back as if
	// typed. The emulator blocks until they are read.
	go func() {
		buffer := make([]byte, 256)
		for {
			n, err := s.screen.Read(buffer)
			if err != nil {
				return
			}
			if _, err := tty.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	go s.read()
	t.Cleanup(func() {
		// Closing the emulator itself would race with its reader above.
		if replies, ok := s.screen.InputPipe().(io.Closer); ok {
			_ = replies.Close()
		}
		_ = slave.Close()
		_ = tty.Close()
	})
	// The slave stays open here, so that its settings can be read after the
	// program has ended.
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	s.checkRestored = func() {
		after, err := term.GetState(int(slave.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(s.before, after) {
			t.Errorf("the terminal's settings are not restored: %+v, before %+v", after, s.before)
		}
		out := s.written()
		if strings.LastIndex(out, "\x1b[?1049l") < strings.LastIndex(out, "\x1b[?1049h") {
			t.Error("the alternate screen is not left")
		}
		if strings.LastIndex(out, "\x1b[?25h") < strings.LastIndex(out, "\x1b[?25l") {
			t.Error("the cursor stays hidden")
		}
		for _, mode := range []string{"1000", "1002", "1003", "1006", "2004"} {
			if strings.LastIndex(out, "\x1b[?"+mode+"l") < strings.LastIndex(out, "\x1b[?"+mode+"h") {
				t.Errorf("mode %s stays on", mode)
			}
		}
	}
	return s
}

func (s *session) read() {
	buffer := make([]byte, 32<<10)
	for {
		n, err := s.tty.Read(buffer)
		s.mu.Lock()
		s.raw.Write(buffer[:n])
		if n > 0 {
			_, _ = s.screen.Write(buffer[:n])
		}
		s.ended = s.ended || err != nil
		s.wrote.Broadcast()
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// written is all that the program wrote so far.
func (s *session) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.String()
}

// waitFor returns when the screen shows a text.
func (s *session) waitFor(text string) {
	s.t.Helper()
	timer := time.AfterFunc(patience, func() {
		s.mu.Lock()
		s.ended = true
		s.wrote.Broadcast()
		s.mu.Unlock()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !strings.Contains(s.screen.String(), text) {
		if s.ended {
			s.t.Fatalf("%q never appears. The screen is\n%s", text, s.screen.String())
		}
		s.wrote.Wait()
	}
}

func (s *session) press(keys string) {
	s.t.Helper()
	if _, err := s.tty.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the program and returns its exit code.
func (s *session) end() int {
	s.t.Helper()
	_ = s.cmd.Wait() // its code is asked for below
	s.mark("~ended~")
	return s.cmd.ProcessState.ExitCode()
}

// mark returns when all that the program has written was read: what it wrote last
// may still be on its way through the terminal, and a mark behind it tells.
func (s *session) mark(mark string) {
	s.t.Helper()
	s.mu.Lock()
	begun := s.raw.Len()
	s.mu.Unlock()
	if _, err := s.slave.WriteString(mark); err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ended && !bytes.Contains(s.raw.Bytes()[begun:], []byte(mark)) {
		s.wrote.Wait()
	}
}

// heedSignals lets the programs that a test starts be ended by the signals that
// this one was started with ignored, as under nohup: what is ignored stays so in
// a program that is started, but what is caught is back at its default there.
func heedSignals(t *testing.T) {
	t.Helper()
	caught := make(chan os.Signal, 1)
	for _, sig := range []os.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if signal.Ignored(sig) {
			signal.Notify(caught, sig)
		}
	}
	t.Cleanup(func() { signal.Stop(caught) })
}

func TestTheConsoleGivesTheTerminalBackWhateverEndsIt(t *testing.T) {
	heedSignals(t)
	for _, c := range []struct {
		name string
		end  func(*session)
		code int
	}{
		{"q", func(s *session) { s.press("q") }, 0},
		{"Ctrl-C", func(s *session) { s.press("\x03") }, 0},
		{"SIGINT", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGINT) }, 130},
		{"SIGTERM", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGTERM) }, 143},
		{"SIGHUP", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGHUP) }, 129},
		{"SIGQUIT", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGQUIT) }, 131},
		{"SIGABRT", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGABRT) }, 134},
		{"SIGTRAP", func(s *session) { _ = s.cmd.Process.Signal(syscall.SIGTRAP) }, 133},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newUser(t).terminal(t, 80, 24)
			s.waitFor("1/8 Where")
			c.end(s)
			if code := s.end(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			s.checkRestored()
		})
	}
}

// A console that is stopped leaves the terminal to the shell, and takes it again
// when it goes on.
func TestAStoppedConsoleLeavesTheTerminal(t *testing.T) {
	s := newUser(t).terminal(t, 80, 24)
	for range 2 {
		s.waitFor("1/8 Where")
		if err := s.cmd.Process.Signal(syscall.SIGTSTP); err != nil {
			t.Fatal(err)
		}
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(s.cmd.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
			t.Fatalf("it is not stopped: %v, %v", status, err)
		}
		s.mark("~stopped~")
		s.checkRestored()
		if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
	s.waitFor("1/8 Where")
	s.press("q")
	if code := s.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	s.checkRestored()
}

func TestEnterAndOneYReachTheLiveChart(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := newUser(t).terminal(t, size[0], size[1], "--time-scale", "40")
			for _, step := range []struct{ sees, press string }{
				{"Where", "\r"},
				{"Region for side A", "\r"},
				{"name is free", "\r"},
				{"Region for side B", "\r"},
				{"name is free", "\r"},
				{"What replicates", "\r"},
				{"Apply these 10 changes", "y"},
				{"All 10 steps done", "\r"},
				{"What to measure", "\r"},
				{"in flight", "q"},
			} {
				s.waitFor(step.sees)
				s.press(step.press)
			}
			s.waitFor("y") // it asks before it leaves probes behind
			s.press("y")
			if code := s.end(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			s.checkRestored()
		})
	}
}

func TestADumbTerminalGetsNoEscapes(t *testing.T) {
	u := newUser(t)
	u.env = append(u.env, "TERM=dumb")
	s := u.terminal(t, 80, 24)
	if code := s.end(); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	s.waitFor("TERM=dumb")
	if out := s.written(); strings.Contains(out, "\x1b") {
		t.Errorf("escape bytes on a dumb terminal: %q", out)
	}
}

// A terminal gets colours, a table and a bar; one that can't place text, and who asks
// for plain lines, get what a pipe gets.
func TestACommandDrawsOnATerminalThatCanPlaceText(t *testing.T) {
	t.Parallel()
	probe := []string{"probe", "--sandbox", "--time-scale", "20", "--rounds", "4", "--every", "300ms", "--sizes", "1KiB"}
	for _, c := range []struct {
		env               string
		more              []string
		bar, table, tints bool
	}{
		{"", nil, true, true, true}, {"NO_COLOR=1", nil, true, true, false}, {"TERM=dumb", nil, false, false, false}, {"", []string{"--plain"}, false, false, false},
	} {
		u := newUser(t)
		if c.env != "" {
			u.env = append(u.env, c.env)
		}
		s := u.terminal(t, 120, 40, append(probe, c.more...)...)
		if code := s.end(); code != 0 {
			t.Errorf("%s %v exits %d", c.env, c.more, code)
		}
		out := s.written()
		if got := strings.Contains(out, " of 8 samples"); got != c.bar {
			t.Errorf("%s %v: a bar is %t:\n%q", c.env, c.more, got, out)
		}
		if got := strings.Contains(out, "median (95 %)"); got != c.table {
			t.Errorf("%s %v: a table is %t:\n%q", c.env, c.more, got, out)
		}
		if got := strings.Contains(out, "\x1b[36m"); got != c.tints {
			t.Errorf("%s %v: colours are %t:\n%q", c.env, c.more, got, out)
		}
		if !c.bar && strings.Contains(out, "\x1b") {
			t.Errorf("%s %v: escape sequences:\n%q", c.env, c.more, out)
		}
		if strings.Contains(s.screen.String(), "in flight") {
			t.Errorf("%s %v: the bar stays:\n%s", c.env, c.more, s.screen)
		}
	}
}
