package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/probe/report"
	"bothways/ui/console/widget"
)

// scenes are all screens in the states that matter, for the drawings.
var scenes = []struct {
	name  string
	build func(t testing.TB, width, height int) *staged
}{
	{"where", func(t testing.TB, w, h int) *staged {
		a := stage(t, atWhere, w, h)
		profilesRead{by: a.where, found: []account.Profile{
			{Name: "dev", Region: "eu-west-1", Kind: "SSO"}, {Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
		}}.deliver()
		return a
	}},
	{"where-failed", func(t testing.TB, w, h int) *staged {
		a := stage(t, atWhere, w, h)
		profilesRead{by: a.where}.deliver()
		a.where.failure = "ExpiredToken: The security token included in the request is expired (request 7F3A) Sign in again (aws sso login, or new keys), then retry."
		return a
	}},
	{"where-sign-in", func(t testing.TB, w, h int) *staged {
		a := stage(t, atWhere, w, h)
		profilesRead{by: a.where, found: []account.Profile{{Name: "dev", Region: "eu-west-1", Kind: "SSO", SignsIn: true}}}.deliver()
		a.where.list.Selected = 1
		a.where.failure, a.where.signIn = "ask AWS who these credentials belong to: the SSO session has expired or is invalid", true
		return a
	}},
	{"where-signing-in", func(t testing.TB, w, h int) *staged {
		a := stage(t, atWhere, w, h)
		a.login = &login{
			app: a.app, access: account.Access{Profile: "dev"}, since: noon.Add(-7 * time.Second),
			shown: account.DeviceCode{URL: "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH", Code: "ABCD-EFGH"},
		}
		return a
	}},
	{"mfa-code", func(t testing.TB, w, h int) *staged {
		a := stage(t, atApply, w, h)
		a.apply.steps = applying(a)
		codeWanted{a.app, "deploy", "arn:aws:iam::123456789012:mfa/jane", make(chan string, 1)}.deliver()
		a.login.code = widget.NewField("1234")
		return a
	}},
	{"apply-paused", func(t testing.TB, w, h int) *staged {
		a := stage(t, atApply, w, h)
		a.profiles["dev"] = account.Profile{Name: "dev", SignsIn: true}
		s := applying(a)
		s.run.access = account.Access{Profile: "dev"}
		a.apply.steps = s
		s.take(batch{events: []pair.Event{step.Event{
			ID: "rule-b-to-a", Status: step.Running, Paused: true, Profile: "dev", Attempt: 1, ElapsedMS: 61000, At: noon,
			Detail: "The sign-in of profile dev has expired: sign in again with aws sso login --profile dev. It goes on by itself, and nothing is lost.",
		}}})
		return a
	}},
	{"apply-settling", func(t testing.TB, w, h int) *staged {
		a := stage(t, atApply, w, h)
		s := applying(a)
		s.plan.Steps = append(s.plan.Steps, step.Step{
			ID: "settle", Kind: step.KindSettle, Title: "settle", Change: step.Wait, What: "wait 15 min after versioning reads Enabled; can be skipped", Call: "none",
			Why: "Until versioning has settled everywhere, single reads of new objects may miss.", Target: "this computer", CLI: "sleep 900",
		})
		a.apply.steps = s
		news(s, "settle", step.Running, "11 min left, until 12:11:00", 4*time.Minute)
		return a
	}},
	{"side-a", func(t testing.TB, w, h int) *staged {
		a := stage(t, atSideA, w, h)
		return a
	}},
	{"side-b-buckets", func(t testing.TB, w, h int) *staged {
		a := stage(t, atSideB, w, h)
		s := a.sides[1]
		s.inBucket, s.readFrom = true, "ap-southeast-1"
		s.existing = []string{"photos-singapore", "logs-2026", "raw-archive"}
		s.notes["bothways-demo-7k2m-ap-southeast-1"] = bucketNote{found: account.Description{Holder: account.Nobody}}
		s.notes["photos-singapore"] = bucketNote{found: account.Description{Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}}}
		s.notes["logs-2026"] = bucketNote{found: account.Description{Holder: account.Ours, Versioning: "Suspended"}}
		return a
	}},
	{"where-profile-of-b", func(t testing.TB, w, h int) *staged { // not in the sandbox
		a := stage(t, atSideB, w, h)
		a.access, a.identity = account.Access{Profile: "prod"}, account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/jane"}
		a.where.loading = true
		profilesRead{by: a.where, found: []account.Profile{
			{Name: "partner", Region: "ap-southeast-1", Kind: "SSO", SignsIn: true}, {Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
		}}.deliver()
		a.sides[1].profile = &otherProfile{host: a, side: a.sides[1], list: widget.List{Selected: 1}}
		return a
	}},
	{"side-editing", func(t testing.TB, w, h int) *staged {
		a := stage(t, atSideA, w, h)
		s := a.sides[0]
		s.inBucket, s.editing, s.newName = true, true, widget.NewField("My_Bucket")
		return a
	}},
	{"options", func(t testing.TB, w, h int) *staged { return stage(t, atOptions, w, h) }},
	{"options-more", func(t testing.TB, w, h int) *staged {
		a := stage(t, atOptions, w, h)
		a.pair.Options.FilterTags, a.pair.Options.DeleteMarkers = "team=storage", false
		a.options.open = true
		a.options.list.Selected = 8
		keys(a, "space", "a", "r", "n")
		return a
	}},
	{"plan-reading", func(t testing.TB, w, h int) *staged {
		a := stage(t, atPlan, w, h)
		a.plan.asking, a.plan.since = true, noon.Add(-1200*time.Millisecond)
		_, a.plan.cancel = context.WithCancel(t.Context())
		return a
	}},
	{"plan", func(t testing.TB, w, h int) *staged {
		a := stage(t, atPlan, w, h)
		a.plan.asking = true
		a.plan.wanted = a.pair
		surveyRead{by: a.plan, gen: a.plan.gen, found: *demoSurvey(a.pair)}.deliver()
		a.plan.list.Selected = 8
		return a
	}},
	{"plan-blocked", func(t testing.TB, w, h int) *staged {
		a := stage(t, atPlan, w, h)
		a.plan.asking = true
		found := demoSurvey(a.pair)
		found.SetUp.Findings = append([]survey.Finding{{
			Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule(s) that are not this pair's: nightly",
			Meaning: "S3 replaces the whole configuration at every write, and all its rules share one role, so bothways leaves it alone. Remove the rules, or choose another bucket.",
		}}, found.SetUp.Findings...)
		surveyRead{by: a.plan, gen: a.plan.gen, found: *found}.deliver()
		return a
	}},
	{"plan-consent", func(t testing.TB, w, h int) *staged {
		a := stage(t, atPlan, w, h)
		a.plan.asking = true
		found := demoSurvey(a.pair)
		found.SetUp.Findings = append([]survey.Finding{{
			Severity: survey.Blocker, Side: pair.A, Title: "1 replication rule of others: nightly", Consent: pair.Merge,
			Meaning: "Agree, and ours is written beside it, which stays as it is. All rules of a bucket share one role, so theirs gets a policy of ours. On the command line: --merge.",
		}}, found.SetUp.Findings...)
		surveyRead{by: a.plan, gen: a.plan.gen, found: *found}.deliver()
		return a
	}},
	{"plan-merged", func(t testing.TB, w, h int) *staged {
		a := stage(t, atPlan, w, h)
		a.plan.asking = true
		a.plan.wanted = a.pair
		found := demoSurvey(a.pair)
		for i, st := range found.SetUp.Steps {
			if st.Kind == step.KindRule {
				found.SetUp.Steps[i].What = "beside 2 rules of others: all objects, delete markers, replica edits"
				found.SetUp.Steps[i].Others = "the replication configuration with nightly and logs, which stay in it as they are"
			}
		}
		surveyRead{by: a.plan, gen: a.plan.gen, found: *found}.deliver()
		a.plan.list.Selected = 6
		return a
	}},
	{"doctor", func(t testing.TB, w, h int) *staged {
		a := stage(t, atDoctor, w, h)
		examined(a, false)
		return a
	}},
	{"doctor-reading", func(t testing.TB, w, h int) *staged {
		a := stage(t, atDoctor, w, h)
		a.doctor.run, a.doctor.news = &running{stream: newStream(0), doing: "examining the pair", cancel: func() {}, take: a.doctor.take}, "reading both buckets, their rules and roles"
		return a
	}},
	{"doctor-healthy", func(t testing.TB, w, h int) *staged {
		a := stage(t, atDoctor, w, h)
		examined(a, true)
		return a
	}},
	{"apply", func(t testing.TB, w, h int) *staged {
		a := stage(t, atApply, w, h)
		a.apply.steps = applying(a)
		return a
	}},
	{"apply-failed", func(t testing.TB, w, h int) *staged {
		a := stage(t, atApply, w, h)
		s := applying(a)
		a.apply.steps = s
		news(s, "role-a-to-b role-b-to-a rule-b-to-a canary-b-to-a", step.Done, "done", 200*time.Millisecond)
		news(s, "rule-a-to-b", step.Failed, "InvalidRequest: Destination bucket must have versioning enabled. (request 93A1) Check that nobody suspended it, then retry.", 3*time.Minute)
		news(s, "canary-a-to-b", step.Skipped, "rule-a-to-b did not succeed", 0)
		s.run, s.took = nil, 181*time.Second
		return a
	}},
	{"probe-setup", func(t testing.TB, w, h int) *staged { return stage(t, atProbe, w, h) }},
	{"probe-setup-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		a.probe.setup.texts[setupLength] = widget.NewField("24h")
		return a
	}},
	{"probe", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 7)
		measuring(a)
		return a
	}},
	{"probe-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 7)
		measuring(a)
		keys(a, "v")
		return a
	}},
	{"probe-histogram", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 7)
		measuring(a)
		keys(a, "v", "v")
		return a
	}},
	{"probe-table", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 12)
		keys(a, "t")
		return a
	}},
	{"results", func(t testing.TB, w, h int) *staged {
		a := stage(t, atResults, w, h)
		measured(a, 12)
		a.probe.m.ended = a.now()
		a.probe.path = "/home/me/.local/state/bothways/runs/20261122-120000-abcd.ndjson"
		a.results.saved = []string{"bothways-20261122-120000-abcd.json", "bothways-20261122-120000-abcd.csv", "bothways-20261122-120000-abcd.md"}
		a.results.savedAt, a.results.savedIn = len(a.probe.m.record.Samples), "/home/me/reports"
		return a
	}},
	{"results-troubled", func(t testing.TB, w, h int) *staged {
		a := stage(t, atResults, w, h)
		measured(a, 12)
		a.probe.m.ended = a.now()
		troubled(a.probe)
		return a
	}},
	{"results-histogram", func(t testing.TB, w, h int) *staged {
		a := stage(t, atResults, w, h)
		measured(a, 12)
		a.probe.m.ended = a.now()
		keys(a, "t", "v", "v")
		return a
	}},
	{"runs", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		listed(a)
		a.past.marked = []string{a.past.entries[0].Path}
		return a
	}},
	{"runs-broken", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		listed(a)
		keys(a, "down", "down", "down")
		return a
	}},
	{"runs-none", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		a.past.reading = true
		runsListed{by: a.past}.deliver()
		return a
	}},
	{"runs-compared", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		listed(a)
		before, after := pastOf(t, 6, 1), pastOf(t, 7, 1.7)
		var text strings.Builder
		err := report.Compare(report.Compared{Origin: before.Origin(), Run: before.Run}, report.Compared{Origin: after.Origin(), Run: after.Run}).Write(&text, report.Text)
		runsCompared{by: a.past, text: text.String(), err: err}.deliver()
		return a
	}},
	{"past", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		runOpened{by: a.past, run: newPast(pastOf(t, 7, 1))}.deliver()
		return a
	}},
	{"past-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, atRuns, w, h)
		runOpened{by: a.past, run: newPast(pastOf(t, 7, 1))}.deliver()
		keys(a, "t", "v")
		return a
	}},
	{"teardown", func(t testing.TB, w, h int) *staged {
		a := stage(t, atTeardown, w, h)
		a.remove.asking = true
		removalRead{by: a.remove, gen: a.remove.gen, found: *demoSurvey(a.pair)}.deliver()
		return a
	}},
	{"teardown-naming", func(t testing.TB, w, h int) *staged {
		a := stage(t, atTeardown, w, h)
		a.remove.asking = true
		removalRead{by: a.remove, gen: a.remove.gen, found: *demoSurvey(a.pair)}.deliver()
		keys(a, "b", "y", "b", "o")
		return a
	}},
	{"help", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 7)
		keys(a, "?")
		return a
	}},
	{"quit-unkept", func(t testing.TB, w, h int) *staged {
		a := stage(t, atResults, w, h)
		measured(a, 12)
		keys(a, "q")
		return a
	}},
	{"quit", func(t testing.TB, w, h int) *staged {
		a := stage(t, atProbe, w, h)
		measured(a, 7)
		a.probe.path = "/home/me/.local/state/bothways/runs/20261122-120000-abcd.ndjson"
		measuring(a)
		a.runs = append(a.runs, a.probe.run)
		keys(a, "q")
		return a
	}},
}

func applying(a *staged) *stepRun {
	s := &stepRun{
		host: a, do: &a.do, plan: demoPlan(a.pair), states: map[string]stepState{}, tried: map[string]step.Status{}, began: noon.Add(-4 * time.Second),
		run: &running{stream: newStream(0), doing: "applying the plan", cancel: func() {}},
	}
	news(s, "bucket-a bucket-b", step.Done, "created", 310*time.Millisecond)
	news(s, "versioning-a versioning-b", step.Done, "Enabled", 120*time.Millisecond)
	news(s, "role-b-to-a", step.Running, "waiting until IAM knows the role everywhere", 1200*time.Millisecond)
	news(s, "role-a-to-b", step.Running, "S3 says: the role cannot be assumed yet; trying again for up to 60 s", 1200*time.Millisecond)
	s.plan.Steps[5].Needs = nil
	return s
}
