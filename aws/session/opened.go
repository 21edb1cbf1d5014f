package session

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"

	"bothways/aws/account"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// glancing is how long others wait for the answers about open drills.
const glancing = 2 * time.Second

// Opened finds the drills of a pair that were left open, by the journals of this
// computer and by a few reads of AWS. Nothing waits for those long, and what can't
// be read is passed over: a command goes on without knowing.
func (s *Session) Opened(ctx context.Context, access account.Access, p pair.Pair) []opened.Open {
	if access.Sandbox { // a private one has no past
		return nil
	}
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil // the command itself meets the same
	}
	world = s.prefixed(world)
	var all []opened.Open
	var caught panics.Catcher
	read := make(chan struct{})
	go func() {
		defer close(read)
		caught.Try(func() { all = opened.Glance(ctx, world, s.runs, s.own.has) })
	}()
	select {
	case <-read:
		caught.Repanic()
		return all
	case <-time.After(glancing): // the reads go on: a login may be waiting for its code
		return opened.Journals(s.runs, p, s.own.has)
	case <-ctx.Done():
		return nil
	}
}

// prefixed is a world whose roles are looked for under the prefix of the pair's last
// run on this computer.
func (s *Session) prefixed(world survey.World) survey.World {
	if earlier, err := journal.Last(s.runs, world.Pair); err == nil && earlier != nil {
		world.RolePrefix = earlier.Pair.Options.RolePrefix
	}
	return world
}

// refuseBeside returns an error where drills are open, and tells face of each.
func refuseBeside(opens []opened.Open, face pair.Emit) error {
	if len(opens) == 0 {
		return nil
	}
	for _, o := range opens {
		face(o)
	}
	return &opened.StandsError{Open: opens[0]}
}

// glance is what plans and diagnoses know of open drills.
func (s *Session) glance(ctx context.Context, access account.Access, world survey.World) []opened.Open {
	if access.Sandbox {
		return nil
	}
	return opened.Glance(ctx, world, s.runs, s.own.has)
}

// besideDrills tells a set-up of drills that are open. While one pauses
// replication, nobody writes what it pauses.
func besideDrills(of plan.Plan, opens []opened.Open) plan.Plan {
	for _, o := range opens {
		switch {
		case o.Running:
			of.Block(o.Words(), strings.TrimSpace(o.There()+" Nothing is changed until it has ended; it takes everything back itself."))
		case o.Pauses:
			of.Block(o.Words(), strings.TrimSpace(o.There()+" Nothing is changed while it pauses replication. bothways drill undo ends that, and takes everything back."))
		default:
			of.Warn(o.Words(), strings.TrimSpace(o.There()+" bothways drill undo takes back what is left of it."))
		}
	}
	return of
}

// withDrills adds to a plan that removes things the removal of what drills left.
// A drill that goes on here is not cut off.
func withDrills(of plan.Plan, found *survey.Survey, opens []opened.Open) plan.Plan {
	if len(opens) == 0 || len(of.Blocked()) > 0 {
		return of
	}
	for _, o := range opens {
		if o.Running || o.Pauses && of.Purpose == pair.CleanUp {
			return besideDrills(of, opens)
		}
	}
	of.Drills = drillsOf(opens)
	undo := opened.Undo(found, opens, func(pair.Event) {})
	of.Steps = append(undo, afterDrills(of.Steps, undo)...)
	return of
}

// afterDrills are the steps of a removal that come after the undo of drills: what a
// drill paused is PENDING until then, and what it wrote onto buckets and roles comes
// off them before they go.
func afterDrills(steps, undo []step.Step) []step.Step {
	all := make([]string, 0, len(undo))
	var pauses []string
	for _, one := range undo {
		all = append(all, one.ID)
		if one.Kind == standing.KindPause {
			pauses = append(pauses, one.ID)
		}
	}
	steps = slices.Clone(steps)
	for i, one := range steps {
		switch one.Kind { //nolint:exhaustive // others touch nothing of a drill's
		case step.KindObjects:
			steps[i].Needs = slices.Concat(one.Needs, pauses)
		case step.KindBucket, step.KindRole, step.KindRolePolicy:
			steps[i].Needs = slices.Concat(one.Needs, all)
		}
	}
	return steps
}

// changes hands on what is told of requests, to a record that begins later.
type changes struct {
	mu sync.Mutex
	to pair.Emit
}

func (c *changes) emit(e pair.Event) {
	c.mu.Lock()
	to := c.to
	c.mu.Unlock()
	if to != nil {
		to(e)
	}
}

func (c *changes) lead(to pair.Emit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = to
}

// UndoingDrill is the undo of open drills that is planned and has not run.
type UndoingDrill struct {
	session *Session
	access  account.Access
	world   survey.World
	plan    plan.Plan
	opens   []opened.Open
	changes *changes
}

// Plan is what will run.
func (u *UndoingDrill) Plan() plan.Plan { return u.plan }

// Opens are the drills that it is for.
func (u *UndoingDrill) Opens() []opened.Open { return u.opens }

// UndoDrill plans what takes back all that is left of the open drills of a pair,
// their canaries among it. It changes nothing. Without an open drill the plan has
// no steps.
func (s *Session) UndoDrill(ctx context.Context, access account.Access, p pair.Pair) (*UndoingDrill, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil, err
	}
	if earlier, err := journal.Last(s.runs, p); err == nil && earlier != nil && !access.Sandbox {
		world.RolePrefix = earlier.Pair.Options.RolePrefix
	}
	found, err := plan.Look(ctx, world)
	if err != nil {
		return nil, err
	}
	opens, unread, err := opened.Find(ctx, found, s.runs, s.own.has)
	if err != nil {
		return nil, err
	}
	u := &UndoingDrill{session: s, access: access, world: world, opens: opens, changes: &changes{}}
	u.plan = plan.Plan{Pair: p, Accounts: found.Accounts(), Purpose: pair.CleanUp}
	for _, o := range opens {
		if o.Running {
			u.plan.Block(o.Words(), "End it where it runs: it takes everything back itself.")
		}
	}
	if s.runs == "" {
		u.plan.Findings = append(u.plan.Findings, survey.Finding{
			Severity: survey.Warning, Title: journal.ErrNoFolder.Error(), Meaning: "Only what drills left in AWS is known; one that merely broke off on a computer is not.",
		})
	}
	for _, what := range unread {
		u.plan.Findings = append(u.plan.Findings, survey.Finding{
			Severity: survey.Warning, Title: "not readable with these credentials: " + what, Meaning: "Whether a drill left something there is not known.",
		})
	}
	switch {
	case len(u.plan.Blocked()) > 0:
		return u, nil
	case len(opens) == 0:
		u.untold(found)
		return u, nil
	}
	steps := opened.Undo(found, opens, u.changes.emit)
	needs := make([]string, 0, len(steps))
	for _, one := range steps {
		needs = append(needs, one.ID)
	}
	swept := plan.CleanUp(found)
	for _, f := range swept.Findings {
		if f.Severity == survey.Blocker { // the rest goes on without it
			f.Severity = survey.Warning
		}
		u.plan.Findings = append(u.plan.Findings, f)
	}
	u.plan.Steps = append(slices.Concat(steps, afterDrills(swept.Steps, steps)), opened.Compare(found, opens, needs))
	return u, nil
}

// untold plans the removal of what lies where canaries go though no drill is open:
// of a cut whose journal is lost AWS has nothing else.
func (u *UndoingDrill) untold(found *survey.Survey) {
	left := false
	for _, side := range pair.Sides() {
		now := found.Sides[side]
		title, _, _ := now.LeftWords(found.World.Pair.ObjectPrefix())
		if title == "" {
			continue
		}
		left = true
		if len(now.LeftRuns) > 0 {
			title += ", of run " + survey.Named(now.LeftRuns)
		}
		u.plan.Findings = append(u.plan.Findings, survey.Finding{
			Severity: survey.Warning, Side: side, Title: title,
			Meaning: "They may be all that is left of a drill whose journal is lost; a probe that was cut short leaves the same. " +
				"What carries this pair's mark is removed. Where a probe or a drill of this pair goes on on another computer, let it end first.",
		})
	}
	if left {
		swept := plan.CleanUp(found)
		u.plan.Findings, u.plan.Steps = append(u.plan.Findings, swept.Findings...), swept.Steps
	}
}

// Run carries the undo out. The pair is locked meanwhile. Where everything went, the
// journal says that the drills have cleaned up.
func (u *UndoingDrill) Run(ctx context.Context, face pair.Emit) error {
	if len(u.plan.Blocked()) > 0 {
		return plan.Apply(ctx, u.plan, face) // which says why not, and does nothing
	}
	release, err := u.session.lock(u.access, u.plan, opened.UndoCommand, face)
	if err != nil {
		return err
	}
	defer release()
	kept := u.session.record(opened.UndoCommand, u.access, u.world, face)
	defer kept.close()
	u.changes.lead(kept.emit)
	ends := ending{undone: true}
	err = plan.Apply(ctx, u.plan, func(e pair.Event) {
		ends.hear(e)
		kept.emit(e)
	})
	if ends.undone && ctx.Err() == nil {
		undone(kept, drillsOf(u.opens))
	}
	return err
}

// undone notes that drills are not open any more.
func undone(kept *recorder, drills []string) {
	for _, drill := range drills {
		kept.note(record.Change{Drill: drill, State: record.Cleaned, Reached: true, Why: "undone afterwards", At: time.Now()})
	}
}

func drillsOf(opens []opened.Open) []string {
	all := make([]string, 0, len(opens))
	for _, o := range opens {
		all = append(all, o.Drill)
	}
	return all
}

// ending says of steps whether all went but the comparison at their end, which
// changes nothing.
type ending struct {
	mu     sync.Mutex
	undone bool
}

func (x *ending) hear(e pair.Event) {
	s, is := e.(step.Event)
	if !is || !s.Status.Final() || s.Status.OK() || s.Kind == opened.KindCompare {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.undone = false
}
