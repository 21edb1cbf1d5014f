package step

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

const (
	// CanaryGap is how long after the first canary that arrived over a direction
	// that this plan changes another is written.
	CanaryGap = 15 * time.Second
	// activation bounds waiting for a new rule to be applied to new objects:
	// AWS says only that a configuration takes a while to propagate.
	activation = 5 * time.Minute
)

// trial writes canaries until one proves its direction, or it is known why
// none will.
type trial struct {
	Canary
	report func(string)
	clock  stopwatch
	count  int           // canaries of this trial
	pause  time.Duration // before the next one
	first  *stopwatch    // from the writing of the first that arrived; nil: none has
	// explained: nothing that can be read is in the way of one that FAILED.
	explained bool
}

// run returns the proof in words.
func (t *trial) run(ctx context.Context) (string, error) {
	for t.pause = time.Second; ; t.pause = min(2*t.pause, 15*time.Second) {
		began, verdict, unlike, err := t.send(ctx)
		if err != nil {
			return "", err
		}
		if verdict == types.ReplicationStatusReplica && unlike == "" && (!t.Stood || t.first != nil) {
			return fmt.Sprintf("%s %s after the first try (try %d)", t.arrival(), wording.Duration(t.since()), t.count), nil
		}
		if err := t.weigh(ctx, verdict, unlike, began); err != nil {
			return "", err
		}
		if err := sleep(ctx, t.pause); err != nil {
			return "", err
		}
	}
}

// since is the trial's time so far.
func (t *trial) since() time.Duration { return t.clock.spent() }

// send writes one canary and follows it. unlike says in what its replica is
// not as the rule wants it.
func (t *trial) send(ctx context.Context) (began stopwatch, verdict types.ReplicationStatus, unlike string, err error) {
	attempt := int(t.Sent.Tries.Add(1))
	t.count++
	t.report("writing " + t.Key(attempt))
	began = StartWatch(ctx)
	object, err := t.Write(ctx, attempt)
	if err != nil {
		return began, "", "", err
	}
	if verdict, err = t.Watch(ctx, object, t.clock, t.report); err != nil {
		return began, "", "", err
	}
	if verdict == types.ReplicationStatusReplica {
		unlike, err = t.unlike(ctx, object)
	}
	return began, verdict, unlike, err
}

// weigh says why the next canary is worth writing, or ends the trial with the
// reason why none is.
func (t *trial) weigh(ctx context.Context, verdict types.ReplicationStatus, unlike string, began stopwatch) error {
	since := t.since()
	switch {
	case unlike != "" && since > activation:
		return fmt.Errorf("after %s and %d objects S3 still writes replicas with %s: read the rule again, and look for another tool that writes it", wording.Duration(since), t.count, unlike)
	case unlike != "":
		t.report(fmt.Sprintf("S3 replicates, but not by the rule as it reads now: the replica has %s. Trying a new one in %s.", unlike, wording.Duration(t.pause)))
	case verdict == types.ReplicationStatusReplica:
		t.first = &began
		t.pause = max(CanaryGap-began.spent(), time.Second)
		t.report(fmt.Sprintf("%s; by the settings as they were, perhaps. Trying a new one in %s.", t.arrival(), wording.Duration(t.pause)))
	case verdict == types.ReplicationStatusFailed:
		return t.failed(ctx, since)
	case since > activation:
		return fmt.Errorf("after %s and %d objects S3 still applies no rule to new objects under %s: read the rule again, and look for another tool that writes it",
			wording.Duration(since), t.count, t.World.Pair.CanaryPrefix())
	default:
		t.report(fmt.Sprintf("S3 does not apply the rule to new objects yet. Trying a new one in %s.", wording.Duration(t.pause)))
	}
	return nil
}

// failed bears with a canary that FAILED while the role may be too new. An
// earlier run may have changed it a moment ago, of which no date tells, so
// even an old one gets its time where nothing explains the failure.
func (t *trial) failed(ctx context.Context, since time.Duration) error {
	late := since > RolePatience
	if late || !t.RoleIsNew && !t.explained {
		if found, reason := t.Explain(ctx); found || late {
			return reason
		}
		t.explained = true
	}
	t.report(fmt.Sprintf("S3 reported FAILED: the role or its policy may be too new to be usable yet. A FAILED object stays so; trying a new one in %s.", wording.Duration(t.pause)))
	return nil
}

// unlike says in what a replica differs from what the rule wants, or "".
func (a Canary) unlike(ctx context.Context, object written) (string, error) {
	if !a.Replica.Compared || a.Unreadable {
		return "", nil
	}
	side := a.Direction.To()
	out, err := a.World.Clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(a.World.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.Owners[side]),
	})
	if err != nil {
		return "", unseen(fmt.Errorf("read the canary %s on side %s: %w", object.key, side, err), true)
	}
	class := out.StorageClass
	if class == "" { // S3 API reference, HeadObject: the header is left out for STANDARD
		class = types.StorageClassStandard
	}
	switch key := aws.ToString(out.SSEKMSKeyId); {
	case class != a.Replica.Class:
		return fmt.Sprintf("storage class %s instead of %s", class, a.Replica.Class), nil
	case a.Replica.Key != "" && key == "":
		return "no KMS key instead of " + wanted.ShortKey(a.Replica.Key), nil
	case a.Replica.Key != "" && key != a.Replica.Key:
		return wanted.ShortKey(key) + " instead of " + wanted.ShortKey(a.Replica.Key), nil
	}
	return "", nil
}

// ReplicaLook is how a canary's replica has to look, so that one which S3
// wrote by an older state of the rule proves nothing.
type ReplicaLook struct {
	Compared bool
	Class    types.StorageClass
	Key      string // the ARN of the KMS key, or "" where it is not compared
}
