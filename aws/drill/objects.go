package drill

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// object is a key that the drill writes beside its canaries. Its versions and
// markers are found again by listing it: no other run has the key.
type object struct {
	key string
	// wrote is what its side acknowledged; unanswered counts the writes of which
	// nobody knows whether they did.
	wrote      []written
	unanswered int
	// fails: it is to fail to replicate, so that it may never be on both sides.
	fails bool
	// stray: a canary of which its own measurement was not sure that it is gone.
	stray bool
}

type written struct {
	side    pair.SideName
	version string
	marker  bool
}

// newObject names one.
func (r *run) newObject(d pair.Direction) *object {
	o := &object{key: r.Scope.Pair.CanaryKey(r.Probe.RunID, d, len(r.objects)+1)}
	r.objects = append(r.objects, o)
	return o
}

// put writes a version of an object on a side.
func (r *run) put(ctx context.Context, client *s3.Client, side pair.SideName, o *object, body string) (record.Written, error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	input := &s3.PutObjectInput{
		Bucket: &bucket, Key: &o.key, Body: strings.NewReader(body), Metadata: map[string]string{pair.MetadataKey: r.Scope.Pair.ID()},
	}
	r.Carries[side].Put(input)
	input.IfNoneMatch = nil // a conflict writes a key twice
	o.unanswered++
	r.meter.asked(side, "PutObject", len(body))
	out, err := client.PutObject(ctx, input)
	if err != nil {
		return record.Written{}, fmt.Errorf("write %s to side %s: %w", o.key, side, err)
	}
	return o.answered(side, out.VersionId, false), nil
}

// mark deletes an object on a side, which leaves a marker.
func (r *run) mark(ctx context.Context, side pair.SideName, o *object) (record.Written, error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	o.unanswered++
	out, err := r.World.Clients(side).S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &o.key})
	if err != nil {
		return record.Written{}, fmt.Errorf("delete %s on side %s: %w", o.key, side, err)
	}
	return o.answered(side, out.VersionId, true), nil
}

func (o *object) answered(side pair.SideName, version *string, marker bool) record.Written {
	o.unanswered--
	o.wrote = append(o.wrote, written{side, aws.ToString(version), marker})
	return record.Written{Version: aws.ToString(version), Marker: marker, At: time.Now()}
}

// stands lists the versions and markers of an object on a side, and which is the
// latest.
func (r *run) stands(ctx context.Context, side pair.SideName, key string) (lies lying, latest record.Served, err error) {
	bucket := r.Scope.Pair.Side(side).Bucket
	r.meter.asked(side, "ListObjectVersions", 0)
	out, err := r.World.Clients(side).S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &key})
	if err != nil {
		return lying{}, record.Served{}, fmt.Errorf("list %s on side %s: %w", key, side, err)
	}
	latest.None = true
	take := func(k, version *string, is *bool, marker bool) {
		if aws.ToString(k) != key {
			return // a longer key
		}
		lies.all = append(lies.all, types.ObjectIdentifier{Key: k, VersionId: version})
		if marker {
			lies.markers++
		}
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
	return lies, latest, nil
}

// lying is what lies under one key on one side.
type lying struct {
	all     []types.ObjectIdentifier
	markers int
}

func (l lying) has(version string) bool {
	for _, one := range l.all {
		if aws.ToString(one.VersionId) == version {
			return true
		}
	}
	return false
}
