package console

import (
	"strings"
	"testing"

	"bothways/aws/pair"
)

func TestASearchProposesWhatItKnows(t *testing.T) {
	a := stage(t, atSideA, 80, 24)
	keys(a, "/", "s", "a")
	if frame := text(a); !strings.Contains(frame, "/ sa-east-1") {
		t.Fatalf("no region is proposed:\n%s", frame)
	}
	keys(a, "tab", "enter")
	if got := a.pair.Side(pair.A).Region; got != "sa-east-1" {
		t.Errorf("the region is %s", got)
	}
	a = sceneNamed(t, "where")
	keys(a, "/")
	if a.typing() == nil {
		a.where.find()
	}
	keys(a, "p", "r", "o", "tab")
	if got := a.where.search.String(); got != "prod" || len(a.where.visible()) != 1 {
		t.Errorf("%q leaves %v", got, a.where.visible())
	}
}
