package pause

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/drill/permitted"
	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Check implements drill.Fault.
func (p *Pause) Check(ctx context.Context) ([]record.Finding, error) {
	found, err := p.look(ctx)
	if err != nil {
		return nil, err
	}
	var all []record.Finding
	for _, side := range pair.Sides() {
		one, err := p.lookForLink(ctx, side)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	if err := found.LookAtRights(ctx, wanted.PauseRights(*wanted.Compose(found), p.links)); err != nil {
		return nil, err
	}
	for _, side := range pair.Sides() {
		all = append(all, permitted.Missing(found, side)...)
	}
	for _, d := range pair.Directions() {
		one, err := p.checkPlace(ctx, found, d)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, ctx.Err()
}

// lookForLink looks whether AWS FIS has its own role in a side's account, which
// else the first experiment makes, with a right of its own.
func (p *Pause) lookForLink(ctx context.Context, side pair.SideName) ([]record.Finding, error) {
	_, err := p.world.Clients(side).IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(wanted.LinkedRole)})
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case apierror.Missing(err):
		p.links[side] = true
	default:
		return []record.Finding{{
			Level: record.Notes, Side: side, Title: "whether AWS FIS has its own role " + wanted.LinkedRole + " in the account is not known (" + survey.RefusalOf(err) + ")",
			Text: "Where it has none, the first experiment needs iam:CreateServiceLinkedRole.",
		}}, nil
	}
	return nil, nil
}

// mostTags is how many tags a bucket can have (S3 User Guide, "Using cost
// allocation S3 bucket tags").
const mostTags = 50

// checkPlace looks at where a direction's experiment is to run.
func (p *Pause) checkPlace(ctx context.Context, s *survey.Survey, d pair.Direction) (all []record.Finding, err error) {
	place, side, at := p.place(d, nil), d.From(), p.world.Pair.From(d)
	block := func(title, text, todo string) {
		all = append(all, record.Finding{Level: record.Blocks, Side: side, Title: title, Text: text, Todo: todo})
	}
	found, err := standing.Read(ctx, place)
	if err != nil {
		return nil, err
	}
	for _, other := range found.Drills(p.world.Pair) {
		block("drill "+other+" of this pair is open", strings.Join(found.Of(p.world.Pair, other).Words(place), ", ")+": one drill of a pair goes on at a time.", "end it where it runs, or: bothways drill undo")
	}
	if _, own := p.world.Pair.DrillOf(found.Mark); found.Mark != "" && !own {
		block("bucket "+at.Bucket+" has the tag "+pair.DrillTagKey+"="+found.Mark+" of a drill of another pair", "Both would pause it, and each would take the other's tag away.", "wait for its end, or undo it")
	}
	if found.Role != nil && !found.Role.Ours {
		block("a role named "+place.Role+" is not ours", "It lacks the tag "+pair.TagKey+"="+p.world.Pair.ID()+", so it is left alone.", "rename or delete it")
	}
	for _, what := range found.Unread {
		all = append(all, record.Finding{Level: record.Warns, Side: side, Title: "not readable with these credentials: " + what, Text: "Whether something of another drill is there is not known."})
	}
	if n, err := place.Tags(ctx); err == nil && n >= mostTags {
		block(fmt.Sprintf("bucket %s has %d tags", at.Bucket, n), "It can't have the one by which AWS FIS finds it.", "remove one")
	}
	more, err := p.checkService(ctx, place)
	all = append(all, more...)
	if others := foreignRules(s, d); len(others) > 0 {
		all = append(all, record.Finding{
			Level: record.Notes, Side: side, Title: "rules of others pause, too: " + survey.Named(others),
			Text: "AWS FIS pauses all that goes from " + at.Bucket + " to " + p.world.Pair.To(d).Bucket + ", by whichever rule.",
		})
	}
	return all, err
}

// foreignRules are the rules of others to the pair's other bucket.
func foreignRules(s *survey.Survey, d pair.Direction) (names []string) {
	_, others := s.OwnRules(d)
	for _, r := range others {
		if r.Destination != nil && aws.ToString(r.Destination.Bucket) == s.World.Pair.To(d).BucketARN() {
			names = append(names, aws.ToString(r.ID))
		}
	}
	return names
}
