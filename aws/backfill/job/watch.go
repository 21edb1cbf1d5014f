package job

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/replication/step"
)

// State is where a job stands.
type State struct {
	ID                  string
	Status              types.JobStatus
	Total, Done, Failed int64 // tasks; Done are those that succeeded
	Reasons             []string
	Update              string // why somebody changed it
	Created, At         time.Time
}

// Ended says whether a job stays in a status for good.
func Ended(s types.JobStatus) bool {
	return s == types.JobStatusComplete || s == types.JobStatusCancelled || s == types.JobStatusFailed
}

// Read asks where a job stands.
func (o Order) Read(ctx context.Context, id string) (State, error) {
	out, err := o.Clients.Control.DescribeJob(ctx, &s3control.DescribeJobInput{AccountId: aws.String(o.Account), JobId: aws.String(id)})
	if err != nil {
		return State{}, fmt.Errorf("ask where job %s stands: %w", id, err)
	}
	state := State{ID: id, Status: out.Job.Status, Update: aws.ToString(out.Job.StatusUpdateReason), Created: aws.ToTime(out.Job.CreationTime), At: time.Now()}
	if p := out.Job.ProgressSummary; p != nil {
		state.Total, state.Done, state.Failed = aws.ToInt64(p.TotalNumberOfTasks), aws.ToInt64(p.NumberOfTasksSucceeded), aws.ToInt64(p.NumberOfTasksFailed)
	}
	for _, f := range out.Job.FailureReasons {
		state.Reasons = append(state.Reasons, strings.TrimPrefix(aws.ToString(f.FailureCode)+": "+aws.ToString(f.FailureReason), ": "))
	}
	if out.Job.Status == types.JobStatusSuspended && aws.ToString(out.Job.SuspendedCause) != "" {
		state.Update = aws.ToString(out.Job.SuspendedCause)
	}
	return state, nil
}

// How a job is followed.
const (
	firstPause = time.Second
	mostPause  = 10 * time.Second
	// unseen is how long a job that was just made may not be found, and outage
	// how long nobody may answer before the watch is given up. The job goes on.
	unseen = 2 * time.Minute
	outage = 15 * time.Minute
)

// Watch follows a job to its end, and tells where it stands as often as it asks.
// It ends early with the context, or where nobody answers any more; the job goes
// on then.
func (o Order) Watch(ctx context.Context, id string, tell func(State)) (State, error) {
	last, began := State{ID: id}, time.Now()
	answered := began
	for pause := firstPause; ; pause = min(pause*3/2, mostPause) {
		state, err := o.Read(ctx, id)
		switch {
		case ctx.Err() != nil:
			return last, ctx.Err()
		case err == nil:
			last, answered = state, time.Now()
			tell(state)
			if Ended(state.Status) {
				return state, nil
			}
		case gone(err) && time.Since(began) < unseen:
		default:
			if _, passes := step.Passes(err); !passes || time.Since(answered) > outage {
				return last, err
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return last, ctx.Err()
		}
	}
}

// mostTries bounds how often a job is asked for anew that ended before its first
// task.
const mostTries = 3

// Unready says whether a job ended before its first task because its role could
// not be taken or may not read, as a role that IAM has not spread yet can't.
func (s State) Unready() bool {
	if s.Status != types.JobStatusFailed || s.Done+s.Failed > 0 {
		return false
	}
	for _, reason := range s.Reasons {
		words := strings.ToLower(reason)
		for _, sign := range []string{"access denied", "accessdenied", "assume", "forbidden", "not authorized"} {
			if strings.Contains(words, sign) {
				return true
			}
		}
	}
	return false
}

// MoreTries says whether a job may be asked for anew after a try.
func MoreTries(try int) bool { return try < mostTries }
