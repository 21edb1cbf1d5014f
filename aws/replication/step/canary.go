package step

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
	"bothways/probe/wording"
)

const (
	// CanarySize is in bytes.
	CanarySize = 16
	// canaryLimit bounds one direction's proof: AWS says that most objects
	// replicate within 15 minutes (S3 User Guide, troubleshooting replication).
	canaryLimit = 15 * time.Minute
)

// Canary proves one direction with a tiny object. An object that FAILED stays
// so for ever, and one without a status was never covered by the rule (S3 User
// Guide, "Getting replication status information"), so each try takes a new
// key.
type Canary struct {
	World     survey.World
	Direction pair.Direction
	Owners    map[pair.SideName]string
	Wanted    string // what a success proves, see proof
	// Keeps is where what was proven is noted; nil: nowhere.
	Keeps ProofKeeper
	// roleIsNew: the role or a policy that it needs is new or changes in this
	// plan, so a FAILED canary says nothing of them yet.
	RoleIsNew bool
	// stood: the direction replicated before, and this plan changes it, so a
	// first replica may have been written by the settings as they were.
	Stood bool
	// Replica is what the rule wants of replicas, as far as it can be seen.
	Replica ReplicaLook
	Upload  upload.Headers // what it carries
	// unreadable: the replica stays with the account that it came from, so
	// its origin's word is all there is.
	Unreadable bool
	// Explain says why a canary FAILED, for which S3 gives no reason. found
	// says that what was read explains it.
	Explain func(ctx context.Context) (found bool, reason error)
	Sent    *Canaries
	// Like makes the object like those that are in question; nil leaves it.
	Like func(*s3.PutObjectInput)
}

// Canaries are those of a direction, over every run of the plan.
type Canaries struct {
	Tries     atomic.Int32 // the keys used: none is used twice
	remaining []written    // not known to be removed
}

// written is one canary object; its version is "" until S3 has named it.
type written struct{ key, version string }

// Key is the key of the canary of an attempt, which counts from 1.
func (a Canary) Key(attempt int) string {
	return a.World.Pair.CanaryKey(a.World.RunID, a.Direction, attempt)
}

func (a Canary) input(attempt int) *s3.PutObjectInput {
	input := &s3.PutObjectInput{
		Bucket:              aws.String(a.World.Pair.From(a.Direction).Bucket),
		Key:                 aws.String(a.Key(attempt)),
		ExpectedBucketOwner: aws.String(a.Owners[a.Direction.From()]),
		Metadata:            map[string]string{pair.MetadataKey: a.World.Pair.ID()},
	}
	a.Upload.Put(input)
	return input
}

func (a Canary) shown() shown {
	near, far, key := a.World.Clients(a.Direction.From()), a.World.Clients(a.Direction.To()), a.Key(1)
	of := account.Given("--key", "Key", key)
	words := slices.Concat([]string{"--bucket", a.World.Pair.From(a.Direction).Bucket}, of,
		[]string{"--body", "canary", "--metadata", pair.MetadataKey + "=" + a.World.Pair.ID()}, a.Upload.CLI())
	return shown{"PutObject, HeadObject", "printf 'bothways canary.' > canary && " + near.CLI("s3api", "put-object", words...) + " && " +
		far.CLI("s3api", "head-object", append([]string{"--bucket", a.World.Pair.To(a.Direction).Bucket}, of...)...), []any{a.input(1)}}
}

func (a Canary) look(ctx context.Context) (bool, string, error) {
	if a.Keeps == nil {
		return false, "", nil
	}
	proven, err := a.Keeps.proven(ctx)
	return err == nil && proven == a.Wanted, "proven before", err
}

// do tries the direction and clears away what that took. These are two
// things: what can't be cleared away is a note, and takes nothing from a proof.
// With an error the detail is that note.
func (a Canary) do(ctx context.Context, report func(string)) (detail string, err error) {
	t := &trial{Canary: a, report: report, clock: StartWatch(ctx)}
	proof, err := t.run(ctx)
	unnoted := ""
	var noting conc.WaitGroup // hands a panic on to the caller
	if err == nil && a.Keeps != nil {
		noting.Go(func() {
			if err := a.Keeps.note(ctx, a.Wanted); err != nil {
				unnoted = "noting that on the role failed: " + apierror.Describe(err)
			}
		})
	}
	left := a.Tidy(ctx) // meanwhile
	noting.Wait()
	if err != nil {
		return left, err
	}
	return sentences(proof, unnoted, left), nil
}

// sentences joins what there is to say.
func sentences(parts ...string) string {
	text := strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "; ")
	return strings.ReplaceAll(text, ".; ", ". ")
}

// arrival words how the replica is known to be there.
func (a Canary) arrival() string {
	if a.Unreadable {
		return "its origin read COMPLETED"
	}
	return "the replica was read"
}

// Write returns the object with the version that S3 made, or "" where
// versioning is not effective everywhere yet. It is remembered before it is
// written, as the answer can get lost.
func (a Canary) Write(ctx context.Context, attempt int) (written, error) {
	input := a.input(attempt)
	if a.Like != nil {
		a.Like(input)
	}
	a.Sent.remaining = append(a.Sent.remaining, written{key: *input.Key})
	object := &a.Sent.remaining[len(a.Sent.remaining)-1]
	input.Body = strings.NewReader("bothways canary.")
	out, err := a.World.Clients(a.Direction.From()).S3.PutObject(ctx, input)
	if err != nil {
		return written{}, unseen(fmt.Errorf("write the canary %s: %w", *input.Key, err), true)
	}
	object.version = aws.ToString(out.VersionId)
	return *object, nil
}

// Watch follows one canary: REPLICA once it was read on the other side, FAILED
// when its origin says so, "" when no rule covers it. What is not found is not
// there yet: for 15 minutes after versioning was first switched on, even the
// origin may be missed (S3 API reference, PutBucketVersioning).
func (a Canary) Watch(ctx context.Context, object written, clock stopwatch, report func(string)) (types.ReplicationStatus, error) {
	if object.version == "" {
		return "", nil
	}
	for {
		var seen bool
		var origin, replica types.ReplicationStatus
		var originErr, replicaErr error
		var both conc.WaitGroup // hands a panic on to the caller
		both.Go(func() { origin, seen, originErr = a.glance(ctx, a.Direction.From(), object) })
		both.Go(func() { replica, _, replicaErr = a.glanceAtReplica(ctx, object) })
		both.Wait()
		if a.Unreadable && originErr == nil && (origin == types.ReplicationStatusCompleted || origin == types.ReplicationStatusComplete) {
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
			return "", fmt.Errorf("the canary %s was not replicated within %s: its origin says %s", object.key, wording.Duration(canaryLimit), origin)
		}
		if seen {
			report(fmt.Sprintf("origin %s, not on side %s yet", origin, a.Direction.To()))
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
func (a Canary) glance(ctx context.Context, side pair.SideName, object written) (status types.ReplicationStatus, seen bool, err error) {
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
func (a Canary) glanceAtReplica(ctx context.Context, object written) (status types.ReplicationStatus, seen bool, err error) {
	if a.Unreadable {
		return "", false, nil
	}
	return a.glance(ctx, a.Direction.To(), object)
}

func (a Canary) head(ctx context.Context, side pair.SideName, object written) (types.ReplicationStatus, error) {
	out, err := a.World.Clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(a.World.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.Owners[side]),
	})
	if err != nil {
		return "", fmt.Errorf("read the canary %s on side %s: %w", object.key, side, a.inWords(ctx, side, object, err))
	}
	return out.ReplicationStatus, nil
}

// inWords is the refusal of a HEAD, whose answer has no words, as a GET of the
// same is refused.
func (a Canary) inWords(ctx context.Context, side pair.SideName, object written, err error) error {
	if !apierror.Denied(err) {
		return err
	}
	out, told := a.World.Clients(side).S3.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(a.World.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.Owners[side]), Range: aws.String("bytes=0-0"),
	})
	if told == nil {
		_ = out.Body.Close()
	}
	if apierror.Denied(told) {
		return told
	}
	return err
}
