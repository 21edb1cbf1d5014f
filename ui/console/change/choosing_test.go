package change

import (
	"testing"

	"bothways/aws/pair"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestAgreeingToAMergePlansAgain(t *testing.T) {
	a := sceneNamed(t, "plan-consent")
	consoletest.Keys(a.App, "y")
	if a.At() != host.Plan {
		t.Fatal("a blocked plan was applied")
	}
	consoletest.Keys(a.App, "a")
	if a.Agreed() != pair.Merge || !a.plan.asking {
		t.Errorf("merge %v, reading %v", a.Agreed(), a.plan.asking)
	}
}
