package console

import (
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
)

// asks is a survey whose plan asks for a consent.
func asks(p pair.Pair, to pair.Consent) session.Plans {
	found := demoSurvey(p)
	found.SetUp.Findings = []survey.Finding{{Severity: survey.Blocker, Title: "rules of others", Consent: to}}
	return *found
}

// What this run agrees to changes neither the pair nor what was measured of it.
func TestAgreeingToAMergeKeepsTheMeasurement(t *testing.T) {
	a := stage(t, atResults, 120, 40)
	measured(a, 35)
	a.probe.m.ended = a.now()
	want, examined := len(a.probe.m.record.Samples), a.pair
	if want < 140 {
		t.Fatalf("only %d samples were taken", want)
	}
	a.goTo(atPlan)
	surveyRead{by: a.plan, gen: a.plan.gen, found: asks(a.pair, pair.Merge)}.deliver()
	keys(a, "a")
	if a.agreed() != pair.Merge || !a.plan.asking {
		t.Fatalf("agreed to %q, reading %t", a.agreed(), a.plan.asking)
	}
	surveyRead{by: a.plan, gen: a.plan.gen, found: *demoSurvey(a.pair)}.deliver()
	a.goTo(atProbe)
	if a.pair != examined || a.probe.m == nil || len(a.probe.m.record.Samples) != want {
		t.Error("the measurement is gone")
	}
	a.goTo(atResults)
	if a.results.measured() == nil {
		t.Error("there are no results")
	}
}

func TestAConsentIsTakenBackAndHoldsForItsPairAlone(t *testing.T) {
	a := stage(t, atPlan, 120, 40)
	read := func() {
		surveyRead{by: a.plan, gen: a.plan.gen, found: asks(a.pair, 0)}.deliver()
	}
	a.plan.asking = true
	surveyRead{by: a.plan, gen: a.plan.gen, found: asks(a.pair, pair.ConvertV1)}.deliver()
	keys(a, "v")
	read()
	if a.agreed() != pair.ConvertV1 {
		t.Fatalf("agreed to %q", a.agreed())
	}
	given := a.pair
	a.pair.B.Bucket += "-other"
	if agreed := a.agreed(); agreed != 0 {
		t.Errorf("for another pair %q is agreed to", agreed)
	}
	a.pair = given
	keys(a, "v")
	if agreed := a.agreed(); agreed != 0 {
		t.Errorf("taken back, %q is agreed to", agreed)
	}
}
