package step

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/sourcegraph/conc"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// tidying bounds the removal of canaries after a cancelled run.
const tidying = 10 * time.Second

// leftover is a canary that could not be removed from a bucket.
type leftover struct {
	object written
	bucket string
	err    error
}

// Tidy deletes the canaries' versions on both sides and says what could not be
// deleted, or "". Deleting by version is never replicated. It goes on for a
// moment after the run was cancelled.
func (a Canary) Tidy(ctx context.Context) string {
	cancelled := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(cancelled, func() { time.AfterFunc(tidying, cancel) })()
	behind := map[pair.SideName]*[]leftover{a.Direction.From(): {}, a.Direction.To(): {}}
	var both conc.WaitGroup
	for side, left := range behind {
		both.Go(func() {
			for _, object := range a.Sent.remaining {
				if err := a.remove(ctx, side, object); err != nil {
					*left = append(*left, leftover{object, a.World.Pair.Side(side).Bucket, err})
				}
			}
		})
	}
	both.Wait()
	left := append(*behind[a.Direction.From()], *behind[a.Direction.To()]...)
	a.Sent.remaining = slices.DeleteFunc(a.Sent.remaining, func(object written) bool {
		return !slices.ContainsFunc(left, func(l leftover) bool { return l.object == object })
	})
	return leftBehind(left)
}

// leftBehind names canaries that stay, with the reason, and how they go.
func leftBehind(all []leftover) string {
	if len(all) == 0 {
		return ""
	}
	names, denied := make([]string, len(all)), false
	for i, l := range all {
		names[i] = l.bucket + "/" + l.object.key + " (" + cmp.Or(apierror.Code(l.err), "no answer") + ")"
		denied = denied || apierror.Denied(l.err)
	}
	how := ""
	if denied {
		how = ", once s3:DeleteObjectVersion is allowed there and no retention holds it"
	}
	return "left behind, for bothways clean to remove" + how + ": " + strings.Join(names, ", ")
}

// remove deletes one canary on one side. Where the answer that would have
// named its version was lost, every version of its key goes: no other run has
// that key.
func (a Canary) remove(ctx context.Context, side pair.SideName, object written) error {
	client, bucket, owner := a.World.Clients(side).S3, aws.String(a.World.Pair.Side(side).Bucket), aws.String(a.Owners[side])
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
