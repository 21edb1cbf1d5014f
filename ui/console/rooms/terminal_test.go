package rooms

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"bothways/ui/console"
)

// patience bounds a wait for text on the screen; it only passes in a test
// that fails. A drill in virtual time may take more than a minute until a pause is
// seen to hold.
const patience = 3 * time.Minute

// terminal is an emulated terminal with a console running in it. Keys go in
// as bytes, so the parsing of keys is tested, too.
type terminal struct {
	T       *testing.T
	mu      sync.Mutex // the emulator hands out its cells, not copies
	Screen  *vt.SafeEmulator
	keys    *io.PipeWriter
	changed chan struct{} // holds a token when something was written
	ended   chan struct{}
	Cancel  context.CancelFunc

	Farewell console.Farewell
	Err      error
}

// Write draws what the program writes and wakes the waiting test.
func (x *terminal) Write(p []byte) (int, error) {
	x.mu.Lock()
	n, err := x.Screen.Write(p)
	x.mu.Unlock()
	select {
	case x.changed <- struct{}{}:
	default:
	}
	return n, err
}

// open runs a console in a terminal of the given size.
func open(t *testing.T, cfg console.Config, width, height int) *terminal {
	t.Helper()
	input, typed := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	x := &terminal{
		T: t, Screen: vt.NewSafeEmulator(width, height), keys: typed, Cancel: cancel,
		changed: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	// The emulator blocks on replies that nobody reads, and its output is no
	// terminal, so that line feeds need the newline mode.
	go func() { _, _ = io.Copy(typed, x.Screen) }()
	_, _ = x.Screen.Write([]byte("\x1b[20h"))
	go func() {
		defer close(x.ended)
		x.Farewell, x.Err = console.Run(ctx, cfg, All, tea.WithInput(input), tea.WithOutput(x), tea.WithWindowSize(width, height),
			tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignals())
	}()
	t.Cleanup(func() {
		cancel()
		<-x.ended
		_ = typed.Close()
		// Closing the emulator itself races with its reader.
		if pipe, ok := x.Screen.InputPipe().(io.Closer); ok {
			_ = pipe.Close()
		}
	})
	return x
}

// Shown is the screen's text.
func (x *terminal) Shown() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	lines := make([]string, 0, x.Screen.Height())
	for y := range x.Screen.Height() {
		var line strings.Builder
		for c := 0; c < x.Screen.Width(); c++ {
			cell := x.Screen.CellAt(c, y)
			if cell == nil || cell.Content == "" {
				line.WriteByte(' ')
			} else {
				line.WriteString(cell.Content)
			}
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return strings.Join(lines, "\n")
}

// Wait returns once all texts are on the screen together.
func (x *terminal) Wait(texts ...string) {
	x.T.Helper()
	x.Until(func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	}, strings.Join(texts, " and "))
}

// Until returns once the screen is as wished.
func (x *terminal) Until(wish func(screen string) bool, what string) {
	x.T.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(250 * time.Millisecond) // a wish may press a key whose screen looks the same
	defer again.Stop()
	for !wish(x.Shown()) {
		select {
		case <-x.changed:
		case <-again.C:
		case <-x.ended:
			x.T.Fatalf("the console ended (%v) before %q was shown; the screen:\n%s", x.Err, what, x.Shown())
		case <-deadline.C:
			x.T.Fatalf("%q is not shown; the screen:\n%s", what, x.Shown())
		}
	}
}

// Press types bytes as a keyboard sends them.
func (x *terminal) Press(bytes string) {
	x.T.Helper()
	if _, err := x.keys.Write([]byte(bytes)); err != nil {
		x.T.Fatal(err)
	}
}

// End waits for the console's end.
func (x *terminal) End() {
	x.T.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	select {
	case <-x.ended:
	case <-deadline.C:
		x.T.Fatalf("the console did not end; the screen:\n%s", x.Shown())
	}
}

// Keys as a terminal sends them.
const (
	enter  = "\r"
	escape = "\x1b"
	down   = "\x1b[B"
)
