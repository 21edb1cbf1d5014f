package change

import (
	"fmt"
	"testing"
	"time"

	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// What a screen marks, counts and asks for hangs on what steps are, never on
// what they are called.
func TestStepsInOtherWordsAreTreatedTheSame(t *testing.T) {
	var outcomes [2]string
	for i := range outcomes {
		a := stage(t, host.Apply, 100, 30)
		proposed := consoletest.DemoPlan(a.Pair)
		removal := consoletest.DemoSurvey(a.Pair).TearDown(true)
		if i == 1 {
			for _, p := range []*plan.Plan{&proposed, &removal} {
				for j := range p.Steps {
					p.Steps[j].Title, p.Steps[j].What, p.Steps[j].Why, p.Steps[j].Undo = "title", "what", "why", "undo"
				}
			}
		}
		s, _ := launch(a, "applying the plan", proposed, a.apply.finished)
		detail := "the words of every day"
		if i == 1 {
			detail = "other words"
		}
		news(s, demoMade, step.Done, detail, time.Second)
		news(s, demoProof, step.Failed, detail, time.Second)
		a.remove.plan = removal
		outcomes[i] = fmt.Sprint(changesInWords(proposed), changesInWords(removal), s.changed(), s.MadeBuckets(), s.statuses(), s.good(), a.remove.namesToType())
	}
	if outcomes[0] != outcomes[1] {
		t.Errorf("in other words they are\n%s\nand not\n%s", outcomes[1], outcomes[0])
	}
}
