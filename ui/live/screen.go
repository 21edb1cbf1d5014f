// Package live shows what a command writes on a terminal: its lines with colours,
// its lists as tables, and below them, while something goes on, one line that is
// drawn anew: a bar where there is a share to show, and else what is waited for. A
// pipe, a file and a terminal that can't place text get nothing of it.
package live

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"charm.land/bubbles/v2/progress"
	"charm.land/bubbles/v2/spinner"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

const (
	beat     = 125 * time.Millisecond
	patience = 400 * time.Millisecond // nothing is drawn of what ends sooner
	barMost  = 30                     // columns
	narrow   = 50                     // columns below which there is no bar
)

// Screen is a terminal that lines are written to. A nil one writes nothing and
// calls what it is given. Its methods may be called from several goroutines.
type Screen struct {
	columns func() int
	ascii   bool

	mu    sync.Mutex
	out   io.Writer
	going going
	since time.Time // of what goes on
	drawn bool      // the last line is ours
	held  int
	frame int
	done  chan struct{}
	beats sync.WaitGroup
}

// On is the screen of a terminal, or nil where a file is none that can place text.
func On(file *os.File, environ []string, dumb, ascii bool) *Screen {
	if dumb || !term.IsTerminal(file.Fd()) {
		return nil
	}
	lipgloss.EnableLegacyWindowsANSI(file)
	return start(colorprofile.NewWriter(file, environ), ascii, func() int {
		columns, _, err := term.GetSize(file.Fd())
		if err != nil || columns <= 0 {
			return 80
		}
		return columns
	})
}

func start(out io.Writer, ascii bool, columns func() int) *Screen {
	s := &Screen{columns: columns, ascii: ascii, out: out, done: make(chan struct{}), since: time.Now()}
	s.beats.Go(func() {
		clock := time.NewTicker(beat)
		defer clock.Stop()
		for {
			select {
			case <-s.done:
				return
			case <-clock.C:
				s.mu.Lock()
				s.frame++
				s.draw()
				s.mu.Unlock()
			}
		}
	})
	return s
}

// Columns is the terminal's width.
func (s *Screen) Columns() int { return s.columns() }

// Write writes whole lines above the one that is drawn.
func (s *Screen) Write(lines []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	n, err := s.out.Write(lines)
	s.draw()
	return n, err
}

// Above lets something else write to the same terminal.
func (s *Screen) Above(write func()) {
	if s == nil {
		write()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	write()
	s.draw()
}

// Hold leaves the terminal to somebody who is asked something on it, until what it
// returns is called.
func (s *Screen) Hold() (release func()) {
	if s == nil {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	s.held++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held--
	})
}

// Close takes the drawn line away, and draws no more.
func (s *Screen) Close() {
	if s == nil {
		return
	}
	s.mu.Lock()
	closed := s.held < 0
	s.clear()
	s.held = -1 << 20
	s.mu.Unlock()
	if !closed {
		close(s.done)
		s.beats.Wait()
	}
}

// clear takes the drawn line away.
func (s *Screen) clear() {
	if s.drawn {
		s.drawn = false
		_, _ = io.WriteString(s.out, "\r"+ansi.EraseEntireLine) // a terminal that is gone is told of by the lines
	}
}

// draw draws what goes on, where that has taken long enough to be worth it.
func (s *Screen) draw() {
	if s.held != 0 {
		return
	}
	words := s.going.words()
	if words == "" || time.Since(s.since) < patience {
		s.clear()
		return
	}
	s.drawn = true
	_, _ = io.WriteString(s.out, "\r"+ansi.EraseEntireLine+s.line(words, s.columns())) // as above
}

// line is what goes on in at most so many columns, less one, so that no terminal
// goes on to the next line.
func (s *Screen) line(words string, columns int) string {
	frames := spinner.MiniDot.Frames
	if s.ascii {
		frames = spinner.Line.Frames
	}
	line := accent().Render(frames[s.frame%len(frames)]) + " "
	if share := s.going.share(); share >= 0 && columns >= narrow {
		bar := progress.New(progress.WithWidth(min(barMost, columns/3)), progress.WithoutPercentage(), progress.WithColors(lipgloss.Cyan))
		if s.ascii {
			bar.Full, bar.Empty = '#', '.'
		}
		line += bar.ViewAs(share) + fmt.Sprintf(" %3.0f %%  ", 100*share)
	}
	return ansi.Truncate(line+words, columns-1, "")
}
