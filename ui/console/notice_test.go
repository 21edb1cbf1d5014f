package console

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestANoticeStandsAboveTheKeysUntilAKeyDoesSomething(t *testing.T) {
	a := sceneNamed(t, "plan")
	keys(a, "n")
	frame := text(a)
	for _, words := range []string{"nothing was changed", "Apply these 10 changes?  y / N", "q quit"} {
		if !strings.Contains(frame, words) {
			t.Errorf("after n the screen lacks %q:\n%s", words, frame)
		}
	}
	checkFrame(t, a, 100, 30)
	keys(a, "z")
	if !strings.Contains(text(a), "nothing was changed") {
		t.Error("a key that does nothing took the notice away")
	}
	keys(a, "x")
	if frame := text(a); a.front != atTeardown || strings.Contains(frame, "nothing was changed") {
		t.Errorf("after x:\n%s", frame)
	}
}

func TestALongNoticeIsWrappedAndNeverTakesTheFrame(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 60, Height: 16})
	a.say(strings.Repeat("long words ", 40))
	checkFrame(t, a, 60, 16)
	frame := text(a)
	if n := strings.Count(frame, "long words"); n < 10 || !strings.Contains(frame, "q quit") {
		t.Errorf("%d of its words are shown:\n%s", n, frame)
	}
}

func TestOnlyQuittingWorksWhereTheScreenIsTooSmallToSeeAnything(t *testing.T) {
	for _, name := range []string{"plan", "teardown", "probe", "side-editing"} {
		a := sceneNamed(t, name)
		before, at := text(a), a.front
		a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
		for _, key := range []string{"y", "enter", "x", "b", "esc", "space", "?", "down", "s"} {
			keys(a, key)
		}
		a.Update(tea.PasteMsg{Content: "pasted"})
		a.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
		if after := text(a); a.front != at || len(a.runs) != 0 || after != before {
			t.Errorf("%s: keys that nobody could see changed the screen:\n%s", name, after)
		}
	}
	a := sceneNamed(t, "plan")
	a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
	if _, cmd := a.Update(keyNamed("q")); !quits(cmd) {
		t.Error("q does not quit")
	}
}

func TestTheQuestionWhetherToQuitIsAskedOnATooSmallScreen(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.runs, a.probe.path = append(a.runs, a.probe.run), "/home/me/r1.ndjson"
	a.Update(tea.WindowSizeMsg{Width: 50, Height: 15})
	keys(a, "q")
	if frame := strings.Join(strings.Fields(text(a)), " "); !strings.Contains(frame, "stop and quit? y / N") {
		t.Errorf("the question is not shown:\n%s", frame)
	}
}

func TestStoppingAMeasurementIsAskedFirst(t *testing.T) {
	a := sceneNamed(t, "probe")
	stopped := 0
	a.probe.run.cancel = func() { stopped++ }
	keys(a, "esc")
	if stopped != 0 || !strings.Contains(text(a), "Stop measuring? The 80 samples so far are kept.  y / N") {
		t.Fatalf("esc: stopped %d\n%s", stopped, text(a))
	}
	keys(a, "esc")
	if stopped != 0 || a.question != nil {
		t.Fatal("esc is not a yes")
	}
	keys(a, "esc", "y")
	if frame := text(a); stopped != 1 || !strings.Contains(frame, "round 7 of 12, stopping") {
		t.Fatalf("y: stopped %d\n%s", stopped, frame)
	}
	a.Update(batch{run: a.probe.run, ended: true, err: context.Canceled})
	if frame := text(a); !strings.Contains(frame, "round 7 of 12, stopped") || strings.Contains(frame, "next start") {
		t.Errorf("after the end:\n%s", frame)
	}
}

func TestAQuestionGoesWhenItsRunEndsByItself(t *testing.T) {
	a := sceneNamed(t, "probe")
	keys(a, "esc")
	a.Update(batch{run: a.probe.run, ended: true})
	if a.question != nil || strings.Contains(text(a), "Stop measuring?") {
		t.Error("it is still asked whether to stop")
	}
}
