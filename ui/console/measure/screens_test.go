package measure

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestEveryPlaceHasAScene(t *testing.T) { consoletest.EveryPlaceHasAScene(t, apps(), Screens) }

func TestScreensLookAsDrawn(t *testing.T) { consoletest.LooksAsDrawn(t, apps()) }

func TestColoursLookAsDrawn(t *testing.T) { consoletest.ColoursAsDrawn(t, apps()) }

func TestNoKeyMeansTwoThingsInOneState(t *testing.T) { consoletest.KeysMeanOneThing(t, apps()) }

func TestEveryBindingWaitsForAKeyThatATerminalCanSend(t *testing.T) {
	consoletest.KeysCanBeSent(t, apps())
}

func TestNothingTicksWhileIdle(t *testing.T) { consoletest.IdleTicksNot(t, apps()) }

func TestEveryKeyThatWorksIsInTheHelpAtEverySize(t *testing.T) {
	consoletest.HelpHasEveryKey(t, apps())
}

func TestTheHelpSaysHowItIsLeft(t *testing.T) { consoletest.HelpIsLeft(t, apps()) }

func TestNoScreenLeavesTheTerminalAtAnySize(t *testing.T) { consoletest.StaysInTheTerminal(t, apps()) }

func TestASCIIModeDrawsNoOtherRune(t *testing.T) { consoletest.ASCIIAlone(t, apps()) }

func TestNothingImportantIsCutAt80x24(t *testing.T) {
	consoletest.NothingImportantIsCut(t, apps(), map[string][]string{
		"probe":            {"● A → B", "◆ B → A", "gave up 0", "in flight", "round 7 of 12", "loop check", "x tear down", "space pause", "s save"},
		"results-troubled": {"asked for fewer", "warnings below the table", "different", "COMPLETED"},
		"runs":             {"✓", "interrupted", "can't be read", "enter open", "space unmark"},
		"past":             {"EARLIER RUN", "Sandbox: simulated distances", "20261122-113000-aaaa", "COMPLETED", "esc earlier runs"},
		"results":          {"raw samples", ".ndjson", ".json", ".csv", ".md", "times as long"},
		"quit":             {"4 probes are in flight: stop and quit?  y / N"},
	})
}

// Hostile text stands wherever text from outside can come in.
func TestHostileTextIsDrawnHarmlessOnEveryScreen(t *testing.T) {
	var poisoned []consoletest.Scene
	for _, s := range scenes {
		poisoned = append(poisoned, consoletest.Scene{Name: s.name, Build: func(t testing.TB, width, height int) *console.App {
			a := s.build(t, width, height)
			poisonRoom(a)
			return a.App
		}})
	}
	consoletest.Harmless(t, poisoned)
}

func poisonRoom(a *staged) {
	if m := a.probe.m; m != nil {
		m.loopsBad = append(m.loopsBad, probe.LoopEvent{Detail: consoletest.Hostile})
		m.err = &host.CrashError{Where: "x", Value: consoletest.Hostile}
		m.record.Left = append(m.record.Left, probe.LeftObject{Key: consoletest.Hostile})
	}
	a.probe.path, a.results.failed = consoletest.Hostile, consoletest.Hostile
	a.past.failure = consoletest.Hostile
	for i := range a.past.entries {
		e := &a.past.entries[i]
		e.RunID, e.Path, e.Access, e.Notes, e.A, e.B, e.Verdict, e.Error = consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, []string{consoletest.Hostile}, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile
	}
	if a.past.comparison != nil {
		a.past.comparison = append(a.past.comparison, consoletest.Hostile, "  "+consoletest.Hostile+"   "+consoletest.Hostile+"   "+consoletest.Hostile+"   "+consoletest.Hostile+"   "+consoletest.Hostile)
	}
	if results, ok := a.Screens[a.At()].(*resultsScreen); ok && results.past != nil {
		p := results.past
		p.path, p.origin = consoletest.Hostile, report.Origin{Version: consoletest.Hostile, Access: consoletest.Hostile, Notes: []string{consoletest.Hostile}}
		p.m.cfg.RunID, p.m.cfg.Pair.A.Region = consoletest.Hostile, consoletest.Hostile
		p.m.record.Headers[0].RunID, p.m.record.Headers[0].Pair.B.Bucket = consoletest.Hostile, consoletest.Hostile
		p.m.record.Notices = append(p.m.record.Notices, probe.NoticeEvent{Level: probe.Warning, Text: consoletest.Hostile})
	}
	consoletest.Poison(a.App)
}

func TestTheHelpListsEveryKeyOfAFieldWhereThereIsOneToTypeIn(t *testing.T) {
	for scene, has := range map[string]bool{"probe-setup": true, "results": true, "probe": false} {
		consoletest.FieldKeysInHelp(t, sceneNamed(t, scene).App, has)
	}
}

func TestWhatScrollsStopsAtItsEndsAndGoesBackAtOnce(t *testing.T) {
	for _, name := range []string{"probe-table", "results", "past", "runs-compared", "help"} {
		t.Run(name, func(t *testing.T) { consoletest.Scrolls(t, sceneNamed(t, name).App) })
	}
}

func TestTheWheelScrollsWhatItIsOn(t *testing.T) {
	for _, name := range []string{"results", "runs-compared", "help"} {
		t.Run(name, func(t *testing.T) { consoletest.Wheels(t, sceneNamed(t, name).App) })
	}
}

func TestOnlyQuittingWorksWhereTheScreenIsTooSmallToSeeAnything(t *testing.T) {
	consoletest.OnlyQuits(t, sceneNamed(t, "probe").App)
}

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	consoletest.ReadOnlyRefuses(t, sceneNamed(t, "probe-setup").App)
}

func TestTheHelpExplainsWhatStandsOnTheScreenOfAMeasurement(t *testing.T) {
	for _, scene := range []string{"probe", "probe-time", "probe-table", "results", "past"} {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			a := sceneNamed(t, scene)
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			words := consoletest.HelpRead(a.App)
			for _, w := range []string{"95 % at every look", "too few", "COMPLETED", "per doubling", "2.3 times as long", "╂ ┃", "┄"} {
				if !strings.Contains(words, w) {
					t.Errorf("%s at %v: the help does not explain %q", scene, size, w)
				}
			}
			if strings.Contains(words, "…") {
				t.Errorf("%s at %v: something is cut", scene, size)
			}
		}
	}
}

func TestEscInTheSetupBringsBackWhatStoodThere(t *testing.T) {
	a := stage(t, host.Probe, 80, 24)
	was := a.probe.setup.texts[setupSizes].String()
	consoletest.Keys(a.App, "space", "ctrl+u", "x", "enter")
	if frame := consoletest.Text(a.App); !a.probe.setup.editing || !strings.Contains(frame, "✗ sizes") {
		t.Fatalf("enter left the field with sizes that are none:\n%s", frame)
	}
	consoletest.Keys(a.App, "esc")
	if got := a.probe.setup.texts[setupSizes].String(); got != was || a.probe.setup.editing {
		t.Errorf("after esc the sizes are %q", got)
	}
}
