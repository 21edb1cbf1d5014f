package choose

import (
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"

	tea "charm.land/bubbletea/v2"
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

func TestNoScreenLeavesTheTerminalAtAnySize(t *testing.T) {
	consoletest.StaysInTheTerminal(t, apps())
}

func TestASCIIModeDrawsNoOtherRune(t *testing.T) { consoletest.ASCIIAlone(t, apps()) }

func TestNothingImportantIsCutAt80x24(t *testing.T) {
	consoletest.NothingImportantIsCut(t, apps(), map[string][]string{
		"where":          {"Sandbox", "profile prod", "enter go on", "q quit"},
		"side-b-buckets": {"✓ name is free", "bothways-demo-7k2m-ap-southeast-1", "enter go on"},
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
	a.where.failure, a.where.note = consoletest.Hostile, consoletest.Hostile
	a.where.rows = append(a.where.rows, whereRow{name: consoletest.Hostile, region: consoletest.Hostile, about: consoletest.Hostile})
	for _, s := range a.sides {
		s.existing = []string{consoletest.Hostile, "b"}
		s.notes["b"] = bucketNote{found: account.Description{Rules: 1, Destinations: []string{consoletest.Hostile}}}
		s.notes[consoletest.Hostile] = bucketNote{failure: consoletest.Hostile}
		s.failure, s.refusal, s.newName = consoletest.Hostile, consoletest.Hostile, widget.NewField(consoletest.Hostile)
	}
	consoletest.Poison(a.App)
}

func TestTheFooterOffersOnlyWhatWorksInAField(t *testing.T) {
	consoletest.FooterInAField(t, sceneNamed(t, "side-editing").App)
}

func TestTheHelpListsEveryKeyOfAFieldWhereThereIsOneToTypeIn(t *testing.T) {
	for _, scene := range []string{"where", "side-a", "options"} {
		consoletest.FieldKeysInHelp(t, sceneNamed(t, scene).App, true)
	}
}

func TestTheHelpScrollsToItsEnds(t *testing.T) {
	a := sceneNamed(t, "where")
	consoletest.Keys(a.App, "?")
	consoletest.Scrolls(t, a.App)
}

func TestOnlyQuittingWorksWhereTheScreenIsTooSmallToSeeAnything(t *testing.T) {
	consoletest.OnlyQuits(t, sceneNamed(t, "side-editing").App)
}

func TestAResultThatComesTooLateIsDropped(t *testing.T) {
	a := stage(t, host.Where, 80, 24)
	a.where.opening, a.where.gen = 2, 2
	a.Update(host.Result(func() tea.Cmd { return a.where.identified(1, account.Access{}, account.Identity{Account: "1"}, nil) }))
	if a.Open || a.At() != host.Where {
		t.Error("an identity of an opening that was given up came through")
	}
	a.sides[0].readFrom = "eu-west-2"
	a.Update(host.Result(func() tea.Cmd { return a.sides[0].bucketsRead(a.Access.Label(), "eu-west-1", []string{"x"}, nil) }))
	if len(a.sides[0].existing) != 0 {
		t.Error("buckets of another region came through")
	}
}

func TestEscInAFieldBringsBackWhatStoodThere(t *testing.T) {
	a := stage(t, host.SideA, 80, 24)
	before := a.sides[0].newName.String()
	consoletest.Keys(a.App, "enter", "e", "A", "B", "enter")
	if !a.sides[0].editing || a.At() != host.SideA {
		t.Fatal("enter left the field with a name that S3 refuses")
	}
	consoletest.Keys(a.App, "esc")
	if got := a.sides[0].newName.String(); got != before || a.sides[0].editing {
		t.Errorf("after esc the name is %q", got)
	}

	a = stage(t, host.Options, 80, 24)
	consoletest.Keys(a.App, "space")
	a.options.field = widget.NewField(strings.Repeat("x", 600))
	consoletest.Redraw(a.App)
	consoletest.Keys(a.App, "enter")
	if frame := consoletest.Text(a.App); !a.options.editing || !strings.Contains(frame, "at most 512") {
		t.Errorf("a prefix that is too long:\n%s", frame)
	}
}
