package pause

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/fis/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// mostActive is how many experiments of an account may go on in a Region (AWS FIS
// User Guide, "Quotas and limitations").
const mostActive = 5

// checkService looks whether AWS FIS would take an experiment now, and whether
// others work on the bucket already.
func (p *Pause) checkService(ctx context.Context, place standing.Place) (all []record.Finding, err error) {
	side, at := place.Direction.From(), p.world.Pair.From(place.Direction)
	add := func(level record.Level, title, text, todo string) {
		all = append(all, record.Finding{Level: level, Side: side, Title: title, Text: text, Todo: todo})
	}
	unread := func(what string, err error) {
		if apierror.Denied(err) {
			add(record.Warns, "not readable with these credentials: "+what+" ("+survey.RefusalOf(err)+")", "What it would say is not known before the drill begins.", "")
			return
		}
		add(record.Blocks, "AWS FIS does not answer in "+at.Region+" for "+what, err.Error(), "see whether AWS FIS is there in this region")
	}
	lever, err := place.Clients.FIS.GetSafetyLever(ctx, &fis.GetSafetyLeverInput{Id: aws.String("default")})
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		unread("the safety lever", err)
	case lever.SafetyLever.State != nil && lever.SafetyLever.State.Status != types.SafetyLeverStatusDisengaged:
		add(record.Blocks, "the safety lever of AWS FIS is engaged in "+at.Region, "No experiment runs meanwhile. Its reason: "+aws.ToString(lever.SafetyLever.State.Reason), "ask who engaged it")
	}
	active, err := p.active(ctx, place)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		unread("the experiments that go on", err)
	case len(active) >= mostActive:
		add(record.Blocks, fmt.Sprintf("%d experiments go on in %s", len(active), at.Region), fmt.Sprintf("AWS FIS takes %d at a time, unless the account's quota was raised.", mostActive), "wait for one of them")
	}
	for _, e := range active {
		about, err := p.about(ctx, place, aws.ToString(e.Id))
		if err != nil {
			unread("what experiment "+aws.ToString(e.Id)+" is about", err)
		}
		if about {
			add(record.Blocks, "experiment "+aws.ToString(e.Id)+" works on bucket "+at.Bucket, "It is not of this drill, and what it does could not be told from what the drill does.", "wait for its end")
		}
	}
	return all, nil
}

// active are the experiments of the account in the Region that go on and are not
// of this pair's drills, which are told of elsewhere.
func (p *Pause) active(ctx context.Context, place standing.Place) (all []types.ExperimentSummary, err error) {
	pages := fis.NewListExperimentsPaginator(place.Clients.FIS, &fis.ListExperimentsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Experiments {
			if e.State != nil && !standing.Ended(e.State.Status) && e.Tags[pair.TagKey] != p.world.Pair.ID() {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// about says whether an experiment is about the place's bucket.
func (p *Pause) about(ctx context.Context, place standing.Place, id string) (bool, error) {
	own := p.world.Pair.From(place.Direction)
	pages := fis.NewListExperimentResolvedTargetsPaginator(place.Clients.FIS, &fis.ListExperimentResolvedTargetsInput{ExperimentId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		for _, t := range page.ResolvedTargets {
			for _, word := range t.TargetInformation {
				if word == own.BucketARN() || word == own.Bucket {
					return true, nil
				}
			}
		}
	}
	return false, nil
}
