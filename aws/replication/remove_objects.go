package replication

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// lateReplicas bounds waiting for objects that were under way when the rules
// were removed.
const lateReplicas = 2 * time.Minute

// mostDeleted is how many versions one DeleteObjects takes (S3 API reference).
const mostDeleted = 1000

// mostNamed bounds how many things of others are named.
const mostNamed = 3

// removeObjects deletes every version of the canaries and probes of this pair
// on one side. An object is ours when it lies under our prefix and carries
// our mark; each is looked at before it is deleted.
type removeObjects struct {
	clients *account.Clients
	side    pair.Side
	pair    pair.Pair
	owner   string
}

func (a removeObjects) input(prefix string) *s3.ListObjectVersionsInput {
	if prefix == "" {
		prefix = a.pair.ObjectPrefix()
	}
	return &s3.ListObjectVersionsInput{Bucket: aws.String(a.side.Bucket), Prefix: aws.String(prefix), ExpectedBucketOwner: aws.String(a.owner)}
}

func (a removeObjects) cli() string {
	return cli(a.clients, "s3api", "list-object-versions", "--bucket", a.side.Bucket, "--prefix", a.pair.ObjectPrefix()) +
		"  # then delete-object --version-id for each that carries the metadata " + pair.MetadataKey + "=" + a.pair.ID()
}

// look never claims that nothing is there: listing again is do's business.
func (a removeObjects) look(context.Context) (bool, string, error) { return false, "", nil }

func (a removeObjects) do(ctx context.Context, report func(string)) (string, error) {
	var own, pending []types.ObjectIdentifier
	pages := s3.NewListObjectVersionsPaginator(a.clients.S3, a.input(""))
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if apierror.Missing(err) {
			return "no bucket is there", nil
		}
		if err != nil {
			return "", fmt.Errorf("list our objects in %s: %w", a.side.Bucket, err)
		}
		for _, v := range page.Versions {
			mine, status, err := a.mine(ctx, v.Key, v.VersionId)
			switch {
			case err != nil:
				return "", err
			case !mine:
				continue
			case status == types.ReplicationStatusPending:
				pending = append(pending, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			}
			own = append(own, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
	}
	if err := a.settle(ctx, pending, report); err != nil {
		return "", err
	}
	removed := 0
	for batch := range slices.Chunk(own, mostDeleted) {
		if err := a.remove(ctx, batch); err != nil {
			return "", err
		}
		removed += len(batch)
		report(fmt.Sprintf("%d of %d versions removed so far", removed, len(own)))
	}
	aborted, err := a.abortUploads(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d versions removed, %d unfinished uploads aborted", removed, aborted), nil
}

// settle waits until none of the objects is PENDING, or for as long as late
// replicas are waited for: what is under way would land on the other side
// after that was cleaned.
func (a removeObjects) settle(ctx context.Context, pending []types.ObjectIdentifier, report func(string)) error {
	for start := time.Now(); len(pending) > 0 && time.Since(start) < lateReplicas; {
		report(fmt.Sprintf("%d of our objects are still PENDING; waiting for up to %s until they have landed", len(pending), lateReplicas))
		if err := sleep(ctx, 2*time.Second); err != nil {
			return err
		}
		var still []types.ObjectIdentifier
		for _, object := range pending {
			_, status, err := a.mine(ctx, object.Key, object.VersionId)
			if err != nil {
				return err
			}
			if status == types.ReplicationStatusPending {
				still = append(still, object)
			}
		}
		pending = still
	}
	return nil
}

// mine says whether an object version lies under our prefix and carries this
// pair's mark. What these credentials may not look at is not ours: they wrote
// everything that is.
func (a removeObjects) mine(ctx context.Context, key, version *string) (bool, types.ReplicationStatus, error) {
	if !strings.HasPrefix(aws.ToString(key), a.pair.ObjectPrefix()) {
		return false, "", nil
	}
	out, err := a.clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &a.side.Bucket, Key: key, VersionId: version, ExpectedBucketOwner: &a.owner})
	switch {
	case apierror.Missing(err), apierror.Denied(err), apierror.StatusCode(err) == http.StatusBadRequest: // 400: a customer's own key is needed
		return false, "", nil
	case err != nil:
		return false, "", fmt.Errorf("look at %s in %s: %w", aws.ToString(key), a.side.Bucket, err)
	}
	return out.Metadata[pair.MetadataKey] == a.pair.ID(), out.ReplicationStatus, nil
}

// remove deletes up to mostDeleted versions.
func (a removeObjects) remove(ctx context.Context, own []types.ObjectIdentifier) error {
	out, err := a.clients.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &a.side.Bucket, ExpectedBucketOwner: &a.owner,
		Delete: &types.Delete{Objects: own, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("delete our objects in %s: %w", a.side.Bucket, err)
	}
	if len(out.Errors) > 0 { // a 200 can carry errors for single keys
		first := out.Errors[0]
		return fmt.Errorf("%d of our objects in %s could not be deleted, such as %s: %s: %s", len(out.Errors), a.side.Bucket,
			aws.ToString(first.Key), aws.ToString(first.Code), aws.ToString(first.Message))
	}
	return nil
}

// abortUploads ends multipart uploads that a probe could not finish. An
// upload shows no metadata, so its key alone tells whose it is.
func (a removeObjects) abortUploads(ctx context.Context) (int, error) {
	count := 0
	pages := s3.NewListMultipartUploadsPaginator(a.clients.S3, &s3.ListMultipartUploadsInput{
		Bucket: &a.side.Bucket, Prefix: aws.String(a.pair.ProbePrefix()), ExpectedBucketOwner: &a.owner,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return count, fmt.Errorf("list unfinished uploads in %s: %w", a.side.Bucket, err)
		}
		for _, u := range page.Uploads {
			_, err := a.clients.S3.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
				Bucket: &a.side.Bucket, Key: u.Key, UploadId: u.UploadId, ExpectedBucketOwner: &a.owner,
			})
			if err != nil && !apierror.Missing(err) {
				return count, fmt.Errorf("abort the unfinished upload of %s: %w", aws.ToString(u.Key), err)
			}
			count++
		}
	}
	return count, nil
}

// others names a few things in the bucket that are not ours.
func (a removeObjects) others(ctx context.Context) ([]string, error) {
	var names []string
	pages := s3.NewListObjectVersionsPaginator(a.clients.S3, &s3.ListObjectVersionsInput{Bucket: &a.side.Bucket, ExpectedBucketOwner: &a.owner})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list what is in %s: %w", a.side.Bucket, err)
		}
		for _, m := range page.DeleteMarkers { // bothways never makes one
			names = append(names, aws.ToString(m.Key)+" (delete marker)")
			if len(names) == mostNamed {
				return names, nil
			}
		}
		for _, v := range page.Versions {
			mine, _, err := a.mine(ctx, v.Key, v.VersionId)
			if err != nil {
				return nil, err
			}
			if !mine {
				names = append(names, aws.ToString(v.Key))
			}
			if len(names) == mostNamed {
				return names, nil
			}
		}
	}
	return names, nil
}
