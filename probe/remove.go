package probe

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/body"
)

// lateTrust is the time after which a replica whose origin is deleted no
// longer counts as on its way: S3 reads the origin to replicate it.
const lateTrust = time.Minute

// remove deletes an object's version on both sides as far as that is possible
// now. Deletes of a version are not replicated (S3 User Guide, "What does
// Amazon S3 replicate?"), so each side needs its own.
func (r *run) remove(ctx context.Context, key string, replicated bool) error {
	entry := r.ledger.get(key)
	from, to := r.sides[entry.Direction.From()], r.sides[entry.Direction.To()]
	if entry.uploadID != "" {
		if err := r.abort(ctx, from, key, entry.uploadID); err != nil {
			return err
		}
	}
	if entry.VersionID == "" {
		version, err := r.findVersion(ctx, from, key)
		if err != nil {
			return err
		}
		if version == "" && entry.uploadID == "" && entry.SizeBytes > body.SinglePutMax {
			if err := r.abortUnanswered(ctx, from, key); err != nil {
				return err
			}
		}
		if version == "" { // nothing was written after all
			r.ledger.change(key, func(e *record) { e.originGone, e.replicaGone = true, true })
			return nil
		}
		entry.VersionID = version
		r.ledger.change(key, func(e *record) { e.VersionID = version })
	}
	if !entry.originGone {
		arrival := types.ReplicationStatusCompleted
		if !replicated {
			got := r.head(ctx, from, key, entry.VersionID)
			if got.err != nil && !apierror.Missing(got.err) {
				return fmt.Errorf("side %s: %w", from.name, got.err)
			}
			arrival = types.ReplicationStatusPending
			if got.err == nil {
				arrival = got.out.ReplicationStatus
			}
		}
		if err := r.deleteVersion(ctx, from, key, entry.VersionID); err != nil {
			return err
		}
		r.ledger.change(key, func(e *record) { e.originGone, e.goneAt = true, time.Now() })
		if arrival != types.ReplicationStatusPending && (arrival != "" || !r.cfg.Foreign) {
			// There already, or never on its way: deleting it now is final.
			// Stores that are not AWS's may show no status while a replica
			// is on its way.
			return r.removeReplica(ctx, to, key, entry.VersionID)
		}
	}
	if entry.replicaGone {
		return nil
	}
	// Deleting what is not there succeeds and proves nothing: look first.
	if got := r.head(ctx, to, key, entry.VersionID); got.err != nil {
		if !apierror.Missing(got.err) {
			return fmt.Errorf("side %s: %w", to.name, got.err)
		}
		if time.Since(r.ledger.get(key).goneAt) > lateTrust {
			r.ledger.change(key, func(e *record) { e.replicaGone = true })
		}
		return nil // otherwise the record stays open: it may be on its way
	}
	return r.removeReplica(ctx, to, key, entry.VersionID)
}

func (r *run) removeReplica(ctx context.Context, to target, key, version string) error {
	if err := r.deleteVersion(ctx, to, key, version); err != nil {
		return err
	}
	r.ledger.change(key, func(e *record) { e.replicaGone = true })
	return nil
}

func (r *run) deleteVersion(ctx context.Context, side target, key, version string) error {
	_, err := side.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &side.bucket, Key: &key, VersionId: &version})
	if err != nil && !apierror.Missing(err) {
		return fmt.Errorf("delete the version on side %s: %w", side.name, err)
	}
	return nil
}

func (r *run) abort(ctx context.Context, side target, key, uploadID string) error {
	_, err := side.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &side.bucket, Key: &key, UploadId: &uploadID})
	if err != nil && !apierror.Missing(err) {
		return fmt.Errorf("abort the multipart upload on side %s: %w", side.name, err)
	}
	r.ledger.change(key, func(e *record) { e.uploadID = "" })
	return nil
}

// abortUnanswered aborts multipart uploads of the key whose beginning was
// never answered.
func (r *run) abortUnanswered(ctx context.Context, side target, key string) error {
	out, err := side.client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &side.bucket, Prefix: &key})
	if err != nil {
		return fmt.Errorf("look for unfinished uploads on side %s: %w", side.name, err)
	}
	for _, open := range out.Uploads {
		if aws.ToString(open.Key) != key {
			continue
		}
		if err := r.abort(ctx, side, key, aws.ToString(open.UploadId)); err != nil {
			return err
		}
	}
	return nil
}

// findVersion finds the version of an upload whose answer was lost: the only
// version of the key, with the pair's mark on it. It returns "" when the key
// has none.
func (r *run) findVersion(ctx context.Context, side target, key string) (string, error) {
	out, err := side.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &side.bucket, Prefix: &key})
	if err != nil {
		return "", fmt.Errorf("look for the upload on side %s: %w", side.name, err)
	}
	versions := versionsOf(out, key)
	switch len(versions) {
	case 0:
		return "", nil
	case 1:
	default:
		return "", fmt.Errorf("side %s has %d versions of the key and it is not known which one is the probe's", side.name, len(versions))
	}
	got := r.head(ctx, side, key, versions[0])
	if got.err != nil {
		return "", fmt.Errorf("side %s: %w", side.name, got.err)
	}
	if got.out.Metadata[pair.MetadataKey] != r.cfg.Pair.ID() {
		return "", fmt.Errorf("the version on side %s does not carry the mark of this pair", side.name)
	}
	return versions[0], nil
}
