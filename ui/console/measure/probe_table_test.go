package measure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestEveryColumnOfTheTableIsReachedByTheKeysThatTheFooterNames(t *testing.T) {
	all := []string{"median", "max", "p90", "p95", "p99"}
	for _, scene := range []string{"probe-table", "results", "past"} {
		for width := 60; width <= 200; width += 5 {
			a := sceneNamed(t, scene)
			a.Update(tea.WindowSizeMsg{Width: width, Height: 40})
			seen := map[string]bool{}
			for range all {
				frame := consoletest.Text(a.App)
				head := frame[strings.Index(frame, "   size "):]
				head, _, _ = strings.Cut(head, "\n")
				footer := frame[strings.LastIndex(frame, "\n"):]
				for _, name := range all {
					shown := strings.Contains(head, " "+name+" ")
					seen[name] = seen[name] || shown
					if shown && name != "max" && !strings.Contains(head, name+" (95 %)") {
						t.Errorf("%s, %d wide: %s has no interval: %s", scene, width, name, head)
					}
					if !shown && !strings.Contains(footer, "←→ columns") {
						t.Errorf("%s, %d wide: nothing leads to %s: %s", scene, width, name, footer)
					}
					if strings.Contains(footer, "←→ columns m") || strings.Contains(footer, "←→ columns p") {
						if named := slices.Contains(strings.Fields(footer), name); named == shown {
							t.Errorf("%s, %d wide: %s shown: %v, named in the footer: %v:\n%s\n%s", scene, width, name, shown, named, head, footer)
						}
					}
				}
				consoletest.Keys(a.App, "right")
			}
			if len(seen) != len(all) || slices.Contains([]bool{seen["median"], seen["max"], seen["p90"], seen["p95"], seen["p99"]}, false) {
				t.Errorf("%s, %d wide: seen %v", scene, width, seen)
			}
			consoletest.Keys(a.App, "left", "left", "left", "left", "left")
			if frame := consoletest.Text(a.App); !strings.Contains(frame, "median (95 %)") {
				t.Errorf("%s, %d wide: ← does not lead back:\n%s", scene, width, frame)
			}
		}
	}
}

func TestAQuantileInTheTableHasItsIntervalOrSaysWhatIsMissing(t *testing.T) {
	a := stage(t, host.Probe, 200, 60)
	measured(a, 12)
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
	measured(a, 1)
	for i := range 400 {
		a.probe.feed(probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "x", PostedAt: consoletest.Noon, Outcome: probe.Replicated,
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
	a := sceneNamed(t, "probe-table")
	d := a.probe.m.compared().Direction(pair.BtoA)
	for width, want := range map[int][]string{
		200: {"p90 " + quantileText(d.P90, true), "p95 " + quantileText(d.P95, true), "( ) 95 % intervals"},
		120: {"p90 " + quantileText(d.P90, true), "p95 " + quantileText(d.P95, true)},
		80:  {"p90 " + quantileText(d.P90, false), "median " + quantileText(d.Median, true)},
	} {
		lines := summaryLines(a.probe.m.compared(), nil, width-10)
		for _, words := range want {
			if !strings.Contains(lines[0]+lines[1], words) {
				t.Errorf("%d wide: %q is missing:\n%s\n%s", width, words, lines[0], lines[1])
			}
		}
	}
}

func TestTheLastLineBelowATableCanBeScrolledTo(t *testing.T) {
	for _, scene := range []string{"probe-table", "results", "past"} {
		a := sceneNamed(t, scene)
		a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		for range 200 {
			consoletest.Keys(a.App, "j")
			consoletest.Text(a.App)
		}
		m := regexp.MustCompile(`lines \d+ to (\d+) of (\d+)`).FindStringSubmatch(consoletest.Text(a.App))
		if m == nil || m[1] != m[2] {
			t.Errorf("%s ends at %v:\n%s", scene, m, consoletest.Text(a.App))
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

// sized is a run that is over, of which every probe arrived.
func sized(a *staged, rounds int) {
	measured(a, rounds)
	for _, f := range a.probe.m.inFlight() {
		a.probe.feed(probe.Sample{
			Direction: f.direction, SizeBytes: f.size, Key: f.event.Key, PostedAt: f.posted,
			DurationMS: 5000, BracketMS: [2]float64{4900, 5100}, Outcome: probe.Replicated,
		})
	}
	a.probe.m.ended = a.Now().Add(time.Second)
	consoletest.Redraw(a.App)
}

func TestTheSizeVerdictOfEachDirectionStandsAboveTheChartBySizeOrBelowTheTable(t *testing.T) {
	verdicts := func(a *staged) (want []string) {
		for _, d := range pair.Directions() {
			v := a.probe.m.compared().CompareSizesIn(d, a.probe.m.looks())
			if !v.Enough || v.Direction == nil {
				t.Fatalf("%s: %s", d.Arrow(), v.Sentence)
			}
			want = append(want, v.Sentence)
		}
		return want
	}
	words := func(frame string) string { return strings.Join(strings.Fields(frame), " ") }
	a := stage(t, host.Probe, 120, 40)
	sized(a, 12)
	for _, sentence := range verdicts(a) {
		if frame := consoletest.Text(a.App); !strings.Contains(words(frame), sentence) {
			t.Errorf("by size: %q is missing:\n%s", sentence, frame)
		}
	}
	consoletest.Keys(a.App, "v")
	if frame := consoletest.Text(a.App); strings.Contains(words(frame), verdicts(a)[0]) {
		t.Errorf("over time shows it, too:\n%s", frame)
	}
	for _, at := range []host.Place{host.Probe, host.Results} {
		small := stage(t, at, 80, 24)
		sized(small, 12)
		if at == host.Probe {
			if frame := consoletest.Text(small.App); strings.Contains(words(frame), verdicts(small)[0]) {
				t.Errorf("it takes the room of the chart:\n%s", frame)
			}
			consoletest.Keys(small.App, "t")
		}
		var read strings.Builder
		for range 60 {
			read.WriteString(words(consoletest.Text(small.App)))
			consoletest.Keys(small.App, "j")
		}
		for _, sentence := range verdicts(small) {
			if !strings.Contains(read.String(), sentence) {
				t.Errorf("%s: below the table %q is missing", at.Title(), sentence)
			}
		}
	}
}

func TestWhatEveryLookMeansIsSaidWhileItMatters(t *testing.T) {
	const note = "95 % at every look: holds however often you look"
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	if frame := consoletest.Text(a.App); !strings.Contains(frame, note) {
		t.Errorf("live:\n%s", frame)
	}
	over := stage(t, host.Probe, 120, 40)
	sized(over, 12)
	if over.probe.m.looks() != stats.Once {
		t.Fatal("the run did not end as planned")
	}
	if frame := consoletest.Text(over.App); strings.Contains(frame, "every look") {
		t.Errorf("of a run that ended as planned:\n%s", frame)
	}
}

func TestTheHeadSaysHowManyOfItsSamplesAreInFlightWhileThereIsRoom(t *testing.T) {
	a := sceneNamed(t, "probe")
	m := a.probe.m
	flying := m.flying()
	if flying == nil || flying[pair.AtoB] == 0 {
		t.Fatalf("in flight: %v", flying)
	}
	want := fmt.Sprintf("n %d, %d of them in flight", m.compared().Direction(pair.AtoB).N, flying[pair.AtoB])
	if line := summaryLines(m.compared(), flying, 190)[0]; !strings.HasPrefix(line, want) {
		t.Errorf("no %q in %s", want, line)
	}
	if line := summaryLines(m.compared(), flying, 60)[0]; strings.Contains(line, "in flight") || !strings.Contains(line, "median") {
		t.Errorf("without room: %s", line)
	}
	m.ended = m.began.Add(time.Minute)
	if m.flying() != nil {
		t.Error("after the end some are in flight")
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
