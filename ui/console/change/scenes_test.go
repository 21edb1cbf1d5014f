package change

import (
	"context"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// scenes are the screens of changing in the states that matter, for the drawings.
var scenes = []struct {
	name  string
	build func(t testing.TB, width, height int) *staged
}{
	{"mfa-code", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Apply, w, h)
		a.apply.steps = applying(a)
		_, listen := a.LoggedIn(account.Access{Profile: "deploy"})
		go func() { _, _ = a.AskCode("deploy", "arn:aws:iam::123456789012:mfa/jane") }() // until the test ends
		a.Update(listen())
		consoletest.Keys(a.App, "1", "2", "3", "4")
		return a
	}},
	{"apply-paused", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Apply, w, h)
		a.Profiles["dev"] = account.Profile{Name: "dev", SignsIn: true}
		s := applying(a)
		s.run.Access = account.Access{Profile: "dev"}
		a.apply.steps = s
		s.take(host.Batch{Events: []pair.Event{step.Event{
			ID: "rule-b-to-a", Status: step.Running, Paused: true, Profile: "dev", Attempt: 1, ElapsedMS: 61000, At: consoletest.Noon,
			Detail: "The sign-in of profile dev has expired: sign in again with aws sso login --profile dev. It goes on by itself, and nothing is lost.",
		}}})
		return a
	}},
	{"apply-settling", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Apply, w, h)
		s := applying(a)
		s.plan.Steps = append(s.plan.Steps, step.Step{
			ID: "settle", Kind: step.KindSettle, Title: "settle", Change: step.Wait, What: "wait 15 min after versioning reads Enabled; can be skipped", Call: "none",
			Why: "Until versioning has settled everywhere, single reads of new objects may miss.", Target: "this computer", CLI: "sleep 900",
		})
		a.apply.steps = s
		news(s, "settle", step.Running, "11 min left, until 12:11:00", 4*time.Minute)
		return a
	}},
	{"plan-reading", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Plan, w, h)
		a.plan.asking, a.plan.since = true, consoletest.Noon.Add(-1200*time.Millisecond)
		_, a.plan.cancel = context.WithCancel(t.Context())
		return a
	}},
	{"plan", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Plan, w, h)
		a.plan.asking = true
		a.plan.wanted = a.Pair
		a.plan.surveyRead(a.plan.gen, *consoletest.DemoSurvey(a.Pair), nil)
		a.plan.list.Selected = 8
		return a
	}},
	{"plan-blocked", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Plan, w, h)
		a.plan.asking = true
		found := consoletest.DemoSurvey(a.Pair)
		found.SetUp.Findings = append([]survey.Finding{{
			Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule(s) that are not this pair's: nightly",
			Meaning: "S3 replaces the whole configuration at every write, and all its rules share one role, so bothways leaves it alone. Remove the rules, or choose another bucket.",
		}}, found.SetUp.Findings...)
		a.plan.surveyRead(a.plan.gen, *found, nil)
		return a
	}},
	{"plan-consent", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Plan, w, h)
		a.plan.asking = true
		found := consoletest.DemoSurvey(a.Pair)
		found.SetUp.Findings = append([]survey.Finding{{
			Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule of others: nightly", Consent: pair.Merge,
			Meaning: "Agree, and ours is written beside it, which stays as it is. All rules of a bucket share one role, so theirs gets a policy of ours. On the command line: --merge.",
		}}, found.SetUp.Findings...)
		a.plan.surveyRead(a.plan.gen, *found, nil)
		return a
	}},
	{"plan-merged", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Plan, w, h)
		a.plan.asking = true
		a.plan.wanted = a.Pair
		found := consoletest.DemoSurvey(a.Pair)
		for i, st := range found.SetUp.Steps {
			if st.Kind == step.KindRule {
				found.SetUp.Steps[i].What = "beside 2 rules of others: all objects, delete markers, replica edits"
				found.SetUp.Steps[i].Others = "the replication configuration with nightly and logs, which stay in it as they are"
			}
		}
		a.plan.surveyRead(a.plan.gen, *found, nil)
		a.plan.list.Selected = 6
		return a
	}},
	{"doctor", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Doctor, w, h)
		examined(a, false)
		return a
	}},
	{"doctor-reading", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Doctor, w, h)
		a.doctor.run, a.doctor.news = &host.Run{Stream: host.NewStream(0), Doing: "examining the pair", Cancel: func() {}, Take: a.doctor.take}, "reading both buckets, their rules and roles"
		return a
	}},
	{"doctor-healthy", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Doctor, w, h)
		examined(a, true)
		return a
	}},
	{"apply", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Apply, w, h)
		a.apply.steps = applying(a)
		return a
	}},
	{"apply-failed", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Apply, w, h)
		s := applying(a)
		a.apply.steps = s
		news(s, "role-a-to-b role-b-to-a rule-b-to-a canary-b-to-a", step.Done, "done", 200*time.Millisecond)
		news(s, "rule-a-to-b", step.Failed, "InvalidRequest: Destination bucket must have versioning enabled. (request 93A1) Check that nobody suspended it, then retry.", 3*time.Minute)
		news(s, "canary-a-to-b", step.Skipped, "rule-a-to-b did not succeed", 0)
		s.run, s.took = nil, 181*time.Second
		return a
	}},
	{"teardown", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.TearDown, w, h)
		a.remove.asking = true
		a.remove.surveyRead(a.remove.gen, *consoletest.DemoSurvey(a.Pair), nil)
		return a
	}},
	{"teardown-naming", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.TearDown, w, h)
		a.remove.asking = true
		a.remove.surveyRead(a.remove.gen, *consoletest.DemoSurvey(a.Pair), nil)
		consoletest.Keys(a.App, "b", "y", "b", "o")
		return a
	}},
}

// sceneNamed builds one of the scenes.
func sceneNamed(t *testing.T, name string) *staged {
	t.Helper()
	for _, scene := range scenes {
		if scene.name == name {
			return scene.build(t, 100, 30)
		}
	}
	t.Fatalf("no scene %q", name)
	return nil
}

// apps are the scenes as the checks take them.
func apps() []consoletest.Scene {
	all := make([]consoletest.Scene, 0, len(scenes))
	for _, s := range scenes {
		all = append(all, consoletest.Scene{Name: s.name, Build: func(t testing.TB, width, height int) *console.App { return s.build(t, width, height).App }})
	}
	return all
}

func applying(a *staged) *stepRun {
	s := &stepRun{
		host: a, do: a.Engines(), plan: consoletest.DemoPlan(a.Pair), states: map[string]stepState{}, tried: map[string]step.Status{}, began: consoletest.Noon.Add(-4 * time.Second),
		run: &host.Run{Stream: host.NewStream(0), Doing: "applying the plan", Cancel: func() {}},
	}
	news(s, "bucket-a bucket-b", step.Done, "created", 310*time.Millisecond)
	news(s, "versioning-a versioning-b", step.Done, "Enabled", 120*time.Millisecond)
	news(s, "role-b-to-a", step.Running, "waiting until IAM knows the role everywhere", 1200*time.Millisecond)
	news(s, "role-a-to-b", step.Running, "S3 says: the role cannot be assumed yet; trying again for up to 60 s", 1200*time.Millisecond)
	s.plan.Steps[5].Needs = nil
	return s
}
