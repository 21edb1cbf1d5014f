package measure

import (
	"context"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// What this run agrees to changes neither the pair nor what was measured of it.
func TestAgreeingToAMergeKeepsTheMeasurement(t *testing.T) {
	a := stage(t, host.Results, 120, 40)
	measured(a, 35)
	a.probe.m.ended = a.Now()
	want, examined := len(a.probe.m.record.Samples), a.Pair
	if want < 140 {
		t.Fatalf("only %d samples were taken", want)
	}
	found := *consoletest.DemoSurvey(a.Pair)
	a.Engines().Survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
		return found, nil
	}
	free := found.SetUp.Findings
	found.SetUp.Findings = []survey.Finding{{Severity: survey.Blocker, Title: "rules of others", Consent: pair.Merge}}
	consoletest.Deliver(a, a.GoTo(host.Plan))
	found.SetUp.Findings = free
	_, read := a.Update(consoletest.KeyNamed("a"))
	if frame := consoletest.Text(a.App); a.Agreed() != pair.Merge || !strings.Contains(frame, "reading what is there") {
		t.Fatalf("agreed to %q:\n%s", a.Agreed(), frame)
	}
	delivered(a.App, read)
	a.GoTo(host.Probe)
	if a.Pair != examined || a.probe.m == nil || len(a.probe.m.record.Samples) != want {
		t.Error("the measurement is gone")
	}
	a.GoTo(host.Results)
	if a.results.measured() == nil {
		t.Error("there are no results")
	}
}
