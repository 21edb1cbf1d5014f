package standing

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
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Glance reads what stands before anything else of a drill and goes after all of
// it: the role and the tag of the bucket, and the policies of the role that S3
// takes. It is four requests, of which one waits for another.
func Glance(ctx context.Context, p Place) Found {
	var f Found
	reads(ctx, &f, map[string]func(context.Context) error{
		"role " + p.Role: func(ctx context.Context) (err error) {
			f.Role, err = p.role(ctx)
			return err
		},
		"the tags of " + p.bucket().Bucket: func(ctx context.Context) (err error) {
			f.Mark, err = p.mark(ctx)
			return err
		},
		"the policies of the role that replicates from " + p.bucket().Bucket: func(ctx context.Context) (err error) {
			f.Statements, err = p.Statements(ctx)
			return err
		},
	})
	return f
}

// Read reads all that stands. What can't be read is said, and is not fatal unless
// the context ends.
func Read(ctx context.Context, p Place) (Found, error) {
	f := Glance(ctx, p)
	reads(ctx, &f, map[string]func(context.Context) error{
		"the experiment templates in " + p.bucket().Region: func(ctx context.Context) (err error) {
			f.Templates, err = p.templates(ctx)
			return err
		},
		"the experiments in " + p.bucket().Region: func(ctx context.Context) (err error) {
			f.Experiments, err = p.experiments(ctx)
			return err
		},
	})
	return f, ctx.Err()
}

// reads carries reads out side by side, and keeps what failed.
func reads(ctx context.Context, f *Found, all map[string]func(context.Context) error) {
	failed := make(chan string, len(all))
	group := pool.New()
	for what, read := range all {
		group.Go(func() {
			if err := read(ctx); err != nil {
				failed <- what + " (" + survey.RefusalOf(err) + ")"
			}
		})
	}
	group.Wait()
	close(failed)
	for one := range failed {
		f.Unread = append(f.Unread, one)
	}
	slices.Sort(f.Unread)
}

func (p Place) role(ctx context.Context) (*Role, error) {
	out, err := p.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &p.Role})
	if apierror.Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read role %s: %w", p.Role, err)
	}
	r := &Role{ARN: aws.ToString(out.Role.Arn), Created: aws.ToTime(out.Role.CreateDate)}
	for _, t := range out.Role.Tags {
		switch aws.ToString(t.Key) {
		case pair.TagKey:
			r.Ours = aws.ToString(t.Value) == p.Pair.ID()
		case pair.DrillTagKey:
			r.Drill = aws.ToString(t.Value)
		}
	}
	_, r.By, _ = strings.Cut(aws.ToString(out.Role.Description), wanted.DrillBy)
	return r, nil
}

// mark is the value of the bucket's drill tag, or "".
func (p Place) mark(ctx context.Context) (string, error) {
	tags, err := p.tags(ctx)
	return tags[pair.DrillTagKey], err
}

// Tags counts the tags of the bucket.
func (p Place) Tags(ctx context.Context) (int, error) {
	tags, err := p.tags(ctx)
	return len(tags), err
}

func (p Place) tags(ctx context.Context) (map[string]string, error) {
	input := &s3.GetBucketTaggingInput{Bucket: aws.String(p.bucket().Bucket)}
	if p.Account != "" {
		input.ExpectedBucketOwner = &p.Account
	}
	out, err := p.Clients.S3.GetBucketTagging(ctx, input)
	if apierror.Code(err) == "NoSuchTagSet" || apierror.Missing(err) { // a bucket that is gone has none
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the tags of %s: %w", p.bucket().Bucket, err)
	}
	tags := map[string]string{}
	for _, t := range out.TagSet {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags, nil
}

// ours is the drill that tags are of, where they carry the pair's mark.
func (p Place) ours(tags map[string]string) (drill string, ours bool) {
	return tags[pair.DrillTagKey], tags[pair.TagKey] == p.Pair.ID() && tags[pair.DrillTagKey] != ""
}

func (p Place) templates(ctx context.Context) (all []Template, err error) {
	pages := fis.NewListExperimentTemplatesPaginator(p.Clients.FIS, &fis.ListExperimentTemplatesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the experiment templates in %s: %w", p.bucket().Region, err)
		}
		for _, t := range page.ExperimentTemplates {
			if drill, ours := p.ours(t.Tags); ours {
				all = append(all, Template{ID: aws.ToString(t.Id), Drill: drill, Created: aws.ToTime(t.CreationTime)})
			}
		}
	}
	return all, nil
}

// experiments are those of the pair that have not ended.
func (p Place) experiments(ctx context.Context) (all []Experiment, err error) {
	pages := fis.NewListExperimentsPaginator(p.Clients.FIS, &fis.ListExperimentsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the experiments in %s: %w", p.bucket().Region, err)
		}
		for _, e := range page.Experiments {
			drill, ours := p.ours(e.Tags)
			if !ours || e.State == nil || Ended(e.State.Status) {
				continue
			}
			whole, err := p.Experiment(ctx, aws.ToString(e.Id))
			if err != nil {
				return nil, err
			}
			if whole.Drill = drill; !Ended(types.ExperimentStatus(whole.Status)) {
				all = append(all, whole)
			}
		}
	}
	return all, nil
}

// Experiment reads one as it stands.
func (p Place) Experiment(ctx context.Context, id string) (Experiment, error) {
	out, err := p.Clients.FIS.GetExperiment(ctx, &fis.GetExperimentInput{Id: &id})
	if err != nil {
		return Experiment{}, fmt.Errorf("read experiment %s: %w", id, err)
	}
	return ExperimentOf(out.Experiment)
}

// ExperimentOf is an experiment as AWS told it.
func ExperimentOf(e *types.Experiment) (Experiment, error) {
	if e == nil || e.State == nil {
		return Experiment{}, errors.New("AWS told of an experiment without its state")
	}
	found := Experiment{
		ID: aws.ToString(e.Id), Template: aws.ToString(e.ExperimentTemplateId), Status: string(e.State.Status),
		Reason: aws.ToString(e.State.Reason), Created: aws.ToTime(e.CreationTime), Drill: e.Tags[pair.DrillTagKey],
		Started: aws.ToTime(e.StartTime), Ended: aws.ToTime(e.EndTime),
	}
	for _, action := range e.Actions {
		lasts, err := minutes(action.Parameters["duration"])
		if err != nil || action.StartTime == nil {
			continue
		}
		if ends := action.StartTime.Add(lasts); ends.After(found.Ends) {
			found.Ends = ends
		}
	}
	return found, nil
}

// Ended says whether an experiment does nothing more.
func Ended(s types.ExperimentStatus) bool {
	switch s {
	case types.ExperimentStatusCompleted, types.ExperimentStatusStopped, types.ExperimentStatusFailed, types.ExperimentStatusCancelled:
		return true
	default:
	}
	return false
}

// minutes reads a duration as drills write it, such as PT15M.
func minutes(text string) (time.Duration, error) {
	number, is := strings.CutPrefix(text, "PT")
	if !is {
		return 0, fmt.Errorf("the duration %q: not one of minutes, as PT15M", text)
	}
	return time.ParseDuration(strings.ToLower(number))
}
