package pause

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// kindPreview is the kind of the step that has AWS find the targets and take the
// role without doing anything.
const kindPreview step.Kind = "drill-preview"

// Begin implements drill.Fault. It returns when both experiments run. Where one of
// them does not come to that, the error has AWS's reason, and the other is stopped.
func (p *Pause) Begin(ctx context.Context, emit pair.Emit) error {
	found, err := p.look(ctx)
	if err != nil {
		return err
	}
	if err := p.alone(ctx); err != nil {
		return err
	}
	p.begun = time.Now()
	var steps, pauses []step.Step
	var previews []string
	for _, d := range pair.Directions() {
		place := p.place(d, emit)
		making := p.making(found, place)
		preview := p.experimentStep(place, emit, preview, []string{making[len(making)-1].ID})
		previews = append(previews, preview.ID)
		steps = append(append(steps, making...), preview)
	}
	for _, d := range pair.Directions() { // neither begins before both can
		pauses = append(pauses, p.experimentStep(p.place(d, emit), emit, running, previews))
	}
	err = carryOut(ctx, append(steps, pauses...), emit)
	if err != nil && ctx.Err() == nil {
		return errors.Join(err, p.End(ctx, emit))
	}
	return err
}

// alone fails where something of another drill stands, which began since the
// checks, perhaps on another computer.
func (p *Pause) alone(ctx context.Context) error {
	for _, d := range pair.Directions() {
		found := standing.Glance(ctx, p.place(d, nil))
		for _, other := range found.Drills(p.world.Pair) {
			if other != p.scope.Drill {
				return fmt.Errorf("drill %s of this pair is open: only one goes on at a time", other)
			}
		}
		if found.Mark != "" && found.Mark != p.world.Pair.DrillMark(p.scope.Drill, d.From()) {
			return fmt.Errorf("bucket %s has the tag %s=%s of another drill", p.world.Pair.From(d).Bucket, pair.DrillTagKey, found.Mark)
		}
	}
	return ctx.Err()
}

// making are the steps for the role, the tag and the template of a direction. The
// role comes first: it leads to all the rest.
func (p *Pause) making(found *survey.Survey, place standing.Place) []step.Step {
	d := place.Direction
	at, side, account := p.world.Pair.From(d), d.From(), place.Account
	role := wanted.DrillRole(found, d, p.scope.Drill, p.scope.Callers[side])
	makeRole := step.New(step.MakeRole{Clients: place.Clients, Pair: p.world.Pair, Wanted: role}, step.Step{
		ID: standing.KindRole.On(d), Kind: standing.KindRole, Direction: &d, Title: "experiment's role", Target: "IAM " + role.RolePath + role.RoleName, Change: step.Create,
		What: "lets AWS FIS pause what goes from " + at.Bucket + " to " + p.world.Pair.To(d).Region + "; nothing else", Why: "An experiment acts with the rights of a role.", Undo: "removed at the end, or by bothways drill undo",
	})
	mark := p.world.Pair.DrillMark(p.scope.Drill, side)
	tagging := &s3control.TagResourceInput{
		AccountId: aws.String(account), ResourceArn: aws.String(at.BucketARN()), Tags: []control.Tag{{Key: aws.String(pair.DrillTagKey), Value: &mark}},
	}
	tag := step.New(step.Deed{
		Call: "TagResource", Inputs: []any{tagging},
		CLI: place.Clients.CLI("s3control", "tag-resource", "--account-id", account, "--resource-arn", at.BucketARN(), "--tags", "Key="+pair.DrillTagKey+",Value="+mark),
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := place.Clients.Control.TagResource(ctx, tagging); err != nil {
				return "", fmt.Errorf("tag bucket %s: %w", at.Bucket, err)
			}
			return "tagged; the other tags stay", nil
		},
	}, step.Step{
		ID: standing.KindTag.OnSide(side), Kind: standing.KindTag, Side: side, Title: "drill's tag", Target: at.String(), Change: step.Modify, Needs: []string{makeRole.ID},
		What: pair.DrillTagKey + "=" + mark + " beside the other tags", Why: "AWS FIS finds buckets by their tags alone.", Undo: "removed at the end, or by bothways drill undo",
	})
	input := p.template(place, role.RoleARN)
	template := step.New(step.Deed{
		Call: "CreateExperimentTemplate", Inputs: []any{input},
		CLI: place.Clients.CLI("fis", "create-experiment-template", "--cli-input-json", wanted.Compact(wanted.ExactJSON(input))),
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			out, err := place.Clients.FIS.CreateExperimentTemplate(ctx, input)
			if apierror.Code(err) == "ValidationException" && strings.Contains(apierror.Message(err), "role") {
				err = step.Passing(err, "The role is new; IAM may not have spread it yet.", step.RolePatience)
			}
			if err != nil {
				return "", fmt.Errorf("make the experiment template in %s: %w", at.Region, err)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.made[d] = aws.ToString(out.ExperimentTemplate.Id)
			return "template " + p.made[d], nil
		},
	}, step.Step{
		ID: standing.KindTemplate.On(d), Kind: standing.KindTemplate, Direction: &d, Title: "experiment template", Target: "AWS FIS " + at.Region, Change: step.Create, Needs: []string{tag.ID},
		What: fmt.Sprintf("pauses %s for %d minutes", d.Arrow(), int(p.scope.Box/time.Minute)), Why: "An experiment is started from one.", Undo: "removed at the end, or by bothways drill undo",
	})
	return []step.Step{makeRole, tag, template}
}

// template describes the pause of a direction. Its token comes of the drill, so
// that a request that is repeated makes no second one.
func (p *Pause) template(place standing.Place, role string) *fis.CreateExperimentTemplateInput {
	d := place.Direction
	to := p.world.Pair.To(d)
	return &fis.CreateExperimentTemplateInput{
		ClientToken: aws.String(p.token(d, "template", 1)), RoleArn: &role,
		Description:    aws.String(fmt.Sprintf("bothways drill %s, %s to %s", p.scope.Drill, d.From(), d.To())),
		StopConditions: []types.CreateExperimentTemplateStopConditionInput{{Source: aws.String("none")}},
		Targets: map[string]types.CreateExperimentTemplateTargetInput{"Buckets": {
			ResourceType: aws.String("aws:s3:bucket"), SelectionMode: aws.String("ALL"),
			ResourceTags: map[string]string{pair.DrillTagKey: p.world.Pair.DrillMark(p.scope.Drill, d.From())},
		}},
		Actions: map[string]types.CreateExperimentTemplateActionInput{"Pause": {
			ActionId: aws.String("aws:s3:bucket-pause-replication"), Targets: map[string]string{"Buckets": "Buckets"},
			Parameters: map[string]string{"duration": fmt.Sprintf("PT%dM", int(p.scope.Box/time.Minute)), "region": to.Region, "destinationBuckets": to.Bucket},
		}},
		ExperimentOptions: &types.CreateExperimentTemplateExperimentOptionsInput{
			AccountTargeting: types.AccountTargetingSingleAccount, EmptyTargetResolutionMode: types.EmptyTargetResolutionModeFail,
		},
		Tags: p.tags(),
	}
}

func (p *Pause) tags() map[string]string {
	tags := map[string]string{}
	for _, t := range p.world.Pair.Options.MadeTags.List() {
		tags[t.Key] = t.Value
	}
	tags[pair.TagKey], tags[pair.DrillTagKey] = p.world.Pair.ID(), p.scope.Drill
	return tags
}

// token names a request of this drill: what is asked for twice by the same name
// is done once.
func (p *Pause) token(d pair.Direction, what string, try int) string {
	return fmt.Sprintf("%s-%s-%s-%d", p.scope.Drill, d, what, try)
}

// others names what an experiment is about beside our bucket. AWS does not
// document by which keys it tells of a bucket, so all of its words are looked
// through.
func others(ctx context.Context, place standing.Place, id string, own pair.Side) (all []string, err error) {
	pages := fis.NewListExperimentResolvedTargetsPaginator(place.Clients.FIS, &fis.ListExperimentResolvedTargetsInput{ExperimentId: &id})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read what experiment %s is about: %w", id, err)
		}
		for _, t := range page.ResolvedTargets {
			n++
			for _, word := range t.TargetInformation {
				if strings.HasPrefix(word, "arn:") && word != own.BucketARN() {
					all = append(all, word)
				}
			}
		}
	}
	if n > 1 && len(all) == 0 {
		all = append(all, fmt.Sprintf("%d buckets", n))
	}
	slices.Sort(all)
	return all, nil
}
