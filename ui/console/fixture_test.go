package console

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/probe"
)

// noon is the fixed clock of the drawings.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func demoPair() pair.Pair {
	return pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-demo-7k2m-eu-west-1"},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-demo-7k2m-ap-southeast-1"},
		Options: pair.DefaultOptions(),
	}
}

// inert engines answer nothing: the drawings' states are set by hand.
func inert() *engines {
	gone := errors.New("no engine in this test")
	return &engines{
		identify: func(context.Context, account.Access, string) (account.Identity, error) {
			return account.Identity{}, gone
		},
		buckets: func(context.Context, account.Access, string) ([]string, error) { return nil, gone },
		describe: func(context.Context, account.Access, pair.Side) (account.Description, error) {
			return account.Description{}, gone
		},
		signIn: func(context.Context, account.Access, func(account.DeviceCode)) error { return gone },
		survey: func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			return session.Plans{}, gone
		},
		apply: func(context.Context, account.Access, plan.Plan, pair.Emit) error { return gone },
		probe: func(context.Context, account.Access, session.Measurement) (prober, error) { return nil, gone },
		examine: func(context.Context, account.Access, pair.Pair, doctor.ExamineOptions, pair.Emit) (doctor.Diagnosis, error) {
			return doctor.Diagnosis{}, gone
		},
	}
}

func sandboxAccess() account.Access {
	return account.Access{Sandbox: true, Endpoint: "http://127.0.0.1:9"}
}

// stage is an app with a fixed clock, at a place, with the sandbox open.
func stage(t testing.TB, at place, width, height int) *staged {
	t.Helper()
	p := demoPair()
	a := onStage(newApp(t.Context(), Config{
		Version: "test", Pair: &p, Now: func() time.Time { return noon }, engines: inert(),
		Profiles:    func() ([]account.Profile, error) { return nil, nil },
		OpenSandbox: func(context.Context) (account.Access, error) { return sandboxAccess(), nil },
		RunsDir:     "/home/me/.local/state/bothways/runs",
	}))
	a.Update(tea.WindowSizeMsg{Width: width, Height: height})
	a.front = at
	if at != atWhere {
		a.access, a.open = sandboxAccess(), true
		a.identity = account.Identity{Account: "000000000000", ARN: "arn:aws:iam::000000000000:user/operator"}
	}
	return a
}

// demoPlan is a set-up plan as the planner makes it, by hand.
func demoPlan(p pair.Pair) plan.Plan {
	plan := plan.Plan{Pair: p, Purpose: pair.SetUp, Findings: []survey.Finding{{
		Severity: survey.Note, Title: "versioning is switched on for the first time",
		Meaning: "AWS advises to wait 15 minutes before relying on it. The canaries show when each direction works.",
	}}}
	for _, name := range pair.Sides() {
		side, low := p.Side(name), strings.ToLower(string(name))
		plan.Steps = append(plan.Steps, step.Step{
			ID: "bucket-" + low, Side: name, Change: step.Create, Kind: step.KindBucket, Title: "bucket",
			What: side.Bucket + ", private, encrypted, tagged bothways:pair=" + p.ID(), Why: "A direction needs a bucket at both ends.",
			Call: "CreateBucket", Target: side.Region + " " + side.Bucket, Request: "{\n  \"Bucket\": \"" + side.Bucket + "\"\n}",
			CLI:  "aws s3api create-bucket --region " + side.Region + " --bucket " + side.Bucket,
			Undo: "delete the bucket, if it holds nothing of others",
		}, step.Step{
			ID: "versioning-" + low, Side: name, Change: step.Modify, Kind: step.KindVersioning, Title: "versioning", What: "never set -> Enabled",
			Why: "Replication copies versions.", Call: "PutBucketVersioning", Target: side.Region + " " + side.Bucket,
			CLI:  "aws s3api put-bucket-versioning --region " + side.Region + " --bucket " + side.Bucket + " --versioning-configuration Status=Enabled",
			Undo: "can be suspended later, never returned to never set", Needs: []string{"bucket-" + low},
		})
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, step.Step{
			ID: "role-" + d.Slug(), Direction: &d, Change: step.Create, Kind: step.KindRole, Title: "role",
			What: "may read " + string(d.From()) + "'s new versions, may write replicas to " + string(d.To()), Call: "CreateRole, PutRolePolicy",
			Target: "IAM " + pair.RolePath + p.RoleName(d), Why: "S3 takes this role to copy, nothing else.", Undo: "delete the policy and the role",
			CLI: "aws iam create-role --role-name " + p.RoleName(d),
		}, step.Step{
			ID: "rule-" + d.Slug(), Direction: &d, Change: step.Create, Kind: step.KindRule, Title: "rule", What: "all objects, delete markers, replica edits",
			Call: "PutBucketReplication", Target: p.From(d).Region + " " + p.From(d).Bucket,
			Why:     "Tells S3 to copy every new object that it covers to side " + string(d.To()) + ".",
			Request: "{\n  \"Role\": \"arn:aws:iam::000000000000:role/bothways/x\",\n  \"Rules\": [\n    {\n      \"ID\": \"" + p.RuleID(d) + "\",\n      \"Priority\": 1,\n      \"Status\": \"Enabled\"\n    }\n  ]\n}",
			CLI:     "aws s3api put-bucket-replication --region " + p.From(d).Region + " --bucket " + p.From(d).Bucket + " --replication-configuration '{\"Role\":\"arn:aws:iam::000000000000:role/bothways/x\"}'",
			Undo:    "delete the replication configuration", Needs: []string{"versioning-a", "versioning-b", "role-" + d.Slug()},
		}, step.Step{
			ID: "canary-" + d.Slug(), Direction: &d, Change: step.Prove, Kind: step.KindCanary, Title: "canary", What: "a 16-byte object, removed afterwards",
			Call: "PutObject, HeadObject", Target: p.From(d).String() + " to " + p.To(d).String(), Needs: []string{"rule-" + d.Slug()},
			Why: "Only an object that arrives proves the direction.", Undo: "its versions are deleted on both sides",
		})
	}
	return plan
}

func demoSurvey(p pair.Pair) *session.Plans {
	proposed := demoPlan(p)
	removal := plan.Plan{Pair: p, Purpose: pair.TearDown}
	for _, st := range proposed.Steps {
		if st.Change == step.Create {
			st.ID, st.Change, st.What, st.Needs = "remove-"+st.ID, step.Remove, "removed", nil
			removal.Steps = append(removal.Steps, st)
		}
	}
	return &session.Plans{
		SetUp: proposed,
		TearDown: func(buckets bool) plan.Plan {
			some := removal
			some.Steps = nil
			for _, st := range removal.Steps {
				if buckets || st.Kind != step.KindBucket {
					some.Steps = append(some.Steps, st)
				}
			}
			return some
		},
		Undo: func(plan.Plan, map[string]step.Status) plan.Plan { return removal },
	}
}

// news gives a step run the events of steps.
func news(s *stepRun, ids string, status step.Status, detail string, elapsed time.Duration) {
	for id := range strings.FieldsSeq(ids) {
		s.take(batch{events: []pair.Event{step.Event{ID: id, Status: status, Detail: detail, Attempt: 1, ElapsedMS: elapsed.Milliseconds(), At: noon}}})
	}
}

// measured is a run with so many rounds, as between Ireland and Singapore.
func measured(a *staged, rounds int) {
	cfg, err := a.probe.setup.config(a.pair)
	if err != nil {
		panic(err)
	}
	s := a.probe
	s.choosing = false
	s.m = newMeasurement(cfg, noon.Add(-time.Duration(rounds)*10*time.Second))
	s.m.watch.Follow(func(key string) time.Time { // polled at steps of some 8 %
		f := s.m.flight[key]
		return f.posted.Add(f.age(a.now()) * 96 / 100)
	})
	s.feed(probe.RunEvent{
		RunID: cfg.RunID, Pair: cfg.Pair, Sizes: cfg.Sizes, Rounds: cfg.Rounds, ForMS: cfg.For.Milliseconds(), EveryMS: cfg.Every.Milliseconds(),
		LimitMS: cfg.Limit.Milliseconds(), Pace: cfg.Pace, StartedAt: s.m.began,
	})
	random := rand.New(rand.NewPCG(7, 7))
	for round := range rounds {
		for i, size := range cfg.Sizes {
			for _, d := range pair.Directions() {
				key := fmt.Sprintf("k%d-%d-%d", round, i, d)
				at := s.m.began.Add(time.Duration(round)*10*time.Second + time.Duration(2*i+int(d))*800*time.Millisecond)
				s.feed(probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: round + 1, PlannedAt: at, At: at})
				s.feed(probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, PostedAt: at})
				if round == rounds-1 && i > 3 {
					continue // still in flight
				}
				took := []float64{4000, 9300}[d] * math.Exp(0.45*random.NormFloat64())
				s.feed(probe.Sample{
					Direction: d, SizeBytes: size, Key: key, Round: round + 1, PostedAt: at, DurationMS: took,
					BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 14, Outcome: probe.Replicated,
				})
				s.feed(probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{
					DurationMS: took * 1.08, BracketMS: [2]float64{took, took * 1.16}, HEADs: 5, Outcome: probe.Replicated,
				}})
				s.feed(probe.LoopEvent{Key: key, Direction: d, OK: true, Content: probe.SameContent})
				s.feed(probe.CleanedEvent{Key: key, OK: true})
			}
		}
	}
}

func (s *probeScreen) feed(e pair.Event) {
	s.m.take(e)
	s.charts.take(s.m, e)
}

// text is what a terminal would show, without styles.
func text(a *staged) string { return ansi.Strip(a.View().Content) }

// keys presses keys by their names and drops the commands.
func keys(a *staged, names ...string) {
	for _, name := range names {
		a.Update(keyNamed(name))
	}
}

func keyNamed(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd, "delete": tea.KeyDelete, "tab": tea.KeyTab,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}
	if code, special := codes[name]; special {
		return tea.KeyPressMsg{Code: code}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}
