package change

import (
	"strings"
	"testing"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestANoticeStandsAboveTheKeysUntilAKeyDoesSomething(t *testing.T) {
	a := sceneNamed(t, "plan")
	consoletest.Keys(a.App, "n")
	frame := consoletest.Text(a.App)
	for _, words := range []string{"nothing was changed", "Apply these 10 changes?  y / N", "q quit"} {
		if !strings.Contains(frame, words) {
			t.Errorf("after n the screen lacks %q:\n%s", words, frame)
		}
	}
	consoletest.CheckFrame(t, a.App, 100, 30)
	consoletest.Keys(a.App, "z")
	if !strings.Contains(consoletest.Text(a.App), "nothing was changed") {
		t.Error("a key that does nothing took the notice away")
	}
	consoletest.Keys(a.App, "x")
	if frame := consoletest.Text(a.App); a.At() != host.TearDown || strings.Contains(frame, "nothing was changed") {
		t.Errorf("after x:\n%s", frame)
	}
}
