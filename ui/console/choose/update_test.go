package choose

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestAClickChoosesARow(t *testing.T) {
	a := sceneNamed(t, "where")
	a.View()
	a.Update(tea.MouseClickMsg{Button: tea.MouseLeft, X: 5, Y: consoletest.BodyTop + a.where.list.Top + 2})
	if a.where.list.Selected != 2 {
		t.Errorf("row %d is chosen", a.where.list.Selected)
	}
	a.Update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if a.where.list.Selected != 1 {
		t.Errorf("after the wheel row %d is chosen", a.where.list.Selected)
	}
	consoletest.Keys(a.App, "m")
	if a.View().MouseMode != tea.MouseModeNone {
		t.Error("m did not release the mouse")
	}
}

func TestQuittingIdleEndsAtOnce(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		a := stage(t, host.Options, 80, 24)
		_, cmd := a.Update(consoletest.KeyNamed(key))
		if !consoletest.Quits(cmd) {
			t.Errorf("%s does not quit", key)
		}
	}
}
