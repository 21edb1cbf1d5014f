package console

import (
	"fmt"
	"testing"
	"time"

	"bothways/aws/replication"
)

// What a screen marks, counts and asks for hangs on what steps are, never on
// what they are called.
func TestStepsInOtherWordsAreTreatedTheSame(t *testing.T) {
	var outcomes [2]string
	for i := range outcomes {
		a := stage(t, atApply, 100, 30)
		plan := demoPlan(a.pair)
		removal := demoSurvey(a.pair).TearDown(true)
		if i == 1 {
			for _, p := range []*replication.Plan{&plan, &removal} {
				for j := range p.Steps {
					p.Steps[j].Title, p.Steps[j].What, p.Steps[j].Why, p.Steps[j].Undo = "title", "what", "why", "undo"
				}
			}
		}
		s, _ := launch(a, &a.do, "applying the plan", plan, a.apply.finished)
		detail := "the words of every day"
		if i == 1 {
			detail = "other words"
		}
		news(s, demoMade, replication.Done, detail, time.Second)
		news(s, demoProof, replication.Failed, detail, time.Second)
		a.remove.plan = removal
		outcomes[i] = fmt.Sprint(changesInWords(plan), changesInWords(removal), s.changed(), s.madeBuckets(), s.statuses(), s.good(), a.remove.namesToType())
	}
	if outcomes[0] != outcomes[1] {
		t.Errorf("in other words they are\n%s\nand not\n%s", outcomes[1], outcomes[0])
	}
}
