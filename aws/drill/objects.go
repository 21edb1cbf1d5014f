package drill

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// object is a key that the drill writes beside its canaries. Its versions and
// markers are found again by listing it: no other run has the key.
type object struct{ key string }

// newObject names one.
func (r *run) newObject(d pair.Direction) object {
	o := object{r.Scope.Pair.CanaryKey(r.Probe.RunID, d, len(r.objects)+1)}
	r.objects = append(r.objects, o)
	return o
}

// put writes a version of an object on a side.
func (r *run) put(ctx context.Context, client *s3.Client, side pair.SideName, o object, body string) (record.Written, error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	input := &s3.PutObjectInput{
		Bucket: &bucket, Key: &o.key, Body: strings.NewReader(body), Metadata: map[string]string{pair.MetadataKey: r.Scope.Pair.ID()},
	}
	r.Carries[side].Put(input)
	input.IfNoneMatch = nil // a conflict writes a key twice
	out, err := client.PutObject(ctx, input)
	if err != nil {
		return record.Written{}, fmt.Errorf("write %s to side %s: %w", o.key, side, err)
	}
	return record.Written{Version: aws.ToString(out.VersionId), At: time.Now()}, nil
}

// mark deletes an object on a side, which leaves a marker.
func (r *run) mark(ctx context.Context, side pair.SideName, o object) (record.Written, error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	out, err := r.World.Clients(side).S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &o.key})
	if err != nil {
		return record.Written{}, fmt.Errorf("delete %s on side %s: %w", o.key, side, err)
	}
	return record.Written{Version: aws.ToString(out.VersionId), Marker: true, At: time.Now()}, nil
}

// stands lists the versions and markers of an object on a side, and which is the
// latest.
func (r *run) stands(ctx context.Context, side pair.SideName, o object) (all []types.ObjectIdentifier, latest record.Served, err error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	out, err := r.World.Clients(side).S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &o.key})
	if err != nil {
		return nil, record.Served{}, fmt.Errorf("list %s on side %s: %w", o.key, side, err)
	}
	latest.None = true
	take := func(key, version *string, is *bool, marker bool) {
		if aws.ToString(key) != o.key {
			return // a longer key
		}
		all = append(all, types.ObjectIdentifier{Key: key, VersionId: version})
		if aws.ToBool(is) {
			latest = record.Served{Version: aws.ToString(version), Marker: marker}
		}
	}
	for _, v := range out.Versions {
		take(v.Key, v.VersionId, v.IsLatest, false)
	}
	for _, m := range out.DeleteMarkers {
		take(m.Key, m.VersionId, m.IsLatest, true)
	}
	return all, latest, nil
}

// sweep deletes every version of the drill's objects by its ID, on both sides.
func (r *run) sweep(ctx context.Context) error {
	var failed []error
	for _, side := range pair.Sides() {
		bucket := r.Scope.Pair.Side(side).Bucket
		for _, o := range r.objects {
			all, _, err := r.stands(ctx, side, o)
			if err != nil {
				failed = append(failed, err)
				r.facts.Left = append(r.facts.Left, fmt.Sprintf("%s in %s, perhaps", o.key, bucket))
				continue
			}
			for _, one := range all {
				_, err := r.World.Clients(side).S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: one.Key, VersionId: one.VersionId})
				if err != nil && !apierror.Missing(err) {
					failed = append(failed, fmt.Errorf("delete version %s of %s on side %s: %w", aws.ToString(one.VersionId), o.key, side, err))
					r.facts.Left = append(r.facts.Left, fmt.Sprintf("%s (version %s) in %s", o.key, aws.ToString(one.VersionId), bucket))
				}
			}
		}
	}
	return errors.Join(failed...)
}
