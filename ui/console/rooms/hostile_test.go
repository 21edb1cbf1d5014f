package rooms

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/parity"
	"bothways/aws/backfill"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// hostile is what a bucket's name, a tag or an error body may hold.
const hostile = "evil\x1b[2J\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07\r\n\t\x00\x9b31m\u202e\u200fשלום\u0600 e\u0301"

// harmless checks that nothing on the screen is obeyed by a terminal.
func (s *stage) harmless(what string) {
	s.t.Helper()
	for _, bad := range []string{"\x1b[2J", "\x1b]", "\x07", "\r", "\x9b", "\u202e", "\u200f", "ש"} {
		if strings.Contains(s.View().Content, bad) {
			s.t.Errorf("%s draws %q", what, bad)
		}
	}
	s.fits(s.width, s.height)
}

// Hostile text stands wherever text from outside can come in.
func TestHostileTextIsDrawnHarmlessOnEveryScreen(t *testing.T) {
	t.Parallel()
	// Nothing on these comes from outside.
	own := []string{
		"options", "options-more", "plan-reading", "teardown-naming", "probe-setup", "probe-setup-time", "runs-none", "help", "audit-asking", "audit-same", "audit-empty", "audit-prefix-of-nothing", "backfill-reading", "backfill-looking-again",
		"drill-form", "drill-form-pause", "drill-form-more", "drill-form-readiness", "drill-form-alarm", "drill-form-wrong", "drill-beginning", "drill-undo-none",
	}
	for _, sc := range scenes() {
		play(t, 100, 40, func(s *stage) {
			s.hostile = true
			sc.play(s)
			s.harmless(sc.name)
			if s.At() == host.Results || s.At() == host.Past {
				s.press("s") // it can't be saved there
				s.harmless(sc.name + ", not saved,")
			}
			if !slices.Contains(own, sc.name) && !strings.Contains(s.text(), "evil") {
				t.Errorf("%s shows nothing of what is hostile", sc.name)
			}
			s.Access.Sandbox, s.Access.Profile = false, hostile
			s.Identity = account.Identity{Account: hostile, ARN: hostile}
			s.Pair.A.Bucket, s.Pair.B.Region, s.Pair.Options.Prefix = hostile, hostile, hostile
			s.Say(hostile)
			s.send(tea.PasteMsg{Content: hostile})
			s.send(tea.BackgroundColorMsg{Color: color.Black}) // all is drawn anew
			s.harmless(sc.name + ", chosen to be hostile,")
		})
	}
}

// poison puts hostile text into everything that comes from outside.
func (s *stage) poison() {
	profiles, identify, buckets, describe, signIn := s.cfg.Profiles, s.do.Identify, s.do.Buckets, s.do.Describe, s.do.SignIn
	s.cfg.Profiles = func() ([]account.Profile, error) {
		found, _ := profiles()
		return append(found[:len(found):len(found)], account.Profile{Name: hostile, Region: hostile, Kind: hostile}), errors.New(hostile)
	}
	s.do.Identify = func(ctx context.Context, access account.Access, region string) (account.Identity, error) {
		_, err := identify(ctx, access, region)
		return account.Identity{Account: hostile, ARN: hostile, Endpoint: hostile}, badly(err)
	}
	s.do.Buckets = func(ctx context.Context, access account.Access, region string) ([]string, error) {
		names, err := buckets(ctx, access, region)
		return append(names[:len(names):len(names)], hostile, "replicated", "hidden"), badly(err)
	}
	s.do.Describe = func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error) {
		switch side.Bucket {
		case "replicated":
			return account.Description{Rules: 1, Destinations: []string{hostile}}, nil
		case "hidden":
			return account.Description{}, errors.New(hostile)
		}
		found, err := describe(ctx, access, side)
		return found, badly(err)
	}
	s.poisonChanges()
	s.poisonMeasurements()
	s.do.SignIn = func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
		return badly(signIn(ctx, access, func(account.DeviceCode) { show(account.DeviceCode{URL: hostile, Code: hostile}) }))
	}
}

// poisonChanges does so with plans, and with what is told of them.
func (s *stage) poisonChanges() {
	survey, apply, examine, compare := s.do.Survey, s.do.Apply, s.do.Examine, s.do.Audit
	s.do.Survey = func(ctx context.Context, access account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error) {
		found, err := survey(ctx, access, p, agreed)
		if err != nil {
			return found, badly(err)
		}
		tearDown, undo := found.TearDown, found.Undo
		found.SetUp = poisonedPlan(found.SetUp)
		found.TearDown = func(buckets bool) plan.Plan { return poisonedPlan(tearDown(buckets)) }
		found.Undo = func(applied plan.Plan, states map[string]step.Status) plan.Plan {
			return poisonedPlan(undo(applied, states))
		}
		return found, nil
	}
	s.do.Apply = func(ctx context.Context, access account.Access, proposed plan.Plan, emit pair.Emit) error {
		return badly(apply(ctx, access, proposed, func(e pair.Event) { emit(poisonedEvent(e)) }))
	}
	s.do.Audit = func(ctx context.Context, access account.Access, p pair.Pair, options session.AuditOptions, emit pair.Emit) (audit.Result, error) {
		found, err := compare(ctx, access, p, options, func(e pair.Event) { emit(poisonedEvent(e)) })
		return found, badly(err)
	}
	settings := s.do.Settings
	s.do.Settings = func(ctx context.Context, access account.Access, p pair.Pair, emit pair.Emit) ([]parity.Setting, error) {
		found, err := settings(ctx, access, p, emit)
		for i := range found {
			f := &found[i]
			f.Title, f.Means, f.Differences = hostile, hostile, []string{hostile}
			f.A, f.B = parity.Reading{Unread: hostile}, parity.Reading{Document: []byte(hostile)}
			f.LikeA = []parity.Line{{CLI: hostile, Words: hostile}}
		}
		return found, err
	}
	mend := s.do.Backfill
	s.do.Backfill = func(ctx context.Context, access account.Access, p pair.Pair, options session.BackfillOptions) (host.Backfiller, error) {
		found, err := mend(ctx, access, p, options)
		if b, is := found.(*backfiller); is {
			b.plan.Plan = poisonedPlan(b.plan.Plan)
			b.plan.Accounts = map[pair.SideName]string{pair.A: hostile, pair.B: hostile}
		}
		return found, badly(err)
	}
	rehearse, undoing := s.do.Drill, s.do.UndoDrill
	s.do.Drill = func(ctx context.Context, access account.Access, options session.DrillOptions, emit pair.Emit) error {
		return badly(rehearse(ctx, access, options, func(e pair.Event) { emit(poisonedDrill(e)) }))
	}
	s.do.Opened = func(context.Context, account.Access, pair.Pair) []opened.Open {
		all := slices.Clone(s.openDrills)
		for i := range all {
			all[i].Drill, all[i].By, all[i].Stands = hostile, hostile, []string{hostile}
		}
		return all
	}
	s.do.UndoDrill = func(ctx context.Context, access account.Access, p pair.Pair) (host.DrillUndo, error) {
		found, err := undoing(ctx, access, p)
		if u, is := found.(*drillUndo); is {
			u.plan, u.opens = poisonedPlan(u.plan), s.do.Opened(ctx, access, p)
		}
		return found, badly(err)
	}
	s.do.Examine = func(ctx context.Context, access account.Access, p pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error) {
		emit(doctor.ExaminingEvent{Detail: hostile})
		found, err := examine(ctx, access, p, options, func(e pair.Event) { emit(poisonedEvent(e)) })
		return found, badly(err)
	}
}

func poisonedPlan(p plan.Plan) plan.Plan {
	p.Steps = slices.Clone(p.Steps)
	for i := range p.Steps {
		st := &p.Steps[i]
		st.Title, st.What, st.Why, st.Call, st.Target, st.Request, st.CLI, st.Undo, st.Others = hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile
	}
	p.Findings = slices.Clone(p.Findings)
	for i := range p.Findings {
		p.Findings[i].Title, p.Findings[i].Meaning = hostile, hostile
	}
	p.Findings = append(p.Findings, survey.Finding{Severity: survey.Warning, Title: hostile, Meaning: hostile})
	return p
}

// poisonedDrill is an event of a drill in hostile words.
func poisonedDrill(e pair.Event) pair.Event {
	switch e := e.(type) {
	case record.Scope:
		e.Drill, e.Title = hostile, hostile
		return e
	case record.Note:
		e.Text, e.By = hostile, hostile
		return e
	case record.Change:
		e.Why = hostile
		return e
	case record.Finding:
		e.Title, e.Text, e.Todo = hostile, hostile, hostile
		return e
	case record.Rang:
		e.Alarm, e.Reason = hostile, hostile
		return e
	case record.Recovery:
		e.How = hostile
		return e
	case record.Result:
		e.Why, e.Left = []string{hostile}, []string{hostile}
		return e
	}
	return e
}

// poisonedEvent is an event in hostile words.
func poisonedEvent(e pair.Event) pair.Event {
	switch e := e.(type) {
	case step.Event:
		e.Detail = hostile
		return e
	case doctor.Trouble:
		e.Title, e.Meaning, e.Todo, e.CLI = hostile, hostile, hostile, hostile
		return e
	case doctor.HealthEvent:
		e.Detail = hostile
		return e
	case audit.Started:
		e.Prefix, e.Rows = hostile, ""
		return e
	case backfill.Progress:
		e.State, e.Note = hostile, hostile
		return e
	case backfill.Left:
		e.Key, e.Words, e.Todo = hostile, hostile, hostile
		return e
	case audit.Progress:
		e.Waiting = hostile
		return e
	case audit.Result:
		e.Why = hostile
		return e
	case difference.Difference:
		return poisonedDifference(e)
	case deep.Sampled:
		e.Key, e.VersionID, e.Differences = hostile, hostile, map[deep.Aspect]string{hostile: hostile}
		e.Unread = e.Differences
		return e
	case deep.Result:
		e.Says = "so says " + hostile
		return e
	}
	return e
}

func poisonedDifference(d difference.Difference) difference.Difference {
	d.Key, d.Evidence, d.StatusA, d.StatusB = hostile, []string{hostile}, hostile, hostile
	for _, e := range []**difference.Entry{&d.A, &d.B} {
		if *e != nil {
			poisoned := **e
			poisoned.VersionID, poisoned.ETag, poisoned.Class = hostile, hostile, hostile
			*e = &poisoned
		}
	}
	return d
}

// An answer in hostile words is drawn harmless where there is nothing else.
func TestAHostileFailureIsDrawnHarmless(t *testing.T) {
	for _, keys := range [][]string{{}, {"x"}, {"d"}} { // of a survey, for a removal, of an examination
		play(t, 100, 40, func(s *stage) {
			s.atPlan()
			s.Engines().Survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
				return session.Plans{}, errors.New(hostile)
			}
			if s.press(keys...); s.At() == host.Plan {
				s.press("r")
			}
			if s.At() == host.Doctor {
				s.end(errors.New(hostile))
			}
			s.shows("did not succeed", "evil").harmless(string(s.At()))
		})
	}
}

// badly is an error in hostile words, where there is one.
func badly(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %w", hostile, err)
}
