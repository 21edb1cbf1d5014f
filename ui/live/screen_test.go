package live

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"bothways/aws/audit"
	"bothways/aws/backfill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe"
)

// terminal is a screen, and what is seen on it.
func terminal(t *testing.T, columns int, ascii bool) (s *Screen, seen func() string) {
	t.Helper()
	var raw bytes.Buffer
	s = start(&raw, ascii, func() int { return columns })
	return s, func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		screen := vt.NewEmulator(columns, 20)
		_, _ = screen.WriteString(strings.ReplaceAll(raw.String(), "\n", "\r\n"))
		return strings.TrimRight(screen.String(), "\n ")
	}
}

func TestWhatGoesOnIsDrawnBelowTheLinesAndGoesWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, seen := terminal(t, 80, true)
		for _, id := range []string{"one", "two"} {
			s.Event(step.Event{ID: id, Status: step.Pending})
		}
		s.Event(step.Event{ID: "one", Status: step.Done})
		s.Event(step.Event{ID: "two", Status: step.Running})
		time.Sleep(100 * time.Millisecond)
		if now := seen(); now != "" {
			t.Errorf("at once it draws %q", now)
		}
		time.Sleep(time.Second)
		_, _ = s.Write([]byte("done one\n"))
		s.Above(func() { _, _ = fmt.Fprintln(s.out, "a note") })
		now := ansi.Strip(seen())
		if !strings.HasPrefix(now, "done one\na note\n") || !strings.Contains(now, "#####") || !strings.Contains(now, "50 %  1 of 2 steps  two") {
			t.Errorf("it draws %q", now)
		}
		release := s.Hold()
		time.Sleep(time.Second)
		if now := seen(); strings.Contains(now, "steps") {
			t.Errorf("while somebody is asked it draws %q", now)
		}
		release()
		s.Event(step.Event{ID: "two", Status: step.Done})
		time.Sleep(time.Second)
		if now := seen(); now != "done one\na note" {
			t.Errorf("after the last step it draws %q", now)
		}
		s.Wait("reading")
		time.Sleep(time.Second)
		s.Close()
		s.Close()
		s.Wait("more")
		if now := seen(); now != "done one\na note" {
			t.Errorf("after its end it draws %q", now)
		}
	})
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	events := map[string]pair.Event{
		"0 of 72 samples": probe.RunEvent{Sizes: []int64{1, 2, 3}, Rounds: 12}, "comparing, ": audit.Progress{Phase: audit.Listing, Done: 0.25, Left: time.Minute},
		"job Active": backfill.Progress{State: "Active", Done: 1, Total: 4}, "drill: waiting until isolated": record.Change{State: record.Isolated},
	}
	for words, event := range events {
		for _, columns := range []int{1, 2, 20, 49, 50, 80, 200} {
			s := &Screen{columns: func() int { return columns }}
			s.Event(event)
			line := s.line(s.going.words(), columns)
			if width := ansi.StringWidth(line); width >= columns && columns > 1 {
				t.Errorf("%q takes %d of %d columns", line, width, columns)
			}
			if columns == 200 && !strings.Contains(ansi.Strip(line), words) {
				t.Errorf("%q says nothing of %q", line, words)
			}
		}
	}
}

func TestWhatIsAwaitedIsNamedWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, seen := terminal(t, 80, false)
		asked := time.Now()
		s.Awaiting(func() (string, time.Time, bool) { return "S3 HeadBucket", asked, true })
		time.Sleep(3 * time.Second)
		if now := ansi.Strip(seen()); !strings.Contains(now, "waiting for S3 HeadBucket, 3s") {
			t.Errorf("it draws %q", now)
		}
		s.Close()
	})
}

// A colour is never all that says something.
func TestColoursAddNoWords(t *testing.T) {
	for _, e := range []pair.Event{
		step.Event{Status: step.Failed}, probe.Sample{Direction: pair.BtoA, Outcome: probe.GaveUp}, probe.Sample{Outcome: probe.Replicated}, probe.StallEvent{Stalled: true}, nil,
	} {
		const line = "failed    rule-a-to-b  A → B  B → A"
		if styled := Style(e, line); ansi.Strip(styled) != line {
			t.Errorf("%T makes %q of it", e, styled)
		}
	}
}

func TestATableFitsItsTerminal(t *testing.T) {
	for _, columns := range []int{40, 80, 200} {
		s := &Screen{columns: func() int { return columns }}
		text := s.Table([]string{"change", "step", "where", "what"}, [][]string{{"create", "bucket", "A", strings.Repeat("a long word and another ", 5)}, {"prove", "canary", "A → B", "x"}})
		for line := range strings.Lines(text) {
			if width := ansi.StringWidth(strings.TrimRight(line, "\n")); width > columns {
				t.Errorf("%q takes %d of %d columns", line, width, columns)
			}
		}
		if columns >= 80 && !strings.HasPrefix(ansi.Strip(text), "change  step    where  what") {
			t.Errorf("it draws\n%s", text)
		}
	}
}
