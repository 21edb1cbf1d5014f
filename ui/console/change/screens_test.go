package change

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
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

func TestNoScreenLeavesTheTerminalAtAnySize(t *testing.T) {
	consoletest.StaysInTheTerminal(t, apps())
}

func TestASCIIModeDrawsNoOtherRune(t *testing.T) { consoletest.ASCIIAlone(t, apps()) }

func TestNothingImportantIsCutAt80x24(t *testing.T) {
	consoletest.NothingImportantIsCut(t, apps(), map[string][]string{
		"plan":            {"Apply these 10 changes?  y / N", "10 changes, 0 things of yours touched", "canary", "why"},
		"plan-blocked":    {"blocker", "Remove the rules, or choose another"},
		"apply":           {"A → B", "B → A", "◐ running", "· waiting", "✓ done"},
		"apply-failed":    {"✗ failed", "Destination bucket must have versioning enabled.", "Check that nobody suspended it", "r retry", "u undo"},
		"teardown-naming": {"Type the bucket's name.", "bothways-demo-7k2m-eu-west-1"},
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
	a.plan.failure = ""
	for _, found := range []*session.Plans{a.plan.found, a.remove.found} {
		if found == nil {
			continue
		}
		found.SetUp.Steps = append([]step.Step{}, found.SetUp.Steps...)
		for i := range found.SetUp.Steps {
			s := &found.SetUp.Steps[i]
			s.Title, s.What, s.Why, s.Call, s.Target, s.Request, s.CLI, s.Undo = consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile, consoletest.Hostile
		}
		found.SetUp.Findings = append(found.SetUp.Findings, survey.Finding{Severity: survey.Warning, Title: consoletest.Hostile, Meaning: consoletest.Hostile})
	}
	a.remove.failure = consoletest.Hostile
	if a.apply.steps != nil {
		for i, st := range a.apply.steps.plan.Steps {
			a.apply.steps.states[st.ID] = stepState{status: step.Failed, detail: consoletest.Hostile}
			a.apply.steps.plan.Steps[i].CLI = consoletest.Hostile
		}
	}
	consoletest.Poison(a.App)
}

func TestTheFooterOffersOnlyWhatWorksInAField(t *testing.T) {
	consoletest.FooterInAField(t, sceneNamed(t, "teardown-naming").App)
}

func TestTheHelpListsEveryKeyOfAFieldWhereThereIsOneToTypeIn(t *testing.T) {
	for scene, has := range map[string]bool{"teardown": true, "plan": false, "apply": false, "doctor": false} {
		consoletest.FieldKeysInHelp(t, sceneNamed(t, scene).App, has)
	}
}

func TestWhatScrollsStopsAtItsEndsAndGoesBackAtOnce(t *testing.T) {
	for _, name := range []string{"plan", "plan-blocked", "apply", "apply-failed", "teardown", "doctor"} {
		t.Run(name, func(t *testing.T) { consoletest.Scrolls(t, sceneNamed(t, name).App) })
	}
	a := sceneNamed(t, "plan-merged")
	consoletest.Keys(a.App, "?")
	consoletest.Scrolls(t, a.App)
}

func TestTheWheelScrollsWhatItIsOn(t *testing.T) {
	for _, name := range []string{"plan", "apply", "teardown", "doctor"} {
		t.Run(name, func(t *testing.T) { consoletest.Wheels(t, sceneNamed(t, name).App) })
	}
	a := sceneNamed(t, "plan")
	consoletest.Text(a.App)
	chosen := a.plan.list.Selected
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown, Y: consoletest.BodyTop + a.plan.list.Top})
	if a.plan.list.Selected != chosen+1 {
		t.Error("on the list it does not choose the next")
	}
}

func TestOnlyQuittingWorksWhereTheScreenIsTooSmallToSeeAnything(t *testing.T) {
	for _, name := range []string{"plan", "teardown"} {
		consoletest.OnlyQuits(t, sceneNamed(t, name).App)
	}
}

func TestReadOnlyRefusesEveryChange(t *testing.T) {
	for _, name := range []string{"plan", "teardown"} {
		consoletest.ReadOnlyRefuses(t, sceneNamed(t, name).App)
	}
}

func TestTheHelpOfAPlanExplainsNoFigures(t *testing.T) {
	if a := sceneNamed(t, "plan"); strings.Contains(consoletest.HelpRead(a.App), "every look") {
		t.Error("the plan's help explains figures")
	}
}

func TestAResultThatComesTooLateIsDropped(t *testing.T) {
	a := stage(t, host.Plan, 80, 24)
	a.plan.gen, a.plan.asking = 5, true
	a.Update(host.Result(func() tea.Cmd { return a.plan.surveyRead(4, *consoletest.DemoSurvey(a.Pair), nil) }))
	if a.plan.found != nil {
		t.Error("a survey that was given up came through")
	}
}
