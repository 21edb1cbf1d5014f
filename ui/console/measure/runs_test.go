package measure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
	"bothways/ui/runs"
)

func TestTheListOfRealJournalsIsHarmlessWhateverTheirNames(t *testing.T) {
	a := stage(t, host.Where, 100, 40)
	a.Cfg.RunsDir = t.TempDir()
	const evil = "20261122-100000-\x1b]0;x\x07\x1b[2J\u202e"
	for name, text := range map[string]string{evil: "{broken\x1b[2J\n", "20261121-\x9b31m": "\x1b[2J"} {
		if err := os.WriteFile(filepath.Join(a.Cfg.RunsDir, name+journal.Extension), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := writeRun(t, a.Cfg.RunsDir, "20261120-100000-aaaa", []string{"note \x1b[2J\u202e"}, earlierEvents(3, 1))
	hostileName := filepath.Join(a.Cfg.RunsDir, "20261123-\x1b[2J\u202e"+journal.Extension)
	if err := os.Rename(path, hostileName); err != nil {
		t.Fatal(err)
	}
	show := func(what string) {
		t.Helper()
		content := a.View().Content
		for _, bad := range []string{"\x1b[2J", "\x1b]", "\x07", "\x9b", "\u202e"} {
			if strings.Contains(content, bad) {
				t.Errorf("%s draws %q", what, bad)
			}
		}
		consoletest.CheckFrame(t, a.App, 100, 40)
	}
	_, cmd := a.Update(consoletest.KeyNamed("r"))
	delivered(a.App, cmd)
	for range a.past.entries {
		show("the list")
		consoletest.Keys(a.App, "down")
	}
	if len(a.past.entries) != 3 {
		t.Fatalf("%d runs are listed:\n%s", len(a.past.entries), consoletest.Text(a.App))
	}
	consoletest.Keys(a.App, "up", "up", "up")
	_, cmd = a.Update(consoletest.KeyNamed("enter"))
	delivered(a.App, cmd)
	if a.At() != host.Past {
		t.Fatalf("the run was not opened:\n%s", consoletest.Text(a.App))
	}
	show("the run")
}

func TestARunWhoseIDIsAPathIsSavedInTheFolderAskedFor(t *testing.T) {
	a := stage(t, host.Runs, 100, 30)
	events := earlierEvents(3, 1)
	dir := filepath.Join(t.TempDir(), "inner")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := writeRun(t, dir, "20261122-100000-aaaa", nil, events)
	journalText, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(journalText), "20261122-1", "../../20261122-1")), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := runs.Open("", path)
	if err != nil {
		t.Fatal(err)
	}
	a.past.opened(a.past.gen, newPast(found), nil)
	s := a.Screens[host.Past].(*resultsScreen)
	s.folder = widget.NewField(dir)
	consoletest.Deliver(a, s.save())
	if _, err := os.Stat(filepath.Join(dir, "bothways-20261122-100000-aaaa.html")); err != nil {
		t.Errorf("%v: %s", err, s.failed)
	}
}

func TestARunWithADamagedJournalNamesItsLinesInTheList(t *testing.T) {
	a := sceneNamed(t, "runs-broken")
	e := a.past.all[len(a.past.all)-1]
	e.Damage = "line 7 of the journal is damaged"
	if shown := ansi.Strip(strings.Join(a.past.details(e, 80), "\n")); !strings.Contains(shown, "! damaged") || !strings.Contains(shown, e.Damage) {
		t.Errorf("it shows\n%s", shown)
	}
}

func TestABrokenRunIsNeitherOpenedNorComparedAndSaysWhy(t *testing.T) {
	a := sceneNamed(t, "runs-broken")
	for _, key := range []string{"enter", "space"} {
		consoletest.Keys(a.App, key)
		if frame := consoletest.Text(a.App); a.At() != host.Runs || a.past.opening != "" || len(a.past.marked) != 0 || !strings.Contains(frame, "the run can't be read: read journal, line 7") {
			t.Errorf("%s:\n%s", key, frame)
		}
	}
	consoletest.Keys(a.App, "c")
	if !strings.Contains(consoletest.Text(a.App), "mark two runs with space first") {
		t.Errorf("c:\n%s", consoletest.Text(a.App))
	}
	consoletest.Keys(a.App, "up", "space", "up", "space", "up", "space")
	if len(a.past.marked) != 2 || !strings.Contains(consoletest.Text(a.App), "two runs are marked already") {
		t.Errorf("%d are marked:\n%s", len(a.past.marked), consoletest.Text(a.App))
	}
}

func TestARunThatIsReadTooLateIsDropped(t *testing.T) {
	a := sceneNamed(t, "runs")
	consoletest.Keys(a.App, "down", "enter")
	gen := a.past.gen
	consoletest.Keys(a.App, "esc")
	a.Update(host.Result(func() tea.Cmd { return a.past.opened(gen, newPast(pastOf(t, 3, 1)), nil) }))
	if a.At() != host.Runs || a.past.opening != "" {
		t.Errorf("a run that was given up came to the front at %s", a.At().Title())
	}
	consoletest.Keys(a.App, "enter")
	gen = a.past.gen
	a.GoTo(host.Where)
	a.Update(host.Result(func() tea.Cmd { return a.past.opened(gen, newPast(pastOf(t, 3, 1)), nil) }))
	a.Update(host.Result(func() tea.Cmd { return a.past.listed(a.past.listing-1, nil, nil) }))
	if a.At() != host.Where || len(a.past.entries) == 0 {
		t.Error("what was left changed the screen")
	}
}

func TestAnEarlierRunLeavesTheConsolesOwnMeasurementAlone(t *testing.T) {
	a := sceneNamed(t, "probe")
	own := a.probe.m
	a.GoTo(host.Results)
	consoletest.Keys(a.App, "r")
	listed(a)
	a.past.opened(a.past.gen, newPast(pastOf(t, 3, 1)), nil)
	consoletest.Keys(a.App, "t", "v", "v", "a", "x", "enter")
	if a.At() != host.Past || a.probe.m != own || a.probe.charts.view != bySize || unkept(a) != 80 || !a.probe.running() {
		t.Errorf("at %s; the own measurement changed: %v, view %d, %d unkept", a.At().Title(), a.probe.m != own, a.probe.charts.view, unkept(a))
	}
	consoletest.Keys(a.App, "esc")
	a.past.opening = ""
	consoletest.Keys(a.App, "esc")
	if a.At() != host.Results {
		t.Errorf("esc leads to %s", a.At().Title())
	}
}

func TestAStallIsSaidWhenItBeginsAndWhenItEnds(t *testing.T) {
	a := sceneNamed(t, "probe")
	for _, stall := range []struct {
		event probe.StallEvent
		says  string
	}{
		{probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 62_400, InFlight: 3, At: consoletest.Noon}, "B → A: nothing has arrived for 1 min 2 s, 3 probes wait"},
		{probe.StallEvent{Direction: pair.BtoA, QuietMS: 90_000, At: consoletest.Noon}, "B → A: something arrived again, after 1 min 30 s"},
	} {
		a.Update(host.Batch{Run: a.probe.run, Events: []pair.Event{stall.event}})
		if !strings.Contains(consoletest.Text(a.App), stall.says) {
			t.Errorf("%q is missing:\n%s", stall.says, consoletest.Text(a.App))
		}
	}
}

func TestEveryWarningOfARunIsListedInItsResults(t *testing.T) {
	a := sceneNamed(t, "results-troubled")
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		a.results.Enter("")
		var read strings.Builder
		consoletest.Redraw(a.App)
		for range 90 {
			read.WriteString(consoletest.Text(a.App))
			consoletest.Keys(a.App, "j")
		}
		words := strings.Join(strings.Fields(read.String()), " ")
		for _, want := range []string{
			"S3 asked for fewer", "Stalls B → A", "Not confirmed", "credentials have expired", "Left behind", "Direction bias", "lifecycle rule",
			"1 different", "141 of 141 stayed", "COMPLETED", "Round trip to side B",
		} {
			if !strings.Contains(words, want) {
				t.Errorf("at %v %q is nowhere", size, want)
			}
		}
	}
}

func TestAnEarlierRunShowsTheSameFiguresAsWhenItWasMeasured(t *testing.T) {
	a := stage(t, host.Results, 120, 40)
	cfg, err := a.probe.setup.config(a.Pair)
	if err != nil {
		t.Fatal(err)
	}
	a.probe.choosing, a.probe.m = false, newMeasurement(cfg, consoletest.Noon)
	for _, e := range earlierEvents(7, 1) {
		a.probe.feed(e)
	}
	past := newPast(pastOf(t, 7, 1))
	live, again := (&figures{}).Draw(a.Look().Theme, a.probe.m, 160), (&figures{}).Draw(a.Look().Theme, past.m, 160)
	if strings.Join(live, "\n") != strings.Join(again, "\n") {
		t.Errorf("live:\n%s\nagain:\n%s", strings.Join(live, "\n"), strings.Join(again, "\n"))
	}
	for what, texts := range map[string][2]string{
		"loop check": {a.probe.m.loopText(a.Look().Theme), past.m.loopText(a.Look().Theme)},
		"content":    {a.probe.m.contentText(a.Look().Theme), past.m.contentText(a.Look().Theme)},
	} {
		if texts[0] != texts[1] || texts[0] == "" {
			t.Errorf("%s: %q live, %q again", what, texts[0], texts[1])
		}
	}
	if past.m.heads != a.probe.m.heads || past.m.heads == 0 {
		t.Errorf("%d HEADs live, %d again", a.probe.m.heads, past.m.heads)
	}
}

func TestTheListShowsEachRunAsSoonAsItIsReadTheNewestFirst(t *testing.T) {
	a := stage(t, host.Where, 120, 40)
	a.Cfg.RunsDir = t.TempDir()
	for _, id := range []string{"20261120-100000-aaaa", "20261121-100000-bbbb", "20261122-100000-cccc"} {
		writeRun(t, a.Cfg.RunsDir, id, nil, earlierEvents(6, 1))
	}
	// step gives the model the answer to the last question, and returns the next.
	step := func(cmd tea.Cmd) tea.Cmd {
		t.Helper()
		answer, ok := cmd().(host.Result)
		if !ok {
			t.Fatal("nothing is asked")
		}
		next := answer()
		consoletest.Redraw(a.App)
		return next
	}
	cmd := step(host.EarlierRuns(a).Run())
	for read := range 3 {
		frame := consoletest.Text(a.App)
		if got := strings.Count(frame, "not read yet"); got != 3-read || strings.Count(frame, "eu-west-1 ⇄ ap-southeast-1  ") != 3 {
			t.Errorf("after %d: %d are not read yet:\n%s", read, got, frame)
		}
		if !strings.Contains(frame, "reading the journals: "+string(rune('1'+read))+" of 3") {
			t.Errorf("after %d it is not said how far it is:\n%s", read, frame)
		}
		if newest := a.past.entries[0]; (newest.Samples > 0) != (read > 0) {
			t.Errorf("after %d the newest has %d samples", read, newest.Samples)
		}
		cmd = step(cmd)
	}
	if cmd != nil || a.past.reading || strings.Contains(consoletest.Text(a.App), "reading") {
		t.Errorf("it goes on reading:\n%s", consoletest.Text(a.App))
	}

	if cmd := step(a.past.Enter(host.Where)); cmd != nil || a.past.entries[2].Samples == 0 {
		t.Error("what was read and has not changed is read again")
	}
	writeRun(t, a.Cfg.RunsDir, "20261123-100000-dddd", nil, earlierEvents(3, 1))
	cmd = step(a.past.Enter(host.Where))
	if cmd == nil || a.past.entries[0].Samples > 0 || a.past.entries[1].Samples == 0 {
		t.Fatal("the new run alone is to be read")
	}
	a.GoTo(host.Where)
	if cmd = step(cmd); cmd != nil || a.past.reading {
		t.Error("it goes on reading elsewhere")
	}
}

func TestAShortListLeavesRoomForAllThatIsKnownOfARun(t *testing.T) {
	a := stage(t, host.Runs, 60, 16)
	listed(a)
	a.past.all = a.past.all[1:2]
	a.past.arrange()
	consoletest.Redraw(a.App)
	if frame := consoletest.Text(a.App); strings.Contains(frame, "\n   …") || !strings.Contains(frame, "journal") {
		t.Errorf("\n%s", frame)
	}
	if frame := consoletest.Text(sceneNamed(t, "runs").App); !strings.Contains(frame, "journal") {
		t.Errorf("\n%s", frame)
	}
}

func TestAComparisonNamesItsFiguresAndTheirUnitAtEveryWidth(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 200} {
		a := sceneNamed(t, "runs-compared")
		a.Update(tea.WindowSizeMsg{Width: width, Height: 60})
		frame := consoletest.Text(a.App)
		for _, name := range []string{"before: median s (95 %)", "after: median s (95 %)", "after : before (95 %)"} {
			if !strings.Contains(frame, name) {
				t.Errorf("%d wide: %q is missing:\n%s", width, name, frame)
			}
		}
		if n := strings.Count(frame, "×1.72 (1.27 to 2.47)"); n != 1 {
			t.Errorf("%d wide: the ratio stands %d times:\n%s", width, n, frame)
		}
	}
}
