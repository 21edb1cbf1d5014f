// Package pause is the fault that AWS makes: two experiments of AWS FIS, one for
// each direction in the Region and the account of its source, pause replication.
// Each has its own end, which AWS keeps even where nobody is left to stop it.
package pause

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Pause implements drill.Fault.
type Pause struct {
	world survey.World
	scope record.Scope

	mu     sync.Mutex
	survey *survey.Survey // nil before the first look
	links  map[pair.SideName]bool
	begun  time.Time                 // of the making; zero before
	made   map[pair.Direction]string // the templates' IDs
	// going are the pauses by their experiments' IDs that were not read as ended.
	going map[string]pair.Direction
}

// New is the fault of a drill that is about to run.
func New(world survey.World, scope record.Scope) *Pause {
	world.Pair = scope.Pair
	return &Pause{world: world, scope: scope, links: map[pair.SideName]bool{}, made: map[pair.Direction]string{}, going: map[string]pair.Direction{}}
}

// look reads the pair once.
func (p *Pause) look(ctx context.Context) (*survey.Survey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.survey != nil {
		return p.survey, nil
	}
	found, err := survey.Read(ctx, p.world)
	if err != nil {
		return nil, err
	}
	p.survey = found
	return found, nil
}

// place is where a direction's experiment runs; emit hears of what is changed
// there.
func (p *Pause) place(d pair.Direction, emit pair.Emit) standing.Place {
	return standing.At(p.survey, d, emit)
}

// End implements drill.Fault: both experiments are stopped and have ended.
func (p *Pause) End(ctx context.Context, emit pair.Emit) error {
	if p.begun.IsZero() {
		return nil
	}
	var steps []step.Step
	for _, d := range pair.Directions() {
		steps = append(steps, standing.Stop(p.place(d, emit), p.scope.Drill, emit))
	}
	if err := carryOut(ctx, steps, emit); err != nil {
		return err
	}
	p.readEnds(ctx, emit)
	return nil
}

// Remove implements drill.Fault. It takes nothing away from an experiment that has
// not ended, as where End did not get through: AWS FIS ends a pause with the role.
func (p *Pause) Remove(ctx context.Context, emit pair.Emit) error {
	if p.begun.IsZero() {
		return nil
	}
	var steps []step.Step
	for _, d := range pair.Directions() {
		place := p.place(d, emit)
		stop := standing.Stop(place, p.scope.Drill, emit)
		steps = append(append(steps, stop), standing.Removal(place, p.scope.Drill, stop.ID)...)
	}
	return carryOut(ctx, steps, emit)
}

// Left implements drill.Fault.
func (p *Pause) Left(ctx context.Context) (left []string, err error) {
	if p.begun.IsZero() {
		return nil, nil
	}
	for _, d := range pair.Directions() {
		place := p.place(d, nil)
		found, err := standing.Read(ctx, place)
		if err != nil {
			return left, err
		}
		left = append(left, found.Of(p.world.Pair, p.scope.Drill).Words(place)...)
		for _, what := range found.Unread {
			left = append(left, "perhaps something in what could not be read: "+what)
		}
	}
	return left, nil
}

// carryOut runs steps, with the patience of every plan. Its error is the
// context's cause where that ended it.
func carryOut(ctx context.Context, steps []step.Step, emit pair.Emit) error {
	err := step.Apply(ctx, steps, emit)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Changes implements drill.Fault.
func (p *Pause) Changes() []string {
	var all []string
	minutes := int(p.scope.Box / time.Minute)
	for _, d := range pair.Directions() {
		at, to := p.world.Pair.From(d), p.world.Pair.To(d)
		role := p.place(d, nil).Role
		all = append(all,
			fmt.Sprintf("AWS FIS in %s pauses every rule of %s to %s in %s, for %d minutes at most; AWS ends that by itself", at.Region, at.Bucket, to.Bucket, to.Region, minutes),
			fmt.Sprintf("bucket %s gets the tag %s=%s beside its own, which is taken away again", at.Bucket, pair.DrillTagKey, p.world.Pair.DrillMark(p.scope.Drill, d.From())),
			fmt.Sprintf("account %s gets the role %s%s, which only these experiments can take, and an experiment template; both are removed again", p.scope.Accounts[d.From()], p.world.Pair.RolePath(), role),
		)
		if p.links[d.From()] {
			all = append(all, fmt.Sprintf("AWS makes its own role %s in account %s, with the account's first experiment; it stays", wanted.LinkedRole, p.scope.Accounts[d.From()]))
		}
	}
	price := MinutePrice(p.world.Pair.A.Region) // both sides are in one partition
	return append(all,
		fmt.Sprintf("AWS charges %.2f USD a minute for each of the two experiments: %.2f USD at most", price, 2*price*float64(minutes)),
		"the experiments stay in the list of AWS FIS for 120 days, as every experiment does",
	)
}

// Lines implements drill.Fault.
func (p *Pause) Lines() (all []string) {
	for _, d := range pair.Directions() {
		all = append(all, p.place(d, nil).StopLine(p.scope.Drill))
	}
	for _, d := range pair.Directions() {
		all = append(all, p.place(d, nil).Lines(p.scope.Drill)[1:]...)
	}
	return all
}
