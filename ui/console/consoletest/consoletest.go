// Package consoletest is what the tests of the console's rooms share: the frame
// on a stage, what engines would answer, keys, and the checks that hold for
// every screen. Only tests import it.
package consoletest

import (
	"context"
	"errors"
	"image/color"
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
	"bothways/ui/console"
	"bothways/ui/console/host"
)

// Noon is the fixed clock of the drawings.
var Noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// DemoPair is the pair of the drawings.
func DemoPair() pair.Pair {
	return pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-demo-7k2m-eu-west-1"},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-demo-7k2m-ap-southeast-1"},
		Options: pair.DefaultOptions(),
	}
}

// Inert engines answer nothing: the drawings' states are set by hand.
func Inert() *host.Engines {
	gone := errors.New("no engine in this test")
	return &host.Engines{
		Identify: func(context.Context, account.Access, string) (account.Identity, error) {
			return account.Identity{}, gone
		},
		Buckets: func(context.Context, account.Access, string) ([]string, error) { return nil, gone },
		Describe: func(context.Context, account.Access, pair.Side) (account.Description, error) {
			return account.Description{}, gone
		},
		SignIn: func(context.Context, account.Access, func(account.DeviceCode)) error { return gone },
		Survey: func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			return session.Plans{}, gone
		},
		Apply: func(context.Context, account.Access, plan.Plan, pair.Emit) error { return gone },
		Probe: func(context.Context, account.Access, session.Measurement) (host.Prober, error) { return nil, gone },
		Examine: func(context.Context, account.Access, pair.Pair, doctor.ExamineOptions, pair.Emit) (doctor.Diagnosis, error) {
			return doctor.Diagnosis{}, gone
		},
	}
}

// SandboxAccess reaches a sandbox that is not there.
func SandboxAccess() account.Access {
	return account.Access{Sandbox: true, Endpoint: "http://127.0.0.1:9"}
}

// DemoPlan is a set-up plan as the planner makes it, by hand.
func DemoPlan(p pair.Pair) plan.Plan {
	proposed := plan.Plan{Pair: p, Purpose: pair.SetUp, Findings: []survey.Finding{{
		Severity: survey.Note, Title: "versioning is switched on for the first time",
		Meaning: "AWS advises to wait 15 minutes before relying on it. The canaries show when each direction works.",
	}}}
	for _, name := range pair.Sides() {
		side, low := p.Side(name), strings.ToLower(string(name))
		proposed.Steps = append(proposed.Steps, step.Step{
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
		proposed.Steps = append(proposed.Steps, step.Step{
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
	return proposed
}

// DemoSurvey is what a survey of the pair finds before anything is made.
func DemoSurvey(p pair.Pair) *session.Plans {
	proposed := DemoPlan(p)
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

// Text is what a terminal would show, without styles.
func Text(a *console.App) string { return ansi.Strip(a.View().Content) }

// Keys presses keys by their names and drops the commands.
func Keys(a *console.App, names ...string) {
	for _, name := range names {
		a.Update(KeyNamed(name))
	}
}

// KeyNamed is the message of a key by its name.
func KeyNamed(name string) tea.KeyPressMsg {
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

// CheckFrame says what is wrong with a frame's shape.
func CheckFrame(t *testing.T, a *console.App, width, height int) {
	t.Helper()
	lines := strings.Split(a.View().Content, "\n")
	if len(lines) > max(1, height) {
		t.Fatalf("%dx%d: %d lines", width, height, len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w > width {
			t.Fatalf("%dx%d: line %d is %d wide: %q", width, height, i, w, ansi.Strip(line))
		}
	}
}

// Quits says whether a command is, or holds, the one that quits.
func Quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range msg {
			if Quits(c) {
				return true
			}
		}
	}
	return false
}

// Deliver runs a command by hand and gives its result to the model.
func Deliver(a tea.Model, cmd tea.Cmd) { a.Update(cmd()) }

// HelpRead is all that the help of a screen shows, scrolled through.
func HelpRead(a *console.App) string {
	var read strings.Builder
	Keys(a, "?")
	for range 80 {
		read.WriteString(Text(a) + "\n")
		Keys(a, "j")
	}
	return read.String()
}

// Hostile is what a bucket's name, a tag or an error body may hold.
const Hostile = "x\x1b[2J\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07\r\n\t\x00\x9b31m\u202e\u200fשלום\u0600 e\u0301"

// On is an app with a fixed clock, at a place, with the sandbox open.
func On(t testing.TB, all host.Screens, at host.Place, width, height int) *console.App {
	t.Helper()
	p := DemoPair()
	a := console.New(t.Context(), console.Config{
		Version: "test", Pair: &p, Now: func() time.Time { return Noon }, Engines: Inert(),
		Profiles:    func() ([]account.Profile, error) { return nil, nil },
		OpenSandbox: func(context.Context) (account.Access, error) { return SandboxAccess(), nil },
		RunsDir:     "/home/me/.local/state/bothways/runs",
	}, all)
	a.Update(tea.WindowSizeMsg{Width: width, Height: height})
	a.Front = at
	if at != host.Where {
		a.Access, a.Open = SandboxAccess(), true
		a.Identity = account.Identity{Account: "000000000000", ARN: "arn:aws:iam::000000000000:user/operator"}
	}
	return a
}

// Scene is a screen in a state that matters, for the drawings.
type Scene struct {
	Name  string
	Build func(t testing.TB, width, height int) *console.App
}

// Bye is what stays in the terminal after quitting.
func Bye(a *console.App) string { return strings.Join(a.Farewell().Lines, "\n") }

// ExpectIn looks for words in it.
func ExpectIn(t *testing.T, said string, all ...string) {
	t.Helper()
	for _, words := range all {
		if !strings.Contains(said, words) {
			t.Errorf("the farewell lacks %q:\n%s", words, said)
		}
	}
}

// Poison puts hostile text into what is chosen and what is said. Draw anew.
func Poison(a *console.App) {
	a.Access.Sandbox, a.Access.Profile = false, Hostile
	a.Identity = account.Identity{Account: Hostile, ARN: Hostile}
	a.Pair.A.Bucket, a.Pair.B.Region, a.Pair.Options.Prefix = Hostile, Hostile, Hostile
	a.Say(Hostile)
	Redraw(a)
}

// BodyTop is the first line of a screen, below the header and its rule, on a
// terminal without the whole rail.
const BodyTop = 2

// Redraw has the next frame drawn anew, after a screen was changed by hand.
func Redraw(a *console.App) { a.Update(tea.BackgroundColorMsg{Color: color.Black}) }
