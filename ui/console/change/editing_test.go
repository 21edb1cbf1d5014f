package change

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/widget"
)

func TestARemovalClaimsNoMoreThanItRemoved(t *testing.T) {
	a := sceneNamed(t, "teardown")
	a.remove.plan.Findings = []survey.Finding{{Severity: survey.Note, Side: pair.A, Title: "bucket photos stays"}}
	if got := a.remove.closing(); strings.Contains(got, "Everything") || !strings.Contains(got, "bucket photos stays") {
		t.Error(got)
	}
	a.remove.plan.Findings = nil
	if got := a.remove.closing(); !strings.HasPrefix(got, "Everything that bothways made") {
		t.Error(got)
	}
}

func TestAStepThatChangesNothingShowsNoRequest(t *testing.T) {
	a := sceneNamed(t, "plan")
	st := &a.plan.found.SetUp.Steps[a.plan.list.Selected-1]
	st.Change = step.Nothing
	consoletest.Redraw(a.App)
	frame := consoletest.Text(a.App)
	for _, words := range []string{"aws iam", "exactly this", "c copy CLI", st.Call} {
		if strings.Contains(frame, words) {
			t.Errorf("the screen has %q:\n%s", words, frame)
		}
	}
}

func TestEitherBucketsNameConfirmsTheRemovalOfBoth(t *testing.T) {
	for _, name := range []string{consoletest.DemoPair().A.Bucket, consoletest.DemoPair().B.Bucket} {
		a := sceneNamed(t, "teardown-naming")
		for _, bucket := range []string{consoletest.DemoPair().A.Bucket, consoletest.DemoPair().B.Bucket} {
			if !strings.Contains(consoletest.Text(a.App), bucket) {
				t.Errorf("the screen does not name %s", bucket)
			}
		}
		a.remove.confirm = widget.NewField(name)
		consoletest.Keys(a.App, "enter")
		if !a.remove.steps.running() {
			t.Errorf("%s did not confirm", name)
		}
	}
}
