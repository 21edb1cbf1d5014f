package change

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// What is written beside the things of others is counted, named in the
// question, and told of each step.
func TestChangesToWhatOthersMadeAreNamedInTheQuestion(t *testing.T) {
	a := stage(t, host.Plan, 80, 24)
	a.plan.asking, a.plan.wanted = true, a.Pair
	found := consoletest.DemoSurvey(a.Pair)
	for i, st := range found.SetUp.Steps {
		if st.ID == "rule-a-to-b" {
			found.SetUp.Steps[i].Others = "the replication configuration of theirs, which has 2 rules of others"
			a.plan.list.Selected = len(found.SetUp.Findings) + i
		}
	}
	selected := a.plan.list.Selected
	a.plan.surveyRead(a.plan.gen, *found, nil)
	a.plan.list.Selected = selected
	frame := consoletest.Text(a.App)
	for _, words := range []string{"1 thing of yours touched", "1 to what others made?  y / N", "others the replication configuration of theirs"} {
		if !strings.Contains(frame, words) {
			t.Errorf("the screen lacks %q:\n%s", words, frame)
		}
	}
	removal := plan.Plan{Purpose: pair.TearDown, Steps: []step.Step{{Change: step.Remove, Others: "theirs"}, {Change: step.Remove}}}
	if words := changesInWords(removal); words != "2 things are removed, 1 of them out of what others made, which stays." {
		t.Errorf("a tear-down says %q", words)
	}
}
