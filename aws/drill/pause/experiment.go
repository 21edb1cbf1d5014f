package pause

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/fis/types"

	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe/wording"
)

// aim is what an experiment is started for.
type aim struct {
	name string
	mode types.ActionsMode
	// reached is the status that it has to come to.
	reached types.ExperimentStatus
}

var (
	// preview has AWS take the role and find the target, and skip the pause.
	preview = aim{"preview", types.ActionsModeSkipAll, types.ExperimentStatusCompleted}
	running = aim{"pause", types.ActionsModeRunAll, types.ExperimentStatusRunning}
)

// The times between two looks at an experiment, and before a new role is tried
// again.
const (
	between   = time.Second
	spreading = 10 * time.Second
)

// experimentStep starts an experiment and waits until it came to what it is for.
func (p *Pause) experimentStep(place standing.Place, emit pair.Emit, to aim, needs []string) step.Step {
	d := place.Direction
	at := p.world.Pair.From(d)
	kind, change, title := kindPreview, step.Prove, "preview"
	what, undo := "AWS takes the role and finds the bucket by its tag, and pauses nothing", "nothing to undo"
	if to == running {
		kind, change, title = standing.KindPause, step.Modify, "pause"
		what, undo = fmt.Sprintf("replication %s pauses, for %s at most", d.Arrow(), wording.Duration(p.scope.Box)), "ends by itself; bothways drill undo ends it at once"
	}
	return step.New(step.Deed{
		Call: "StartExperiment, GetExperiment", Inputs: []any{p.start(d, "(of the template)", to, 1)},
		CLI: place.Clients.CLI("fis", "start-experiment", "--client-token", p.token(d, to.name, 1), "--experiment-options", "actionsMode="+string(to.mode),
			"--tags", pair.TagKey+"="+p.world.Pair.ID()+","+pair.DrillTagKey+"="+p.scope.Drill) + ` --experiment-template-id "$(` + place.TemplatesLine(p.scope.Drill) + `)"`,
		Do: func(ctx context.Context, report func(string)) (string, error) {
			e, err := p.experiment(ctx, place, emit, to, report)
			if err != nil {
				return "", err
			}
			return "experiment " + e.ID + " is " + e.Status, nil
		},
	}, step.Step{
		ID: kind.On(d), Kind: kind, Direction: &d, Title: title, Target: "AWS FIS " + at.Region, Change: change, What: what, Why: "The drill rehearses that nothing gets through.", Undo: undo, Needs: needs,
	})
}

func (p *Pause) start(d pair.Direction, template string, to aim, try int) *fis.StartExperimentInput {
	return &fis.StartExperimentInput{
		ClientToken: aws.String(p.token(d, to.name, try)), ExperimentTemplateId: &template, Tags: p.tags(),
		ExperimentOptions: &types.StartExperimentExperimentOptionsInput{ActionsMode: to.mode},
	}
}

// experiment starts one under the drill's own token and follows it. One that
// failed while the role and the tag were new is started again: IAM and the tags'
// index take a while to spread what is new, and the codes of failures are not to
// be gone by (AWS FIS User Guide, "Troubleshooting").
func (p *Pause) experiment(ctx context.Context, place standing.Place, emit pair.Emit, to aim, report func(string)) (standing.Experiment, error) {
	p.mu.Lock()
	template := p.made[place.Direction]
	p.mu.Unlock()
	for try := 1; ; try++ {
		out, err := place.Clients.FIS.StartExperiment(ctx, p.start(place.Direction, template, to, try))
		if err != nil {
			return standing.Experiment{}, fmt.Errorf("start the experiment in %s: %w", p.world.Pair.From(place.Direction).Region, err)
		}
		e, err := p.follow(ctx, place, emit, out.Experiment, to, report)
		if err != nil || e.Status == string(to.reached) {
			if err == nil && to == preview {
				err = p.exactly(ctx, place, e)
			}
			return e, err
		}
		if e.Status != string(types.ExperimentStatusFailed) || time.Since(p.begun)+spreading > step.RolePatience {
			return e, fmt.Errorf("experiment %s in %s is %s: %s", e.ID, p.world.Pair.From(place.Direction).Region, e.Status, e.Reason)
		}
		report("experiment " + e.ID + " failed, and is started again, because its role and the tag are new: " + e.Reason)
		if err := standing.Pause(ctx, spreading); err != nil {
			return e, err
		}
	}
}

// follow looks at an experiment until it came to what it is for, or ended.
func (p *Pause) follow(ctx context.Context, place standing.Place, emit pair.Emit, begun *types.Experiment, to aim, report func(string)) (standing.Experiment, error) {
	e, err := standing.ExperimentOf(begun)
	if err == nil && to == running {
		p.mu.Lock()
		p.going[e.ID] = place.Direction
		p.mu.Unlock()
	}
	last := ""
	for err == nil {
		if e.Status != last {
			last = e.Status
			emit(place.Event(e))
			report("experiment " + e.ID + " is " + e.Status)
		}
		if standing.Ended(types.ExperimentStatus(e.Status)) || e.Status == string(to.reached) && !e.Ends.IsZero() {
			return e, nil
		}
		if err = standing.Pause(ctx, between); err == nil {
			e, err = place.Experiment(ctx, e.ID)
		}
	}
	return e, err
}

// readEnds tells how the pauses ended: of one that ended by itself nothing else
// does. What can't be read stays unknown, and ends nothing.
func (p *Pause) readEnds(ctx context.Context, emit pair.Emit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, d := range p.going {
		place := p.place(d, nil)
		e, err := place.Experiment(ctx, id)
		if err != nil || !standing.Ended(types.ExperimentStatus(e.Status)) {
			continue
		}
		emit(place.Event(e))
		delete(p.going, id)
	}
}

// exactly fails where an experiment is about more than our bucket.
func (p *Pause) exactly(ctx context.Context, place standing.Place, e standing.Experiment) error {
	own := p.world.Pair.From(place.Direction)
	also, err := others(ctx, place, e.ID, own)
	if err != nil {
		return err
	}
	if len(also) > 0 {
		return fmt.Errorf("experiment %s in %s would pause %s beside bucket %s: nothing was paused. Take the tag %s off what is not of this drill", e.ID, own.Region, strings.Join(also, ", "), own.Bucket, pair.DrillTagKey)
	}
	return nil
}
