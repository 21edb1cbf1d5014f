package console

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// checkFrame says what is wrong with a frame's shape.
func checkFrame(t *testing.T, a *staged, width, height int) {
	t.Helper()
	lines := strings.Split(a.View().Content, "\n")
	if len(lines) > max(1, height) {
		t.Fatalf("%dx%d: %d lines", width, height, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > width {
			t.Fatalf("%dx%d: line %d is %d wide: %q", width, height, i, w, ansi.Strip(line))
		}
	}
}

func TestNoScreenLeavesTheTerminalAtAnySize(t *testing.T) {
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			a := scene.build(t, 80, 24)
			for height := 0; height <= 60; height++ {
				for width := 0; width <= 200; width++ {
					// Above the least size one size of 31, all
					// widths and all heights among them.
					if width > leastWidth && height > leastHeight && (width+3*height)%31 != 0 {
						continue
					}
					a.Update(tea.WindowSizeMsg{Width: width, Height: height})
					checkFrame(t, a, width, height)
				}
			}
		})
	}
}

func TestNothingImportantIsCutAt80x24(t *testing.T) {
	want := map[string][]string{
		"where":            {"Sandbox", "profile prod", "enter go on", "q quit"},
		"side-b-buckets":   {"✓ name is free", "bothways-demo-7k2m-ap-southeast-1", "enter go on"},
		"plan":             {"Apply these 10 changes?  y / N", "10 changes, 0 things of yours touched", "canary", "why"},
		"plan-blocked":     {"blocker", "Remove the rules, or choose another"},
		"apply":            {"A → B", "B → A", "◐ running", "· waiting", "✓ done"},
		"apply-failed":     {"✗ failed", "Destination bucket must have versioning enabled.", "Check that nobody suspended it", "r retry", "u undo"},
		"probe":            {"● A → B", "◆ B → A", "gave up 0", "in flight", "round 7 of 12", "loop check", "x tear down", "space pause", "s save"},
		"results-troubled": {"asked for fewer", "warnings below the table", "different", "COMPLETED"},
		"runs":             {"✓", "interrupted", "can't be read", "enter open", "space unmark"},
		"past":             {"EARLIER RUN", "Sandbox: simulated distances", "20261122-113000-aaaa", "COMPLETED", "esc earlier runs"},
		"results":          {"raw samples", ".ndjson", ".json", ".csv", ".md", "times as long"},
		"teardown-naming":  {"Type the bucket's name.", "bothways-demo-7k2m-eu-west-1"},
		"quit":             {"4 probes are in flight: stop and quit?  y / N"},
	}
	for _, scene := range scenes {
		frame := text(scene.build(t, 80, 24))
		for _, words := range want[scene.name] {
			if !strings.Contains(frame, words) {
				t.Errorf("%s lacks %q:\n%s", scene.name, words, frame)
			}
		}
		if strings.HasPrefix(scene.name, "where") || strings.HasPrefix(scene.name, "past") {
			continue
		}
		if !strings.Contains(frame, "SANDBOX") || !strings.Contains(frame, "simulated distances") {
			t.Errorf("%s is not marked as the sandbox", scene.name)
		}
	}
}

func TestTheFirstFrameWaitsForNoMessage(t *testing.T) {
	a := newApp(t.Context(), Config{Width: 120, Height: 40})
	if frame := ansi.Strip(a.View().Content); !strings.Contains(frame, "1 Where") {
		t.Errorf("before the first message:\n%s", frame)
	}
}

func TestATerminalThatIsTooSmallSaysWhatIsNeededAndKeepsMeasuring(t *testing.T) {
	a := stage(t, atProbe, 59, 16)
	measured(a, 3)
	if frame := text(a); !strings.Contains(frame, "60 x 16") {
		t.Fatalf("no note:\n%s", frame)
	}
	before := len(a.probe.m.record.Samples)
	a.Update(batch{run: &running{stream: newStream(0), take: a.probe.take}, events: nil})
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if frame := text(a); len(a.probe.m.record.Samples) != before || !strings.Contains(frame, "A → B") {
		t.Fatalf("the measurement did not go on:\n%s", frame)
	}
}

func TestAResizeStormLeavesTheScreenWhole(t *testing.T) {
	a := stage(t, atProbe, 200, 60)
	measured(a, 7)
	want := text(a)
	for i := range 500 {
		a.Update(tea.WindowSizeMsg{Width: []int{20, 0, 200, 61, 80}[i%5], Height: []int{5, 0, 60, 17}[i%4]})
		checkFrame(t, a, a.layout.width, a.layout.height)
	}
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	if got := text(a); got != want {
		t.Fatalf("after the storm:\n%s\nbefore:\n%s", got, want)
	}
}

func TestASCIIModeDrawsNoOtherRune(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 100, 30)
		a.cfg.ASCII, a.dirty = true, true
		for _, r := range a.View().Content {
			if r > 126 {
				t.Fatalf("%s draws %q", scene.name, r)
			}
		}
	}
}

func TestASCIIMarksAreTheSameInTheChartAndBesideIt(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.cfg.ASCII, a.dirty = true, true
	for _, mark := range []string{"o A -> B", "x B -> A"} {
		if frame := text(a); strings.Count(frame, mark) != 2 {
			t.Errorf("%q stands %d times, want it at the head and in the legend:\n%s", mark, strings.Count(frame, mark), frame)
		}
	}
}

func TestTheWholeRailShowsOnWideTerminalsOnly(t *testing.T) {
	if frame := text(stage(t, atPlan, 120, 40)); !strings.Contains(frame, "▸ 5 Plan") || strings.Contains(frame, "5/8") {
		t.Errorf("at 120x40:\n%s", frame)
	}
	if frame := text(stage(t, atPlan, 100, 40)); !strings.Contains(frame, "5/8 Plan") {
		t.Errorf("at 100x40:\n%s", frame)
	}
}
