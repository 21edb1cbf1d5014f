package backfill

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/dustin/go-humanize"

	"bothways/aws/backfill/job"
	"bothways/aws/backfill/manifest"
	"bothways/aws/replication/step"
	"bothways/probe/wording"
)

// jobDeed has a part's manifest carried out. Its job is found again by the
// request's token, so that a second run follows the one that the first asked for.
func (r *run) jobDeed(l *lane, p *part) step.Deed {
	shown := r.shown(l, p)
	return step.Deed{
		Call: "CreateJob, DescribeJob", Inputs: []any{l.order.Input(shown, 1)}, CLI: jobLine(l.order, shown),
		Do: func(ctx ctxt, report func(string)) (string, error) { return r.carryOut(ctx, l, p, report) },
	}
}

// shown is a part's manifest as far as it is known before it is written.
func (r *run) shown(l *lane, p *part) job.Manifest {
	m := job.Manifest{Key: partKey(r.world.Pair, l.d, p.n), ETag: "(of the manifest)", Token: r.token(l, p)}
	if stands, is := l.found.Parts[p.n]; is && stands.Digest == p.digest {
		m.Token = stands.Token
	}
	return m
}

// carryOut finds or asks for the job, and follows it to its end. That tasks
// failed is no error: the look names them.
func (r *run) carryOut(ctx ctxt, l *lane, p *part, report func(string)) (string, error) {
	m := p.standing.Manifest
	id, try, err := l.order.Of(ctx, m)
	if err != nil {
		if _, passes := step.Passes(err); passes || ctx.Err() != nil {
			return "", err
		}
		id, try = "", 0 // the request's token still keeps it from being made twice
	}
	for {
		if id == "" {
			try = max(try, 1)
			if id, err = l.order.Create(ctx, m, try, l.young); err != nil {
				return "", err
			}
			r.emit(Job{Direction: l.d, ID: id, Cancel: l.order.CancelLine(id)})
		} else {
			r.emit(Job{Direction: l.d, ID: id, Found: true, Cancel: l.order.CancelLine(id)})
		}
		state, err := r.follow(ctx, l, id, report)
		if err != nil {
			return "job " + id + " goes on in AWS; the same command follows it again. To stop it: " + l.order.CancelLine(id), err
		}
		if state.Unready() && l.young && job.MoreTries(try) {
			report("the job's role could not be used yet; it is asked for again in " + wording.Duration(spreading))
			select {
			case <-time.After(spreading):
			case <-ctx.Done():
				return "", ctx.Err()
			}
			id, try = "", try+1
			continue
		}
		p.state = state
		return r.report(ctx, l, state)
	}
}

// spreading is how long to wait for IAM before a job is asked for anew.
const spreading = 20 * time.Second

// follow watches a job and tells where it stands.
func (r *run) follow(ctx ctxt, l *lane, id string, report func(string)) (job.State, error) {
	var working time.Time // since the first task ended
	var before int64
	return l.order.Watch(ctx, id, func(s job.State) {
		progress := Progress{
			Direction: l.d, JobID: id, State: string(s.Status), Done: s.Done, Failed: s.Failed, Total: s.Total, Left: -1, Note: note(l, s),
		}
		if !s.Created.IsZero() {
			progress.Elapsed = s.At.Sub(s.Created)
		}
		ended := s.Done + s.Failed
		if ended > 0 && working.IsZero() {
			working, before = s.At, ended
		}
		if spent := s.At.Sub(working).Seconds(); !working.IsZero() && spent > 0 && ended > before {
			progress.PerSecond = float64(ended-before) / spent
			progress.Left = time.Duration(float64(s.Total-ended) / progress.PerSecond * float64(time.Second))
		}
		report(progress.Words())
		r.emit(progress)
	})
}

// note says what a job waits for, where somebody has to know.
func note(l *lane, s job.State) string {
	switch s.Status {
	case types.JobStatusSuspended:
		return joined("it waits for being confirmed, for 30 days at most", s.Update, "to confirm it: "+l.order.ConfirmLine(s.ID))
	case types.JobStatusPaused, types.JobStatusPausing:
		return joined("S3 has it wait for jobs of higher priority, or for one of six places that the account has, and goes on with it by itself", s.Update, "to have it go first: "+l.order.FirstLine(s.ID))
	case types.JobStatusFailing, types.JobStatusFailed:
		return strings.Join(s.Reasons, "; ")
	case types.JobStatusCancelling, types.JobStatusCancelled:
		return joined("somebody cancelled it", s.Update)
	default: // it goes its way
	}
	return ""
}

// Words say where a job stands, in a sentence without a full stop.
func (p Progress) Words() string {
	text := "job " + p.JobID + " is " + p.State
	if p.Total > 0 {
		text += fmt.Sprintf(": %s of %s done", humanize.Comma(p.Done), humanize.Comma(p.Total))
		if p.Failed > 0 {
			text += ", " + humanize.Comma(p.Failed) + " failed"
		}
	}
	if p.PerSecond > 0 && p.Left >= 0 {
		text += fmt.Sprintf(", %.0f a second, about %s left", p.PerSecond, wording.Duration(p.Left.Round(time.Second)))
	}
	return joined(text, p.Note)
}

// report reads what a job that ended says of its tasks that failed.
func (r *run) report(ctx ctxt, l *lane, s job.State) (string, error) {
	text := fmt.Sprintf("job %s ended %s: %s of %s replicated", s.ID, s.Status, humanize.Comma(s.Done), humanize.Comma(s.Total))
	if s.Failed > 0 {
		text += ", " + humanize.Comma(s.Failed) + " failed"
	}
	if s.Status != types.JobStatusComplete {
		text = joined(text, note(l, s))
	}
	if s.Failed == 0 {
		return text, nil
	}
	err := patiently(ctx, func() error {
		_, err := l.order.Results(ctx, s.ID, func(t manifest.Task) error { return r.failed(l, t) })
		return err
	})
	if _, passes := step.Passes(err); err != nil && (passes || ctx.Err() != nil) {
		return text, err
	}
	if err != nil { // the look says what is left all the same, if not why
		text = joined(text, "its report can't be read: "+err.Error())
	}
	return text, nil
}

// failed keeps why a task failed. A report that is read again tells the same.
func (r *run) failed(l *lane, t manifest.Task) error {
	if t.Status == "succeeded" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := t.Key + "\n" + t.VersionID
	if _, known := l.failed[at]; !known && len(l.failed) == mostCauses {
		l.lost++
		return nil
	}
	l.failed[at] = job.CauseOf(t)
	return nil
}
