package measure

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/console/host"
)

func TestBothDirectionsLinesShowTheSameItemsWhole(t *testing.T) {
	a := stage(t, host.Probe, 100, 30)
	fed(a, 80)
	for range 40 { // A to B has a p90, B to A less
		a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, DurationMS: 61234, Outcome: probe.Replicated, PostedAt: noon})
	}
	for width := 30; width <= 120; width++ {
		lines := summaryLines(a.probe.m.standing(a.probe.m.compared()), width, plainly)
		for _, item := range []string{"n ", "p90 ", "max ", "lost "} {
			has := strings.Contains(lines[0], item)
			if has != strings.Contains(lines[1], item) {
				t.Errorf("%d: %q stands in one line only:\n%s\n%s", width, item, lines[0], lines[1])
			}
			if !has && item != "p90 " && item != "max " {
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
	if cells, width := figureColumns()[0].texts([]figureRow{{of: stats.Summary{Counts: stats.Counts{N: 9}, Median: found}}}, 23); cells[0] != "at most 0.50 s" || width > 22 {
		t.Errorf("in a narrow column: %q, %d wide", cells[0], width)
	}
	near := stats.Quantile{State: stats.Known, Value: 4 * time.Second, Upper: 6 * time.Second}
	if got := quantileText(near, true); got != "4.0 s (up to 6.0 s)" {
		t.Errorf("%q", got)
	}
}

func TestAQuantileInTheTableHasItsIntervalOrSaysWhatIsMissing(t *testing.T) {
	a := stage(t, host.Probe, 200, 60)
	fed(a, 144)
	c := a.probe.m.compared()
	rows := (&figures{}).Draw(a.Look().Theme, a.probe.m, 200)
	d := c.Direction(pair.AtoB)
	row := ansi.Strip(rows[1])
	for name, q := range map[string]stats.Quantile{"median": d.Median, "p90": d.P90, "p95": d.P95} {
		if want := quantileText(q, true); q.State != stats.Known || !strings.Contains(row, want) || !strings.Contains(want, " to ") {
			t.Errorf("%s, %q, is not in %s", name, want, row)
		}
	}
	if !strings.Contains(row, "too few arrivals") {
		t.Errorf("of p99 with probes in flight it is not said what is missing: %s", row)
	}
	cell := ansi.Strip(rows[5])
	if !strings.Contains(cell, "too few (17 more)") || !strings.Contains(cell, "too few (47 more)") || !strings.Contains(cell, "too few (287 more)") {
		t.Errorf("12 samples: %s", cell)
	}
}

func TestIntervalsThatAreTooWideForALineGiveWayWhole(t *testing.T) {
	a := stage(t, host.Probe, 80, 24)
	fed(a, 8)
	for at := range 400 {
		i := at * 149 % 400 // no burst
		a.probe.feed(probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "x", PostedAt: noon, Outcome: probe.Replicated,
			DurationMS: float64(125_000 + 1000*i), BracketMS: [2]float64{float64(124_500 + 1000*i), float64(125_500 + 1000*i)},
		})
	}
	for width := 60; width <= 200; width++ {
		f := &figures{}
		for range 5 {
			for _, line := range f.Draw(a.Look().Theme, a.probe.m, width) {
				if plain := ansi.Strip(line); strings.Contains(plain, "…") || strings.Count(plain, "(") != strings.Count(plain, ")") {
					t.Fatalf("%d wide: %s", width, plain)
				}
			}
			f.part++
		}
	}
	if rows := strings.Join((&figures{}).Draw(a.Look().Theme, a.probe.m, 200), "\n"); !strings.Contains(ansi.Strip(rows), " min ") || !strings.Contains(rows, " to ") {
		t.Errorf("with room:\n%s", rows)
	}
}

func TestTheHeadShowsTheIntervalsOfTheTailsWhereThereIsRoom(t *testing.T) {
	a := stage(t, host.Probe, 100, 30)
	fed(a, 140)
	d := a.probe.m.compared().Direction(pair.BtoA)
	for width, want := range map[int][]string{
		200: {"p90 " + quantileText(d.P90, true), "p95 " + quantileText(d.P95, true)},
		120: {"p90 " + quantileText(d.P90, true), "mean " + meanText(d, true)},
		80:  {"p90 " + quantileText(d.P90, false), "median " + quantileText(d.Median, true)},
	} {
		lines := summaryLines(a.probe.m.standing(a.probe.m.compared()), width-10, plainly)
		for _, words := range want {
			if !strings.Contains(lines[0]+lines[1], words) {
				t.Errorf("%d wide: %q is missing:\n%s\n%s", width, words, lines[0], lines[1])
			}
		}
	}
}

func TestPartsOfATableHoldEveryColumnOnceOrMoreInOrder(t *testing.T) {
	widths := []int{21, 12, 21, 30, 21}
	for room := 1; room < 120; room++ {
		next := 0
		for _, part := range partsOf(widths, room) {
			if part.from > next || part.to <= next {
				t.Fatalf("room %d: columns %d to %d follow up to %d", room, part.from, part.to, next)
			}
			used := 0
			for i := part.from; i < part.to; i++ {
				used += widths[i] + 1
			}
			if used > room && part.to-part.from > 1 {
				t.Fatalf("room %d: columns %d to %d take %d", room, part.from, part.to, used)
			}
			next = part.to
		}
		if next != len(widths) {
			t.Fatalf("room %d: only %d columns", room, next)
		}
	}
}

func TestNIsWhatArrivedAndBesideItStandsWhatIsInFlight(t *testing.T) {
	a := stage(t, host.Probe, 100, 30)
	fed(a, 80)
	m := a.probe.m
	for width, want := range map[int]string{190: "n 40 +2 in flight", 60: "n 40 +2"} {
		if line := summaryLines(m.standing(m.compared()), width, plainly)[0]; !strings.HasSuffix(line, want) {
			t.Errorf("no %q in %s", want, line)
		}
	}
	m.ended = m.began.Add(time.Minute)
	if line := summaryLines(m.standing(m.compared()), 190, plainly)[0]; !strings.HasSuffix(line, "n 40") {
		t.Errorf("after the end: %s", line)
	}
}

func TestWhatIsMissingIsSaidOnlyWhereItIsKnown(t *testing.T) {
	for missing, want := range map[int]string{5: "too few (5 more)", 0: "too few arrivals"} {
		if got := quantileText(stats.Quantile{Missing: missing}, true); got != want {
			t.Errorf("%d: %q", missing, got)
		}
	}
	if got := maxText(stats.Summary{}); got != "none" {
		t.Errorf("without a sample the longest is %q", got)
	}
}

func TestTheLinesTellTheMeanBesideTheMedian(t *testing.T) {
	c := stats.NewCollector()
	for i := range 30 {
		ms := 4000 + 10*float64(i*7%30)
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1, Round: i + 1, Outcome: probe.Replicated, DurationMS: ms, BracketMS: [2]float64{ms, ms}})
	}
	m := newMeasurement(probe.Config{}, noon)
	for _, over := range []bool{false, true} {
		if over {
			m.ended = noon
		}
		if line := summaryLines(m.standing(c), 190, plainly)[0]; !strings.Contains(line, "   mean 4.1 s (4.1 to 4.2)   ") {
			t.Errorf("over %v: %s", over, line)
		}
	}
	if line := summaryLines(m.standing(c), 40, plainly)[0]; strings.Contains(line, "mean") || !strings.Contains(line, "4.1 s (4.1 to 4.2)") {
		t.Errorf("with little room: %s", line)
	}
}
