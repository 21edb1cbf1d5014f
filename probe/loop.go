package probe

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
)

const (
	loopLimit    = 60 * time.Second // for the origin to show COMPLETED
	loopFirstGap = time.Second
	loopMostGap  = 5 * time.Second
)

// checkLoop shows that the object did not come back: COMPLETED at its origin,
// REPLICA on the other side, one version on each and no delete marker.
func (r *run) checkLoop(ctx context.Context, p *measurement) {
	event := LoopEvent{Key: p.key, Direction: p.cell.direction}
	ask := func(side target) (types.ReplicationStatus, error) {
		if err := r.heads.wait(ctx); err != nil {
			return "", err
		}
		got := r.head(ctx, side, p.key, p.upload.version, headTimeout)
		if got.err != nil {
			return "", got.err
		}
		return got.out.ReplicationStatus, nil
	}
	origin, err := ask(p.from)
	for began, gap := time.Now(), loopFirstGap; (err != nil || !completed(origin)) && time.Since(began) < loopLimit; gap = min(gap*3/2, loopMostGap) {
		if sleep(ctx, gap) != nil {
			return // interrupted: nothing is claimed
		}
		origin, err = ask(p.from)
	}
	replica, replicaErr := ask(p.to)
	originVersions, originListErr := r.countVersions(ctx, p.from, p.key)
	replicaVersions, replicaListErr := r.countVersions(ctx, p.to, p.key)
	if ctx.Err() != nil {
		return
	}
	event.Origin, event.Replica = string(origin), string(replica)
	event.OriginVersions, event.ReplicaVersions = originVersions, replicaVersions
	for _, problem := range []error{err, replicaErr, originListErr, replicaListErr} {
		if problem != nil {
			event.Unknown, event.Detail = true, apierror.Describe(problem)
		}
	}
	switch {
	case event.Detail != "":
	case !completed(origin):
		event.Detail = fmt.Sprintf("side %s still shows %q after %v", p.from.name, origin, loopLimit)
	case replica != types.ReplicationStatusReplica:
		event.Detail = fmt.Sprintf("side %s shows %q instead of REPLICA", p.to.name, replica)
	case originVersions != 1 || replicaVersions != 1:
		event.Detail = "more or fewer than one version: somebody else wrote or deleted this key, or it came back"
	default:
		event.OK = true
	}
	r.emit(event)
}

// countVersions counts the versions and delete markers of a key.
func (r *run) countVersions(ctx context.Context, side target, key string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	out, err := side.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &side.bucket, Prefix: &key})
	if err != nil {
		return 0, fmt.Errorf("list the versions on side %s: %w", side.name, err)
	}
	count := 0
	for _, version := range out.Versions {
		if aws.ToString(version.Key) == key {
			count++
		}
	}
	for _, marker := range out.DeleteMarkers {
		if aws.ToString(marker.Key) == key {
			count++
		}
	}
	return count, nil
}
