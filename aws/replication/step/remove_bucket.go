package step

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// RemoveBucket deletes a bucket that bothways made, once nothing is in it.
type RemoveBucket struct{ Objects RemoveObjects }

func (a RemoveBucket) input() *s3.DeleteBucketInput {
	return &s3.DeleteBucketInput{Bucket: aws.String(a.Objects.Side.Bucket), ExpectedBucketOwner: aws.String(a.Objects.Owner)}
}

func (a RemoveBucket) shown() shown {
	return shown{"DeleteBucket", a.Objects.Clients.CLI("s3api", "delete-bucket", "--bucket", a.Objects.Side.Bucket, "--expected-bucket-owner", a.Objects.Owner), []any{a.input()}}
}

func (a RemoveBucket) look(ctx context.Context) (bool, string, error) {
	side := survey.SideReader{S3: a.Objects.Clients.S3, Bucket: &a.Objects.Side.Bucket, Owner: &a.Objects.Owner, Found: &survey.Side{}}
	if err := side.Existence(ctx, a.Objects.Side.Region); err != nil {
		return false, "", err
	}
	if side.Found.Absent() {
		return true, "no bucket is there", nil
	}
	if err := side.Tags(ctx); err != nil {
		return false, "", err
	}
	if side.Found.OwnMark != a.Objects.Pair.ID() {
		return false, "", fmt.Errorf("bucket %s is kept: it no longer carries the tag %s=%s", a.Objects.Side.Bucket, pair.TagKey, a.Objects.Pair.ID())
	}
	return false, "", nil
}

// do deletes the bucket. A replica that was under way may land after the
// objects were removed, so ours are removed again while S3 says that the
// bucket is not empty.
func (a RemoveBucket) do(ctx context.Context, report func(string)) (string, error) {
	clock := StartWatch(ctx)
	for {
		_, err := a.Objects.Clients.S3.DeleteBucket(ctx, a.input())
		switch {
		case err == nil || apierror.Missing(err):
			return "bucket removed", nil
		case apierror.Code(err) != "BucketNotEmpty":
			return "", fmt.Errorf("delete bucket %s: %w", a.Objects.Side.Bucket, err)
		}
		others, tidyErr := a.Objects.others(ctx)
		if tidyErr != nil {
			return "", tidyErr
		}
		if !others.none() {
			return "", errors.New(others.words(a.Objects.Side.Bucket))
		}
		if clock.spent() > lateReplicas {
			return "", errors.Join(fmt.Errorf("bucket %s is still not empty", a.Objects.Side.Bucket), err)
		}
		report("late replicas are still arriving; removing them")
		_, left, err := a.Objects.sweep(ctx, report)
		if err != nil {
			return "", err
		}
		if left.ours.count > 0 {
			return "", fmt.Errorf("bucket %s is kept: %d of our own objects in it can't be deleted: %s", a.Objects.Side.Bucket, left.ours.count, left.ours.names())
		}
		if err := sleep(ctx, time.Second); err != nil {
			return "", err
		}
	}
}
