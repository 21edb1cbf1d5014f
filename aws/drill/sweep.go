package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe"
)

const (
	// lateTrust is the time after which a replica whose origin is deleted no longer
	// counts as on its way: S3 reads the origin to replicate it.
	lateTrust = time.Minute
	lateEvery = 2 * time.Second
)

// adopt takes over what the canaries' measurement could not clean up, or was not
// sure of: it waits less long for what may still arrive.
func (r *run) adopt(left []probe.LeftObject) {
	for _, one := range left {
		known := slices.ContainsFunc(r.objects, func(o *object) bool { return o.key == one.Key })
		if !known {
			r.objects = append(r.objects, &object{key: one.Key, stray: true})
		}
	}
}

// sweep deletes every version and marker of the drill's objects by its ID, on both
// sides. What was written on one side is waited for on the other first, and where it
// does not come, looked for afterwards, too: a replica may be on its way.
func (r *run) sweep(ctx context.Context) error {
	landed, cancel := context.WithTimeout(ctx, landing)
	defer cancel()
	late := r.underway(landed)
	for late && !r.unended && pausing(landed, lateEvery) == nil {
		late = r.underway(landed)
	}
	late = late || slices.ContainsFunc(r.objects, func(o *object) bool { return o.stray })
	left, err := r.sweepOnce(ctx)
	for began := time.Now(); (late || err != nil) && time.Since(began) < lateTrust && pausing(ctx, lateEvery) == nil; {
		left, err = r.sweepOnce(ctx)
	}
	r.facts.Left = append(r.facts.Left, left...)
	if late && r.unended {
		r.facts.Left = append(r.facts.Left, "replicas of the drill's objects, perhaps: what a fault holds that is not known to be over may still arrive")
	}
	return err
}

// underway says whether something that a side acknowledged may still be on its way
// to the other.
func (r *run) underway(ctx context.Context) bool {
	for _, o := range r.objects {
		if o.unanswered > 0 {
			return true
		}
		if len(o.wrote) == 0 || o.fails {
			continue
		}
		markers := 0
		for _, w := range o.wrote {
			if w.marker {
				markers++
			}
		}
		for _, side := range pair.Sides() {
			lies, _, err := r.stands(ctx, side, o.key)
			if err != nil {
				return true
			}
			// A marker may have an ID of its own on the other side: AWS does not say.
			if r.Scope.Pair.Options.DeleteMarkers && lies.markers < markers {
				return true
			}
			for _, w := range o.wrote {
				if !w.marker && !lies.has(w.version) {
					return true
				}
			}
		}
	}
	return false
}

// sweepOnce deletes what lies there now, and names what it could not.
func (r *run) sweepOnce(ctx context.Context) (left []string, err error) {
	var failed []error
	for _, side := range pair.Sides() {
		bucket := r.Scope.Pair.Side(side).Bucket
		for _, o := range r.objects {
			lies, _, err := r.stands(ctx, side, o.key)
			if err != nil {
				failed = append(failed, err)
				left = append(left, fmt.Sprintf("%s in %s, perhaps", o.key, bucket))
				continue
			}
			for _, one := range lies.all {
				_, err := r.World.Clients(side).S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: one.Key, VersionId: one.VersionId})
				if err != nil && !apierror.Missing(err) {
					failed = append(failed, fmt.Errorf("delete version %s of %s on side %s: %w", aws.ToString(one.VersionId), o.key, side, err))
					left = append(left, fmt.Sprintf("%s (version %s) in %s", o.key, aws.ToString(one.VersionId), bucket))
				}
			}
		}
	}
	return left, errors.Join(failed...)
}
