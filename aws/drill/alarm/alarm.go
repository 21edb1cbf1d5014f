// Package alarm is the fault by which objects of a drill's own fail to replicate,
// and the alarms that are to ring for it: an inline policy on the role that S3
// takes denies what lies under the drill's own prefix, and nothing else.
package alarm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Fault implements drill.Fault.
type Fault struct {
	world survey.World
	scope record.Scope

	mu      sync.Mutex
	survey  *survey.Survey // nil before the first look
	bells   []Bell
	touched bool
	before  map[string]string // what the roles may do, by their names
}

// New is the fault of a drill that is about to run.
func New(world survey.World, scope record.Scope) *Fault {
	world.Pair = scope.Pair
	return &Fault{world: world, scope: scope, before: map[string]string{}}
}

// Bells are the alarms that are to ring, as Check found them.
func (f *Fault) Bells() []Bell { return f.bells }

// look reads the pair once.
func (f *Fault) look(ctx context.Context) (*survey.Survey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.survey != nil {
		return f.survey, nil
	}
	found, err := survey.Read(ctx, f.world)
	if err != nil {
		return nil, err
	}
	f.survey = found
	return found, nil
}

// role is the ARN of the one that S3 takes for a direction, "" without any, and
// whether it is ours.
func (f *Fault) role(d pair.Direction) (arn string, ours bool) {
	configuration := f.survey.Sides[d.From()].Replication
	if configuration == nil {
		return "", false
	}
	arn = aws.ToString(configuration.Role)
	return arn, arn != "" && arn == f.survey.OwnRoleARN(d) && f.survey.Directions[d].Own(f.world.Pair)
}

// place is where a direction's policy goes; emit hears of what is changed there.
func (f *Fault) place(d pair.Direction, emit pair.Emit) standing.Place {
	place := standing.At(f.survey, d, emit)
	if arn, _ := f.role(d); arn != "" {
		place.Replicates = survey.RoleName(arn)
	}
	return place
}

// Begin implements drill.Fault. It returns when the policies are written: that they
// hold is for the objects to show.
func (f *Fault) Begin(ctx context.Context, emit pair.Emit) error {
	if _, err := f.look(ctx); err != nil {
		return err
	}
	var steps []step.Step
	for _, d := range f.scope.Failing() {
		place := f.place(d, emit)
		for _, t := range standing.Glance(ctx, place).Drills(f.world.Pair) {
			if t != f.scope.Drill {
				return fmt.Errorf("drill %s of this pair is open: only one goes on at a time", t)
			}
		}
		if _, known := f.before[place.Replicates]; !known {
			now, err := f.policies(ctx, d, record.Before)
			if err != nil {
				return err
			}
			f.before[place.Replicates] = now.SHA256
			emit(now)
		}
		steps = append(steps, f.statement(place))
	}
	f.touched = true
	return carryOut(ctx, steps, emit)
}

// statement is the step that writes a direction's policy.
func (f *Fault) statement(place standing.Place) step.Step {
	d := place.Direction
	name, document := f.world.Pair.AlarmPolicyName(d, f.scope.Drill), wanted.AlarmPolicy(f.world.Pair, d, f.scope.Drill)
	input := &iam.PutRolePolicyInput{RoleName: &place.Replicates, PolicyName: &name, PolicyDocument: &document}
	return step.New(step.Deed{
		Call: "PutRolePolicy", Inputs: []any{input},
		CLI: place.Clients.CLI("iam", "put-role-policy", "--role-name", place.Replicates, "--policy-name", name, "--policy-document", document),
		Look: func(ctx context.Context) (bool, string, error) {
			now, _, err := survey.ReadRolePolicy(ctx, place.Clients, place.Replicates, name)
			if err == nil && now != "" && !policy.Same(now, document) {
				err = fmt.Errorf("role %s has another policy %s", place.Replicates, name)
			}
			return now != "", "the drill's policy is on the role", err
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := place.Clients.IAM.PutRolePolicy(ctx, input); err != nil {
				return "", fmt.Errorf("put the drill's policy on role %s: %w", place.Replicates, err)
			}
			return "the drill's policy is on the role beside its others", nil
		},
	}, step.Step{
		ID: standing.KindStatement.On(d), Kind: standing.KindStatement, Direction: &d, Title: "drill's policy", Target: "IAM " + place.Replicates, Change: step.Create,
		What: "what lies under " + f.world.Pair.AlarmPrefix(f.scope.Drill) + " can't be replicated " + d.Arrow(), Why: "An object has to fail for an alarm to ring.", Undo: "removed at the end, or by bothways drill undo",
	})
}

// End implements drill.Fault: the policies are off the roles, and the roles are
// what they were.
func (f *Fault) End(ctx context.Context, emit pair.Emit) error {
	if !f.touched {
		return nil
	}
	if err := f.Remove(ctx, emit); err != nil {
		return err
	}
	seen := map[string]bool{}
	var differ []error
	for _, d := range f.scope.Failing() {
		role := f.place(d, nil).Replicates
		if seen[role] {
			continue
		}
		seen[role] = true
		now, err := f.policies(ctx, d, record.After)
		if err != nil {
			return err
		}
		emit(now)
		if now.SHA256 != f.before[role] {
			differ = append(differ, fmt.Errorf("what role %s may do is not what it was before the drill: somebody else changed it; nothing was written over it", role))
		}
	}
	return errors.Join(differ...)
}

// Remove implements drill.Fault.
func (f *Fault) Remove(ctx context.Context, emit pair.Emit) error {
	if !f.touched {
		return nil
	}
	var steps []step.Step
	for _, d := range f.scope.Failing() {
		place := f.place(d, emit)
		steps = append(steps, standing.StatementRemoval(place, place.Replicates, f.scope.Drill))
	}
	return carryOut(ctx, steps, emit)
}

// Left implements drill.Fault.
func (f *Fault) Left(ctx context.Context) (left []string, err error) {
	if !f.touched {
		return nil, nil
	}
	for _, d := range f.scope.Failing() {
		place := f.place(d, nil)
		all, err := place.Statements(ctx)
		if err != nil {
			return left, err
		}
		left = append(left, standing.Found{Statements: all}.Of(f.world.Pair, f.scope.Drill).Words(place)...)
	}
	return left, nil
}

// carryOut runs steps, with the patience of every plan. Its error is the context's
// cause where that ended it.
func carryOut(ctx context.Context, steps []step.Step, emit pair.Emit) error {
	err := step.Apply(ctx, steps, emit)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Changes implements drill.Fault.
func (f *Fault) Changes() (all []string) {
	for _, d := range f.scope.Failing() {
		arn, ours := f.role(d)
		whose := ""
		if !ours {
			whose = ", which others made"
		}
		all = append(all, fmt.Sprintf("role %s%s gets the inline policy %s beside its own, which keeps what lies under %s from being replicated %s, and nothing else; it is taken off again. This has no end of its own: where bothways is ended by force, drill undo takes it off",
			arn, whose, f.world.Pair.AlarmPolicyName(d, f.scope.Drill), f.world.Pair.AlarmPrefix(f.scope.Drill), d.Arrow()))
	}
	names := make([]string, len(f.bells))
	for i, b := range f.bells {
		names[i] = b.Name
	}
	if len(names) > 0 {
		all = append(all, "nothing of its own, but whoever is told by "+strings.Join(names, ", ")+" is told: say beforehand that it is a drill")
	}
	return all
}

// Lines implements drill.Fault.
func (f *Fault) Lines() (all []string) {
	for _, d := range f.scope.Failing() {
		place := f.place(d, nil)
		all = append(all, place.StatementLine(place.Replicates, f.scope.Drill))
	}
	return all
}
