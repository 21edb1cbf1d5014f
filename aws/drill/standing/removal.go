package standing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
)

// The kinds of steps about what a drill made; they begin their IDs.
const (
	KindPause    step.Kind = "drill-pause"
	KindTag      step.Kind = "drill-tag"
	KindTemplate step.Kind = "drill-template"
	KindRole     step.Kind = "drill-role"
)

// Stop is the step that ends the experiments of a drill in a place.
func Stop(p Place, drill string, emit pair.Emit) step.Step {
	return step.New(step.Deed{
		Call: "ListExperiments, StopExperiment, GetExperiment",
		CLI:  p.StopLine(drill),
		Do: func(ctx context.Context, report func(string)) (string, error) {
			return p.stop(ctx, drill, emit, report)
		},
	}, step.Step{
		ID: step.Removal(KindPause.On(p.Direction)), Kind: KindPause, Direction: &p.Direction, Title: "experiment", Target: "AWS FIS " + p.bucket().Region, Change: step.Modify,
		What: "the pause of " + p.Direction.Arrow() + " ends, where it goes on", Why: "What was held begins to arrive.", Undo: "not needed: replication goes on as before",
	})
}

// between is the time between two looks at an experiment.
const between = 2 * time.Second

// stop ends the experiments that go on, and returns when none has for two looks:
// one that was asked for a moment ago may not be in the list yet.
func (p Place) stop(ctx context.Context, drill string, emit pair.Emit, report func(string)) (string, error) {
	stopped, quiet := map[string]bool{}, 0
	for {
		all, err := p.experiments(ctx)
		if err != nil {
			return "", err
		}
		all = slices.DeleteFunc(all, func(e Experiment) bool { return e.Drill != drill })
		quiet++
		for _, e := range all {
			quiet = 0
			report("experiment " + e.ID + " is " + e.Status)
			if stopped[e.ID] || e.Status == string(types.ExperimentStatusStopping) {
				continue
			}
			_, err := p.Clients.FIS.StopExperiment(ctx, &fis.StopExperimentInput{Id: &e.ID})
			if err != nil {
				if now, unread := p.Experiment(ctx, e.ID); unread != nil || !Ended(types.ExperimentStatus(now.Status)) {
					return "", fmt.Errorf("stop experiment %s: %w", e.ID, err)
				}
			}
			stopped[e.ID] = true
		}
		if quiet >= 2 {
			break
		}
		if err := Pause(ctx, between); err != nil {
			return "", err
		}
	}
	if len(stopped) == 0 {
		return "no experiment goes on", nil
	}
	var ids []string
	for id := range stopped {
		e, err := p.Experiment(ctx, id)
		if err != nil {
			return "", err
		}
		emit(p.Event(e))
		ids = append(ids, id+" "+e.Status)
	}
	return strings.Join(ids, ", "), nil
}

// Event is an experiment for the journal.
func (p Place) Event(e Experiment) record.Experiment {
	return record.Experiment{Side: p.side(), Direction: p.Direction, ID: e.ID, Template: e.Template, State: e.Status, Reason: e.Reason, StartedAt: e.Started, EndedAt: e.Ended, At: time.Now()}
}

// Pause waits, or until the context ends.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Removal is the removal of what a drill left in a place, in an order in which
// what remains always leads to the rest: the role goes last. Its first step needs
// those that are named.
func Removal(p Place, drill string, needs ...string) []step.Step {
	arrow, bucket := p.Direction.Arrow(), p.bucket()
	tag := step.New(step.Deed{
		Call: "UntagResource", Inputs: []any{p.untagInput()}, CLI: p.UntagLine(),
		Look: func(ctx context.Context) (bool, string, error) {
			mark, err := p.mark(ctx)
			if of, own := p.Pair.DrillOf(mark); err == nil && (!own || of != drill) {
				return true, "no tag of this drill is there", nil
			}
			return false, "", err
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := p.Clients.Control.UntagResource(ctx, p.untagInput()); err != nil {
				return "", fmt.Errorf("take the tag %s off bucket %s: %w", pair.DrillTagKey, bucket.Bucket, err)
			}
			return "tag removed; the others stay", nil
		},
	}, step.Step{
		ID: step.Removal(KindTag.OnSide(p.side())), Kind: KindTag, Side: p.side(), Title: "drill's tag", Target: bucket.String(), Change: step.Remove, Needs: needs,
		What: pair.DrillTagKey + "=" + p.Pair.DrillMark(drill, p.side()) + " alone; other tags stay", Why: "Only the drill's experiments go by it.", Undo: "not needed",
	})
	template := step.New(step.Deed{
		Call: "ListExperimentTemplates, DeleteExperimentTemplate", CLI: p.TemplateLine(drill),
		Do: func(ctx context.Context, _ func(string)) (string, error) { return p.removeTemplates(ctx, drill) },
	}, step.Step{
		ID: step.Removal(KindTemplate.On(p.Direction)), Kind: KindTemplate, Direction: &p.Direction, Title: "experiment template", Target: "AWS FIS " + bucket.Region, Change: step.Remove,
		What: "what describes the pause " + arrow, Why: "Only the drill uses it.", Undo: "not needed", Needs: []string{tag.ID},
	})
	role := step.New(step.Deed{
		Call: "DeleteRolePolicy, DeleteRole", CLI: p.RoleLine(),
		Look: func(ctx context.Context) (bool, string, error) {
			r, err := p.role(ctx)
			switch {
			case err != nil:
				return false, "", err
			case r == nil:
				return true, "no role is there", nil
			case !r.Ours || r.Drill != drill:
				return true, "role " + p.Role + " is not this drill's and stays", nil
			}
			return false, "", nil
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) { return p.removeRole(ctx) },
	}, step.Step{
		ID: step.Removal(KindRole.On(p.Direction)), Kind: KindRole, Direction: &p.Direction, Title: "experiment's role", Target: "IAM " + p.Role, Change: step.Remove,
		What: p.Role + " and its policy", Why: "Only the drill's experiments took it.", Undo: "not needed", Needs: []string{template.ID},
	})
	return []step.Step{tag, template, role}
}

func (p Place) untagInput() *s3control.UntagResourceInput {
	return &s3control.UntagResourceInput{AccountId: aws.String(p.Account), ResourceArn: aws.String(p.bucket().BucketARN()), TagKeys: []string{pair.DrillTagKey}}
}

func (p Place) removeTemplates(ctx context.Context, drill string) (string, error) {
	all, err := p.templates(ctx)
	if err != nil {
		return "", err
	}
	n := 0
	for _, t := range all {
		if t.Drill != drill {
			continue
		}
		_, err := p.Clients.FIS.DeleteExperimentTemplate(ctx, &fis.DeleteExperimentTemplateInput{Id: &t.ID})
		if err != nil && !apierror.Missing(err) {
			return "", fmt.Errorf("delete experiment template %s: %w", t.ID, err)
		}
		n++
	}
	if n == 0 {
		return "no template is there", nil
	}
	return "template removed", nil
}

func (p Place) removeRole(ctx context.Context) (string, error) {
	_, err := p.Clients.IAM.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &p.Role, PolicyName: aws.String(p.Pair.DrillPolicyName())})
	if err != nil && !apierror.Missing(err) {
		return "", fmt.Errorf("delete the policy of role %s: %w", p.Role, err)
	}
	_, err = p.Clients.IAM.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &p.Role})
	if apierror.Code(err) == "DeleteConflict" {
		return "", fmt.Errorf("role %s carries policies that are not ours and is kept, without our policy: %w", p.Role, err)
	}
	if err != nil && !apierror.Missing(err) {
		return "", fmt.Errorf("delete role %s: %w", p.Role, err)
	}
	return "role and policy removed", nil
}
