// Package job has S3 Batch Replication carry a manifest out: it asks for the
// job, finds one that an earlier run asked for, follows it to its end and reads
// what it reports.
package job

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
)

// Order is the job of one direction: what does not change from try to try.
type Order struct {
	Clients   *account.Clients
	Account   string // that the job belongs to
	Pair      pair.Pair
	Direction pair.Direction
	Bucket    pair.Side // for the manifest and the report
	RoleARN   string
}

// Manifest is the object that lists what a job is to replicate.
type Manifest struct {
	Key, ETag string
	VersionID string // "" where its bucket keeps none
	// Token names the request of its job: the same one makes no second job (S3
	// API reference, CreateJob: ClientRequestToken). It is kept with the object.
	Token string
}

// priority is that of our jobs: lower ones wait for higher ones, and those of
// others are none of our business.
const priority = 10

// ReportPrefix is where the job's report is written; S3 adds the job's own folder.
func (o Order) ReportPrefix() string { return o.Pair.BackfillPrefix(o.Direction) + "reports" }

// start begins the description of a direction's jobs.
func (o Order) start() string {
	return "bothways backfill " + o.Pair.ID() + " " + o.Pair.From(o.Direction).Region + " "
}

// Token is that of a try, which counts from 1: a job that ended before its first
// task, because IAM had not spread its role yet, is asked for anew.
func (m Manifest) token(try int) string {
	if try < 2 {
		return m.Token
	}
	return fmt.Sprintf("%s-%d", m.Token, try)
}

// Input is exactly what is sent.
func (o Order) Input(m Manifest, try int) *s3control.CreateJobInput {
	location := &types.JobManifestLocation{ETag: aws.String(m.ETag), ObjectArn: aws.String(o.Bucket.BucketARN() + "/" + m.Key)}
	if m.VersionID != "" && m.VersionID != "null" {
		location.ObjectVersionId = aws.String(m.VersionID)
	}
	input := &s3control.CreateJobInput{
		AccountId:            aws.String(o.Account),
		ClientRequestToken:   aws.String(m.token(try)),
		ConfirmationRequired: aws.Bool(false),
		Description:          aws.String(o.start() + m.token(try)),
		Operation:            &types.JobOperation{S3ReplicateObject: &types.S3ReplicateObjectOperation{}},
		Priority:             aws.Int32(priority),
		RoleArn:              aws.String(o.RoleARN),
		Manifest: &types.JobManifest{
			Location: location,
			Spec: &types.JobManifestSpec{
				Format: types.JobManifestFormatS3BatchOperationsCsv20180820,
				Fields: []types.JobManifestFieldName{types.JobManifestFieldNameBucket, types.JobManifestFieldNameKey, types.JobManifestFieldNameVersionId},
			},
		},
		Report: &types.JobReport{
			Enabled: true, Bucket: aws.String(o.Bucket.BucketARN()), Prefix: aws.String(o.ReportPrefix()),
			Format: types.JobReportFormatReportCsv20180820, ReportScope: types.JobReportScopeFailedTasksOnly,
		},
		Tags: []types.S3Tag{
			{Key: aws.String(pair.TagKey), Value: aws.String(o.Pair.ID())},
			{Key: aws.String(pair.BackfillTagKey), Value: aws.String(o.Pair.From(o.Direction).Region)},
		},
	}
	for _, t := range o.Pair.Options.MadeTags.List() {
		input.Tags = append(input.Tags, types.S3Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return input
}

// youngRole is how long IAM may take to let a role that was just made be passed
// and taken.
const youngRole = step.RolePatience

// crowded is how long a job that the account has no place for is asked for again.
const crowded = 12 * time.Hour

// Create asks for the job of a manifest. The same request again returns the job
// that it made.
func (o Order) Create(ctx context.Context, m Manifest, try int, young bool) (id string, err error) {
	out, err := o.Clients.Control.CreateJob(ctx, o.Input(m, try))
	if err == nil {
		return aws.ToString(out.JobId), nil
	}
	wrapped := fmt.Errorf("create the job %s: %w", o.Direction.Arrow(), err)
	_, idempotency := errors.AsType[*types.IdempotencyException](err)
	refused := apierror.Denied(err) || apierror.Code(err) == "BadRequestException" || apierror.Code(err) == "InvalidRequest"
	switch {
	case apierror.Code(err) == "TooManyRequestsException":
		return "", step.Passing(wrapped, "S3 takes no job now: an account has at most six of Batch Replication at once, and others may be running. It is asked for again and again; Ctrl-C is safe, and the same command goes on.", crowded)
	case idempotency || apierror.Code(err) == "IdempotencyException":
		return "", fmt.Errorf("%w. A job with this request's token was made with other settings: run the backfill again once that one has ended", wrapped)
	case refused && young:
		return "", step.Passing(wrapped, "The role was made a moment ago; IAM may not have spread it yet.", youngRole)
	}
	return "", wrapped
}

// ours are the jobs whose description is of this direction's backfills, the
// newest first, with their tokens.
func (o Order) ours(ctx context.Context) (jobs []Named, err error) {
	pages := s3control.NewListJobsPaginator(o.Clients.Control, &s3control.ListJobsInput{AccountId: aws.String(o.Account), MaxResults: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the jobs of account %s in %s: %w", o.Account, o.Bucket.Region, err)
		}
		for _, j := range page.Jobs {
			if token, ours := strings.CutPrefix(aws.ToString(j.Description), o.start()); ours && j.Operation == types.OperationNameS3ReplicateObject {
				jobs = append(jobs, Named{ID: aws.ToString(j.JobId), Token: token, Status: j.Status, Created: aws.ToTime(j.CreationTime)})
			}
		}
	}
	return jobs, nil
}

// Named is a job that was found by its description.
type Named struct {
	ID, Token string
	Status    types.JobStatus
	Created   time.Time
}

// Ours are this direction's jobs that carry the pair's mark, those that have not
// ended first. A description alone may be anybody's.
func (o Order) Ours(ctx context.Context) ([]Named, error) {
	named, err := o.ours(ctx)
	if err != nil {
		return nil, err
	}
	var open, ended []Named
	for _, j := range named {
		mine, err := o.marked(ctx, j.ID)
		switch {
		case err != nil:
			return nil, err
		case !mine:
		case Ended(j.Status):
			ended = append(ended, j)
		default:
			open = append(open, j)
		}
	}
	return append(open, ended...), nil
}

// marked says whether a job carries the pair's tag.
func (o Order) marked(ctx context.Context, id string) (bool, error) {
	out, err := o.Clients.Control.GetJobTagging(ctx, &s3control.GetJobTaggingInput{AccountId: aws.String(o.Account), JobId: aws.String(id)})
	if gone(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the tags of job %s: %w", id, err)
	}
	for _, t := range out.Tags {
		if aws.ToString(t.Key) == pair.TagKey {
			return aws.ToString(t.Value) == o.Pair.ID(), nil
		}
	}
	return false, nil
}

// Of finds the newest try of a manifest's job.
func (o Order) Of(ctx context.Context, m Manifest) (id string, try int, err error) {
	jobs, err := o.Ours(ctx)
	if err != nil {
		return "", 0, err
	}
	for _, j := range jobs {
		for n := 1; n <= mostTries; n++ {
			if j.Token == m.token(n) && n > try {
				id, try = j.ID, n
			}
		}
	}
	return id, try, nil
}

func gone(err error) bool {
	return apierror.Code(err) == "NoSuchJob" || apierror.Code(err) == "NoSuchJobException" || err != nil && apierror.StatusCode(err) == 404
}

// CancelLine ends a job, for the AWS CLI.
func (o Order) CancelLine(id string) string {
	return o.Clients.CLI("s3control", "update-job-status", "--account-id", o.Account, "--job-id", id, "--requested-job-status", "Cancelled")
}

// ConfirmLine lets a suspended job run.
func (o Order) ConfirmLine(id string) string {
	return o.Clients.CLI("s3control", "update-job-status", "--account-id", o.Account, "--job-id", id, "--requested-job-status", "Ready")
}

// FirstLine puts a job before all others of the account.
func (o Order) FirstLine(id string) string {
	return o.Clients.CLI("s3control", "update-job-priority", "--account-id", o.Account, "--job-id", id, "--priority", fmt.Sprint(math.MaxInt32))
}

// ShowLine asks for a job.
func (o Order) ShowLine(id string) string {
	return o.Clients.CLI("s3control", "describe-job", "--account-id", o.Account, "--job-id", id)
}
