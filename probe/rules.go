package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	carried "bothways/aws/upload"
)

// ErrNotSetUp marks a pair that cannot replicate: a bucket that is not there or
// keeps no versions, or a direction that no rule covers, as far as the buckets'
// own configuration tells.
var ErrNotSetUp = errors.New("the pair does not replicate")

// survey looks whether a side can be probed at all: that its bucket answers
// these credentials, has versions, lets them be deleted again, and that an
// enabled rule covers the probe objects. What may not be read, or is not known
// to the endpoint, is said and does not hold probing back.
func (r *run) survey(ctx context.Context, d pair.Direction) error {
	from := r.sides[d.From()]
	versioning, err := askUntilSettled(ctx, r, from, func(traced func(*s3.Options)) (*s3.GetBucketVersioningOutput, error) {
		return from.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &from.bucket}, once, traced)
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case apierror.Missing(err):
		return fmt.Errorf("%w: bucket %s is not there, or not in %s (%s)", ErrNotSetUp, from.bucket, r.cfg.Pair.From(d).Region, apierror.Code(err))
	case err != nil && !r.unread(from, "its versioning", err):
		return fmt.Errorf("side %s: bucket %s cannot be read: %w", from.name, from.bucket, err)
	case err != nil:
	case versioning.Status != types.BucketVersioningStatusEnabled:
		return fmt.Errorf("%w: versioning is not enabled on bucket %s (side %s), and S3 replicates only versions", ErrNotSetUp, from.bucket, from.name)
	case versioning.MFADelete == types.MFADeleteStatusEnabled && !r.cfg.Keep:
		return kept(from, "MFA delete")
	}
	lock, err := askUntilSettled(ctx, r, from, func(traced func(*s3.Options)) (*s3.GetObjectLockConfigurationOutput, error) {
		return from.client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &from.bucket}, once, traced)
	})
	if err == nil && lock.ObjectLockConfiguration != nil && lock.ObjectLockConfiguration.Rule != nil && !r.cfg.Keep {
		return kept(from, "an object lock with a default retention")
	}
	return r.surveyRules(ctx, from, d)
}

func (r *run) surveyRules(ctx context.Context, from target, d pair.Direction) error {
	if r.cfg.AnyRules {
		return nil
	}
	found, err := askUntilSettled(ctx, r, from, func(traced func(*s3.Options)) (*s3.GetBucketReplicationOutput, error) {
		return from.client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &from.bucket}, once, traced)
	})
	switch {
	case apierror.Code(err) == "ReplicationConfigurationNotFoundError", err == nil && found.ReplicationConfiguration == nil:
		return fmt.Errorf("%w: bucket %s has no replication rule, so %s cannot be measured", ErrNotSetUp, from.bucket, d.Arrow())
	case err != nil && !r.unread(from, "its replication rules", err):
		return fmt.Errorf("side %s: the replication rules of bucket %s cannot be read: %w", from.name, from.bucket, err)
	case err != nil:
		return nil
	}
	to, prefix := r.cfg.Pair.To(d), r.cfg.Pair.ProbePrefix()
	rule, covered := ruleFor(found.ReplicationConfiguration.Rules, to, prefix)
	r.tags[d] = carried.FilterOf(rule)
	for _, other := range carried.Copies(found.ReplicationConfiguration.Rules, to, r.tags[d], prefix) {
		r.several[d] = true
		r.notice(Warning, from.name, fmt.Sprintf("A rule of bucket %s sends %s to bucket %s too: what is measured is the way to %s; COMPLETED and FAILED on side %s are of all destinations together, and copies in %s are not cleaned up.",
			from.bucket, prefix, other.Bucket, to.Bucket, from.name, other.Bucket))
	}
	if covered {
		return nil
	}
	if r.cfg.Foreign {
		r.notice(Warning, from.name, fmt.Sprintf("No rule of bucket %s names bucket %s for %s in a way that AWS would: probing goes on, and shows whether anything arrives.", from.bucket, to.Bucket, prefix))
		return nil
	}
	return fmt.Errorf("%w: no enabled rule of bucket %s covers %s on its way to %s, so %s cannot be measured there (is it a pair with another --prefix?)",
		ErrNotSetUp, from.bucket, prefix, to.Bucket, d.Arrow())
}

// askUntilSettled asks a side again while the answer may be another one a moment later.
func askUntilSettled[Answer any](ctx context.Context, r *run, side target, ask func(traced func(*s3.Options)) (Answer, error)) (Answer, error) {
	for began := time.Now(); ; {
		moment := instants{}
		got, err := ask(moment.option)
		if !passing(answer{exchange: moment.get(), err: err}) || time.Since(began) >= warmUpLimit {
			return got, err
		}
		r.waitsFor(side, time.Since(began), err)
		if sleep(ctx, warmUpGap) != nil {
			return got, err
		}
	}
}

// waitsFor says once what a side answers that is asked again and again.
func (r *run) waitsFor(side target, already time.Duration, err error) {
	const patience = 2 * time.Second
	if err != nil && already >= patience && !r.known(string(side.name)+" is waited for") {
		r.emit(NoticeEvent{Level: Warning, Side: side.name, Text: fmt.Sprintf("Side %s does not answer as it should (%s): it is asked again until %.0f s are over.", side.name, apierror.Describe(err), warmUpLimit.Seconds())})
	}
}

// unread says whether something about a side cannot be known, with a notice,
// while the side itself answers.
func (r *run) unread(side target, what string, err error) bool {
	status := apierror.StatusCode(err)
	refused := apierror.Code(err) == "AccessDenied" || status == http.StatusForbidden && apierror.Code(err) == "Forbidden"
	missing := status == http.StatusNotImplemented || status == http.StatusMethodNotAllowed
	odd := r.cfg.Foreign && status >= 400 && status < 500 && status != http.StatusForbidden && !apierror.Missing(err)
	if !refused && !missing && !odd || apierror.ClockWrong(err) {
		return false
	}
	r.notice(Warning, side.name, fmt.Sprintf("Side %s does not tell %s (%s): probing goes on without knowing.", side.name, what, apierror.Code(err)))
	return true
}

// ruleFor is the rule that probes to a bucket go by: one that wants no tags of
// them, or else the one of the highest priority, whose tags they carry.
func ruleFor(rules []types.ReplicationRule, to pair.Side, probes string) (chosen types.ReplicationRule, found bool) {
	for _, rule := range rules {
		tags := carried.FilterOf(rule)
		switch {
		case !covers(rule, to, probes, tags):
		case tags == "":
			return rule, true
		case !found || aws.ToInt32(rule.Priority) > aws.ToInt32(chosen.Priority):
			chosen, found = rule, true
		}
	}
	return chosen, found
}

// covers says whether a rule replicates probe objects with these tags to a
// bucket.
func covers(rule types.ReplicationRule, to pair.Side, probes string, tags pair.Tags) bool {
	return carried.LeadsTo(rule, to) && carried.Covers(rule, probes, tags)
}

func kept(side target, by string) error {
	return fmt.Errorf("bucket %s (side %s) keeps what is written to it (%s), so probe objects could not be deleted again: --keep would leave them there", side.bucket, side.name, by)
}
