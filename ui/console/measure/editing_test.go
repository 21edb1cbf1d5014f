package measure

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/console/consoletest"
)

func TestEveryZoomChangesTheChartOrSaysThatItCannot(t *testing.T) {
	for _, age := range []time.Duration{5 * time.Second, 70 * time.Second, 20 * time.Minute, 30 * time.Hour} {
		var c charts
		last := age
		for c.zoomIn(age) {
			if c.window >= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		for c.zoomOut(age) {
			if c.window != 0 && c.window <= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		if c.window != 0 {
			t.Errorf("at %v all the way out shows %v", age, c.window)
		}
	}
	a := sceneNamed(t, "probe-time")
	for range 10 {
		consoletest.Keys(a.App, "+")
	}
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "cannot zoom further in") {
		t.Errorf("after ten times +:\n%s", frame)
	}
}

func TestFreezingStaysNamedWhileFrozen(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	consoletest.Keys(a.App, "f")
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "Frozen; measuring goes on.") || !strings.Contains(frame, "f unfreeze") {
		t.Errorf("frozen:\n%s", frame)
	}
}

func TestBothDirectionsLinesShowTheSameItemsWhole(t *testing.T) {
	a := sceneNamed(t, "probe")
	for range 40 { // A to B has a p90, B to A less
		a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, DurationMS: 61234, Outcome: probe.Replicated, PostedAt: consoletest.Noon})
	}
	for width := 30; width <= 120; width++ {
		lines := summaryLines(a.probe.m.compared(), nil, width)
		for _, item := range []string{"n ", "median ", "p90 ", "max ", "gave up "} {
			has := strings.Contains(lines[0], item)
			if has != strings.Contains(lines[1], item) {
				t.Errorf("%d: %q stands in one line only:\n%s\n%s", width, item, lines[0], lines[1])
			}
			if !has && item != "p90 " {
				t.Errorf("%d: %q gave way: %s", width, item, lines[0])
			}
		}
		if strings.Contains(lines[0]+lines[1], "…") {
			t.Errorf("%d: a number is cut:\n%s\n%s", width, lines[0], lines[1])
		}
	}
}

func TestAMedianThatTheFirstPollsFoundIsAtMost(t *testing.T) {
	found := stats.Quantile{State: stats.AtMost, AtFirst: true, Value: 500 * time.Millisecond, Upper: 2 * time.Second}
	for interval, want := range map[bool]string{true: "at most 0.50 s (up to 2.0 s)", false: "at most 0.50 s"} {
		if got := quantileText(found, interval); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if cells, width := figureColumns()[0].texts([]figureRow{{"", stats.Summary{Counts: stats.Counts{N: 9}, Median: found}}}, 23); cells[0] != "at most 0.50 s" || width > 22 {
		t.Errorf("in a narrow column: %q, %d wide", cells[0], width)
	}
	near := stats.Quantile{State: stats.Known, Value: 4 * time.Second, Upper: 6 * time.Second}
	if got := quantileText(near, true); got != "4.0 s (up to 6.0 s)" {
		t.Errorf("%q", got)
	}
}
