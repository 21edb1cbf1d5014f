package choose

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestASearchProposesWhatItKnows(t *testing.T) {
	a := stage(t, host.SideA, 80, 24)
	consoletest.Keys(a.App, "/", "s", "a")
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "/ sa-east-1") {
		t.Fatalf("no region is proposed:\n%s", frame)
	}
	consoletest.Keys(a.App, "tab", "enter")
	if got := a.Pair.Side(pair.A).Region; got != "sa-east-1" {
		t.Errorf("the region is %s", got)
	}
	a = sceneNamed(t, "where")
	consoletest.Keys(a.App, "/")
	if a.Typing() == nil {
		a.where.find()
	}
	consoletest.Keys(a.App, "p", "r", "o", "tab")
	if got := a.where.search.String(); got != "prod" || len(a.where.visible()) != 1 {
		t.Errorf("%q leaves %v", got, a.where.visible())
	}
}
