package change

import (
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// asks is a survey whose plan asks for a consent.
func asks(p pair.Pair, to pair.Consent) session.Plans {
	found := consoletest.DemoSurvey(p)
	found.SetUp.Findings = []survey.Finding{{Severity: survey.Blocker, Title: "rules of others", Consent: to}}
	return *found
}

func TestAConsentIsTakenBackAndHoldsForItsPairAlone(t *testing.T) {
	a := stage(t, host.Plan, 120, 40)
	read := func() {
		a.plan.surveyRead(a.plan.gen, asks(a.Pair, 0), nil)
	}
	a.plan.asking = true
	a.plan.surveyRead(a.plan.gen, asks(a.Pair, pair.ConvertV1), nil)
	consoletest.Keys(a.App, "v")
	read()
	if a.Agreed() != pair.ConvertV1 {
		t.Fatalf("agreed to %q", a.Agreed())
	}
	given := a.Pair
	a.Pair.B.Bucket += "-other"
	if agreed := a.Agreed(); agreed != 0 {
		t.Errorf("for another pair %q is agreed to", agreed)
	}
	a.Pair = given
	consoletest.Keys(a.App, "v")
	if agreed := a.Agreed(); agreed != 0 {
		t.Errorf("taken back, %q is agreed to", agreed)
	}
}
