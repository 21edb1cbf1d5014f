package replication

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

const (
	canarySize = 16
	// canaryLimit bounds one direction's proof: AWS says that most objects
	// replicate within 15 minutes (S3 User Guide, troubleshooting replication).
	canaryLimit = 15 * time.Minute
	// apart is how long after the first canary that arrived over a link that
	// this plan changes another is written.
	apart = 15 * time.Second
	// activation bounds waiting for a new rule to be applied to new objects:
	// AWS says only that a configuration takes a while to propagate.
	activation = 5 * time.Minute
	// tidying bounds the removal of canaries after a cancelled run.
	tidying = 10 * time.Second
)

// canary proves one direction with a tiny object. An object that FAILED stays
// so for ever, and one without a status was never covered by the rule (S3 User
// Guide, "Getting replication status information"), so each try takes a new
// key.
type canary struct {
	world     World
	direction pair.Direction
	owners    map[pair.SideName]string
	wanted    string // what a success proves, see proof
	// keepsProof: the role is ours, so what was proven is noted on it.
	keepsProof bool
	// roleIsNew: the role or a policy that it needs is new or changes in this
	// plan, so a FAILED canary says nothing of them yet.
	roleIsNew bool
	// stood: the link replicated before, and this plan changes it, so a first
	// replica may have been written by the link as it was.
	stood bool
	// replica is what the rule wants of replicas, as far as it can be seen.
	replica    replicaLook
	tags       pair.Tags // what the rule filters by
	encryption string    // the ARN of the KMS key to write under, or ""
	// unreadable: the replica stays with the account that it came from, so
	// its origin's word is all there is.
	unreadable bool
	// tries counts the keys used, over every run of the plan: none is used
	// twice.
	tries *atomic.Int32
}

// written is one canary object; its version is "" until S3 has named it.
type written struct{ key, version string }

func (a canary) key(attempt int) string {
	return fmt.Sprintf("%s%s/%s-%d", a.world.Pair.CanaryPrefix(), a.world.RunID, a.direction.Slug(), attempt)
}

func (a canary) input(attempt int) *s3.PutObjectInput {
	input := &s3.PutObjectInput{
		Bucket:              aws.String(a.world.Pair.From(a.direction).Bucket),
		Key:                 aws.String(a.key(attempt)),
		ExpectedBucketOwner: aws.String(a.owners[a.direction.From()]),
		Metadata:            map[string]string{pair.MetadataKey: a.world.Pair.ID()},
	}
	if a.tags != "" {
		input.Tagging = aws.String(string(a.tags))
	}
	if a.encryption != "" {
		input.ServerSideEncryption, input.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String(a.encryption)
	}
	return input
}

func (a canary) cli() string {
	near, far, key := a.world.clients(a.direction.From()), a.world.clients(a.direction.To()), a.key(1)
	words := []string{
		"--bucket", a.world.Pair.From(a.direction).Bucket, "--key", key, "--body", "canary",
		"--metadata", pair.MetadataKey + "=" + a.world.Pair.ID(),
	}
	if a.tags != "" {
		words = append(words, "--tagging", string(a.tags))
	}
	if a.encryption != "" {
		words = append(words, "--server-side-encryption", "aws:kms", "--ssekms-key-id", a.encryption)
	}
	return "printf 'bothways canary.' > canary && " + cli(near, "s3api", "put-object", words...) + " && " +
		cli(far, "s3api", "head-object", "--bucket", a.world.Pair.To(a.direction).Bucket, "--key", key)
}

func (a canary) look(ctx context.Context) (bool, string, error) {
	if !a.keepsProof {
		return false, "", nil
	}
	found, err := lookAtLink(ctx, a.world, a.direction)
	if err != nil {
		return false, "", err
	}
	return found.Proven == a.wanted, "proven before", nil
}

func (a canary) do(ctx context.Context, report func(string)) (detail string, err error) {
	var all []written
	defer func() {
		if left := a.tidy(ctx, all); len(left) > 0 {
			err = fmt.Errorf("%w; %s", err, leftBehind(left))
		}
	}()
	clock := startWatch(ctx)
	var first stopwatch // from the writing of the first that arrived
	arrived, explained := false, false
	for pause := time.Second; ; pause = min(2*pause, 15*time.Second) {
		attempt := int(a.tries.Add(1))
		report(fmt.Sprintf("writing %s", a.key(attempt)))
		all = append(all, written{key: a.key(attempt)})
		object := &all[len(all)-1]
		began := startWatch(ctx)
		if object.version, err = a.write(ctx, attempt); err != nil {
			return "", err
		}
		verdict, err := a.watch(ctx, *object, clock, report)
		if err != nil {
			return "", err
		}
		unlike := ""
		if verdict == types.ReplicationStatusReplica {
			if unlike, err = a.unlike(ctx, *object); err != nil {
				return "", err
			}
		}
		since := clock.spent().Round(100 * time.Millisecond)
		switch {
		case unlike != "" && since > activation:
			return "", fmt.Errorf("after %s and %d objects S3 still writes replicas with %s: read the rule again, and look for another tool that writes it", since, len(all), unlike)
		case unlike != "":
			report(fmt.Sprintf("S3 replicates, but not by the rule as it reads now: the replica has %s. Trying a new one in %s.", unlike, pause))
		case verdict == types.ReplicationStatusReplica && a.stood && !arrived:
			first, arrived = began, true
			pause = max(apart-first.spent(), time.Second)
			report(fmt.Sprintf("%s; by the link as it was, perhaps. Trying a new one in %s.", a.arrival(), pause.Round(time.Second)))
		case verdict == types.ReplicationStatusReplica && !a.keepsProof:
			return fmt.Sprintf("%s %s after the first try (try %d)", a.arrival(), since, len(all)), nil
		case verdict == types.ReplicationStatusReplica:
			detail = fmt.Sprintf("%s %s after the first try (try %d)", a.arrival(), since, len(all))
			var unnoted error
			var noting conc.WaitGroup
			noting.Go(func() { unnoted = a.note(ctx) })
			left := a.tidy(ctx, all) // meanwhile
			noting.Wait()
			all = nil
			if unnoted != nil {
				detail += "; noting that on the role failed: " + apierror.Describe(unnoted)
			}
			if len(left) > 0 {
				detail += "; " + leftBehind(left)
			}
			return detail, nil
		case verdict == types.ReplicationStatusFailed && since > rolePatience:
			_, reason := a.diagnose(ctx)
			return "", reason
		case verdict == "" && since > activation:
			return "", fmt.Errorf("after %s and %d objects S3 still applies no rule to new objects under %s: read the rule again, and look for another tool that writes it",
				since, len(all), a.world.Pair.CanaryPrefix())
		case verdict == types.ReplicationStatusFailed:
			if !a.roleIsNew && !explained { // an earlier run may have changed it a moment ago: no date tells
				found, reason := a.diagnose(ctx)
				if found {
					return "", reason
				}
				explained = true
			}
			report(fmt.Sprintf("S3 reported FAILED: the role or its policy may be too new to be usable yet. A FAILED object stays so; trying a new one in %s.", pause))
		default:
			report(fmt.Sprintf("S3 does not apply the rule to new objects yet. Trying a new one in %s.", pause))
		}
		if err := sleep(ctx, pause); err != nil {
			return "", err
		}
	}
}

// arrival words how the replica is known to be there.
func (a canary) arrival() string {
	if a.unreadable {
		return "its origin read COMPLETED"
	}
	return "the replica was read"
}

func leftBehind(keys []string) string {
	return "left behind, and removed by bothways destroy: " + strings.Join(keys, ", ")
}

// write returns the version that S3 made, or "" where versioning is not
// effective everywhere yet.
func (a canary) write(ctx context.Context, attempt int) (version string, err error) {
	input := a.input(attempt)
	input.Body = strings.NewReader("bothways canary.")
	out, err := a.world.clients(a.direction.From()).S3.PutObject(ctx, input)
	if err != nil {
		return "", unseen(fmt.Errorf("write the canary %s: %w", *input.Key, err), true)
	}
	return aws.ToString(out.VersionId), nil
}

// watch follows one canary: REPLICA once it was read on the other side, FAILED
// when its origin says so, "" when no rule covers it. What is not found is not
// there yet: for 15 minutes after versioning was first switched on, even the
// origin may be missed (S3 API reference, PutBucketVersioning).
func (a canary) watch(ctx context.Context, object written, clock stopwatch, report func(string)) (types.ReplicationStatus, error) {
	if object.version == "" {
		return "", nil
	}
	for {
		var seen bool
		var origin, replica types.ReplicationStatus
		var originErr, replicaErr error
		var both conc.WaitGroup // hands a panic on to the caller
		both.Go(func() { origin, seen, originErr = a.glance(ctx, a.direction.From(), object) })
		both.Go(func() { replica, _, replicaErr = a.glanceAtReplica(ctx, object) })
		both.Wait()
		if a.unreadable && originErr == nil && (origin == types.ReplicationStatusCompleted || origin == types.ReplicationStatusComplete) {
			return types.ReplicationStatusReplica, nil
		}
		if err := errors.Join(originErr, replicaErr); err != nil {
			return "", err
		}
		if replica == types.ReplicationStatusReplica {
			return replica, nil
		}
		if seen && (origin == types.ReplicationStatusFailed || origin == "") {
			return origin, nil
		}
		if clock.spent() > canaryLimit {
			return "", fmt.Errorf("the canary %s was not replicated within %s: its origin says %s", object.key, canaryLimit, origin)
		}
		if seen {
			report(fmt.Sprintf("origin %s, not on side %s yet", origin, a.direction.To()))
		} else {
			report("its origin does not answer for it yet")
		}
		// Asking at every twentieth of the time so far finds the replica a
		// fortieth late on average, whether it takes seconds or a minute.
		if err := sleep(ctx, min(max(clock.spent()/20, 100*time.Millisecond), 3*time.Second)); err != nil {
			return "", err
		}
	}
}

// glance looks once. What is missing, or a fault that is expected to pass, is
// not seen; an error is final.
func (a canary) glance(ctx context.Context, side pair.SideName, object written) (status types.ReplicationStatus, seen bool, err error) {
	status, err = a.head(ctx, side, object)
	if err == nil {
		return status, true, nil
	}
	if allowed, _ := patience(err); allowed > 0 || apierror.Missing(err) {
		return "", false, nil
	}
	return "", false, err
}

// glanceAtReplica looks once on the other side, where that may be read.
func (a canary) glanceAtReplica(ctx context.Context, object written) (status types.ReplicationStatus, seen bool, err error) {
	if a.unreadable {
		return "", false, nil
	}
	return a.glance(ctx, a.direction.To(), object)
}

func (a canary) head(ctx context.Context, side pair.SideName, object written) (types.ReplicationStatus, error) {
	out, err := a.world.clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(a.world.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.owners[side]),
	})
	if err != nil {
		return "", fmt.Errorf("read the canary %s on side %s: %w", object.key, side, err)
	}
	return out.ReplicationStatus, nil
}

// note keeps what was proven as a tag of the role.
func (a canary) note(ctx context.Context) error {
	_, err := a.world.clients(a.direction.From()).IAM.TagRole(ctx, &iam.TagRoleInput{
		RoleName: aws.String(a.world.Pair.RoleName(a.direction)),
		Tags:     []iamtypes.Tag{{Key: aws.String(pair.ProvenTagKey), Value: aws.String(a.wanted)}},
	})
	return err
}

// tidy deletes the canaries' versions on both sides and returns those that
// could not be deleted. Deleting by version is never replicated. It goes on
// for a moment after the run was cancelled.
func (a canary) tidy(ctx context.Context, all []written) []string {
	cancelled := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(cancelled, func() { time.AfterFunc(tidying, cancel) })()
	behind := map[pair.SideName]*[]string{a.direction.From(): {}, a.direction.To(): {}}
	var both conc.WaitGroup
	for side, names := range behind {
		both.Go(func() {
			for _, object := range all {
				if err := a.remove(ctx, side, object); err != nil {
					*names = append(*names, a.world.Pair.Side(side).Bucket+"/"+object.key)
				}
			}
		})
	}
	both.Wait()
	return append(*behind[a.direction.From()], *behind[a.direction.To()]...)
}

// remove deletes one canary on one side. Where the answer that would have
// named its version was lost, every version of its key goes: no other run has
// that key.
func (a canary) remove(ctx context.Context, side pair.SideName, object written) error {
	client, bucket, owner := a.world.clients(side).S3, aws.String(a.world.Pair.Side(side).Bucket), aws.String(a.owners[side])
	versions := []*string{&object.version}
	if object.version == "" {
		out, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket, Prefix: &object.key, ExpectedBucketOwner: owner})
		if err != nil {
			return fmt.Errorf("look for %s: %w", object.key, err)
		}
		versions = nil
		for _, v := range out.Versions {
			if aws.ToString(v.Key) == object.key {
				versions = append(versions, v.VersionId)
			}
		}
	}
	for _, version := range versions {
		_, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &object.key, VersionId: version, ExpectedBucketOwner: owner})
		if err != nil && !apierror.Missing(err) {
			return fmt.Errorf("delete %s: %w", object.key, err)
		}
	}
	return nil
}
