package rooms

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console"
)

// fits says what is wrong with a frame's shape.
func (s *stage) fits(width, height int) {
	s.t.Helper()
	lines := strings.Split(s.View().Content, "\n")
	if len(lines) > max(1, height) {
		s.t.Fatalf("%dx%d: %d lines", width, height, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > width {
			s.t.Fatalf("%dx%d: line %d is %d wide: %q", width, height, i, w, ansi.Strip(line))
		}
	}
}

func TestNoScreenLeavesTheTerminalAtAnySize(t *testing.T) {
	inEachScene(t, func(s *stage) {
		for height := 0; height <= 60; height++ {
			for width := 0; width <= 200; width++ {
				// Above the least size one size of 31, all
				// widths and all heights among them.
				if width > console.LeastWidth && height > console.LeastHeight && (width+3*height)%31 != 0 {
					continue
				}
				s.Update(tea.WindowSizeMsg{Width: width, Height: height})
				s.fits(width, height)
			}
		}
	}, [2]int{80, 24})
}

func TestNothingImportantIsCutAt80x24(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"where":          {"Sandbox", "profile prod", "enter go on", "q quit"},
		"side-b-buckets": {"✓ name is free", "bothways-demo-7k2m-ap-southeast-1", "enter go on"},

		"plan":            {"Apply these 10 changes to the sandbox (simulated)?  y / N", "10 changes, none to what you have already", "canary", "why"},
		"plan-blocked":    {"blocker", "Remove the rules, or choose another"},
		"apply":           {"A → B", "B → A", "◐ running", "· waiting", "✓ done"},
		"apply-failed":    {"✗ failed", "Destination bucket must have versioning enabled.", "Check that nobody suspended it", "r retry", "u undo"},
		"teardown-naming": {"Type the bucket's name", "bothways-demo-7k2m-eu-west-1"},

		"probe":            {"● A → B", "◆ B → A", "lost 0", "n 40 +2", "in flight", "round 7 of 12", "loop check", "i explain", "enter results", "space pause", "s save"},
		"results-troubled": {"asked for fewer", "warnings below the table", "different", "COMPLETED"},
		"runs":             {" * 2026", "interrupted", "can't be read", "enter open", "space unmark"},
		"past":             {"EARLIER RUN", "Sandbox: simulated distances", "20261122-113000-aaaa", "COMPLETED", "esc earlier runs"},
		"results":          {"raw samples", ".ndjson", "times as long"},
		"quit":             {"4 probes are in flight: stop and quit?  y / N"},
	}
	for name := range want {
		named(t, name)
	}
	for _, sc := range scenes() {
		playScene(t, sc.name, 80, 24, func(s *stage) {
			s.shows(want[sc.name]...)
			if !strings.HasPrefix(sc.name, "where") && !strings.HasPrefix(sc.name, "past") && !strings.HasPrefix(sc.name, "plan-in-") {
				s.shows("SANDBOX", "simulated distances")
			}
		})
	}
}

func TestASCIIModeDrawsNoOtherRune(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		play(t, 100, 30, func(s *stage) {
			s.cfg.ASCII = true
			sc.play(s)
			for _, r := range s.View().Content {
				if r > 126 {
					t.Fatalf("%s draws %q", sc.name, r)
				}
			}
		})
	}
}
