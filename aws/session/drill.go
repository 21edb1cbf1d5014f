package session

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/audit/parity"
	"bothways/aws/drill"
	"bothways/aws/drill/alarm"
	"bothways/aws/drill/cut"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
	"bothways/probe"
	"bothways/probe/polling"
)

// DrillOptions is what a drill is asked for.
type DrillOptions struct {
	// Scope is the drill; its ID, accounts, callers and start are filled in.
	Scope record.Scope
	// SetUp makes the pair first: a private sandbox starts empty.
	SetUp bool
	// Confirm returns nil where somebody agreed.
	Confirm func(ctx context.Context, r drill.Radius) error
	// Decide returns when somebody decides to fail over, with how in words.
	Decide func(ctx context.Context) (how string, err error)
	// Heard returns when somebody says that an alarm rang, with how in words.
	Heard func(ctx context.Context) (how string, err error)
	// Remarks are what somebody types while it goes on, for its report; nil is nobody.
	Remarks <-chan string
	// Agreed is what was agreed to of what others made.
	Agreed pair.Consent
}

// Drill rehearses the loss of a side. The pair is locked meanwhile. Its error
// says why the drill did not go its whole way; the result says what came of it in
// any case, and is empty where nothing began. Its errors are those of drill.Run, and
// *opened.StandsError where another drill of the pair is open, whatever of it is left.
func (s *Session) Drill(ctx context.Context, access account.Access, options DrillOptions, face pair.Emit) (record.Result, error) {
	scope := options.Scope
	world, err := s.open(ctx, access, scope.Pair)
	if err != nil {
		return record.Result{}, err
	}
	if err := identify(ctx, world, &scope); err != nil {
		return record.Result{}, err
	}
	if err := refuseBeside(s.glance(ctx, access, s.prefixed(world)), face); err != nil {
		return record.Result{}, err
	}
	if err := ctx.Err(); err != nil { // what is in AWS may not have been read
		return record.Result{}, context.Cause(ctx)
	}
	release, err := s.lock(access, plan.Plan{Pair: scope.Pair, Accounts: scope.Accounts, Purpose: pair.SetUp}, "drill", face)
	if err != nil {
		return record.Result{}, err
	}
	defer release()
	if !access.Sandbox { // one that armed itself and died until the lock was taken
		if err := refuseBeside(opened.Journals(s.runs, scope.Pair, s.own.has), face); err != nil {
			return record.Result{}, err
		}
	}
	kept := s.record("drill", access, world, face)
	defer kept.close()
	world.Consent = options.Agreed
	if options.SetUp {
		found, err := plan.Look(ctx, world)
		if err != nil {
			return record.Result{}, err
		}
		if err := plan.Apply(ctx, plan.SetUp(found), kept.emit); err != nil {
			return record.Result{}, err
		}
	}
	if access.Sandbox {
		if err := s.hangBells(ctx, world, scope); err != nil {
			return record.Result{}, err
		}
	}
	scope.Drill, scope.StartedAt = world.RunID, time.Now()
	cfg, err := s.drilling(ctx, access, world, scope)
	if err != nil {
		return record.Result{}, err
	}
	cfg.Confirm, cfg.Decide, cfg.Heard, cfg.Remarks = options.Confirm, options.Decide, options.Heard, options.Remarks
	return drill.Run(ctx, cfg, kept.emit)
}

// identify fills in whose credentials reach the sides.
func identify(ctx context.Context, world survey.World, scope *record.Scope) error {
	scope.Accounts, scope.Callers = map[pair.SideName]string{}, map[pair.SideName]string{}
	for _, side := range pair.Sides() {
		who, err := world.Clients(side).Identify(ctx)
		if err != nil {
			return fmt.Errorf("side %s: %w", side, err)
		}
		scope.Accounts[side], scope.Callers[side] = who.Account, who.ARN
	}
	return nil
}

// drilling binds a scope to what carries it out.
func (s *Session) drilling(ctx context.Context, access account.Access, world survey.World, scope record.Scope) (drill.Config, error) {
	cfg := drill.Config{
		Scope: scope, World: world, Clients: probe.Clients{A: world.A.S3, B: world.B.S3},
		Probe: probe.Config{
			RunID: world.RunID, Pair: scope.Pair, Sizes: []int64{1 << 10}, Every: time.Second, Limit: time.Hour, Pace: polling.Normal,
			Foreign: world.A.Endpoint != world.B.Endpoint, Private: access.Sandbox,
		},
		Carries: map[pair.SideName]upload.Headers{},
	}
	switch scope.Kind {
	case record.Readiness:
	case record.Cut:
		fault := cut.New(scope.Lost, scope.Outage)
		cfg.Fault = fault
		if scope.Lost == pair.A {
			cfg.Clients.A = fault.Through(world.A.S3)
		} else {
			cfg.Clients.B = fault.Through(world.B.S3)
		}
	case record.Pause:
		cfg.Fault = pause.New(world, scope)
	case record.Alarm:
		cfg.Alarm = alarm.New(world, scope)
		cfg.Fault = cfg.Alarm
	}
	if scope.Kind.Writes() {
		known, err := uploads(ctx, world, cfg.Probe, nil)
		if err != nil {
			return cfg, err
		}
		for side, one := range known {
			if one.Denied != "" {
				return cfg, &drill.UnhealthyError{Why: one.Denied}
			}
			cfg.Carries[side] = one.Carries
		}
		cfg.Clients.Uploads = func(ctx context.Context, tagged map[pair.SideName]pair.Tags) (map[pair.SideName]probe.Upload, error) {
			return uploads(ctx, world, cfg.Probe, tagged)
		}
	}
	settings, err := parity.Compare(ctx, world, scope.Accounts, func(pair.Event) {})
	if err != nil {
		return cfg, err
	}
	cfg.Ready = readiness(settings)
	if scope.Kind == record.Readiness {
		cfg.Ready = append(cfg.Ready, s.lag(access, scope)...)
	}
	cfg.Compare = s.comparing(access, world, scope)
	return cfg, nil
}

// readiness are the settings in which the survivor would behave otherwise:
// replication never copies them.
func readiness(settings []parity.Setting) (found []record.Finding) {
	var unknown []string
	for _, s := range settings {
		switch s.Judgement {
		case parity.Differs:
			found = append(found, record.Finding{
				Level: record.Warns, Title: "not the same on both sides: " + s.Title, Text: s.Means,
				Todo: "bothways audit --settings shows both, and lines that would make them alike",
			})
		case parity.Unknown:
			unknown = append(unknown, s.Title+" ("+cmp.Or(s.A.Unread, s.B.Unread)+")")
		case parity.Alike:
		}
	}
	if len(unknown) > 0 {
		found = append(found, record.Finding{Level: record.Notes, Title: fmt.Sprintf("of %d settings it is not known whether they are the same on both sides", len(unknown)), Text: strings.Join(unknown, "; ")})
	}
	return found
}
