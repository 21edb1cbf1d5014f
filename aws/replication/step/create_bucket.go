package step

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// CreateBucket makes a side's bucket with its mark.
type CreateBucket struct {
	Clients *account.Clients
	Side    pair.Side
	Owner   string
	Wanted  wanted.Side
	// exists: the bucket was there when the plan was made, so nothing is made.
	Exists bool
}

// Input sends the tag along: it marks the bucket from its first moment, and it
// makes us-east-1 answer 409 instead of resetting the ACLs of a bucket that we
// own already. us-east-1 takes no location constraint (S3 API reference,
// CreateBucket). Names of the account's own say so in a header.
func (a CreateBucket) input() *s3.CreateBucketInput {
	configuration := &types.CreateBucketConfiguration{}
	for _, key := range slices.Sorted(maps.Keys(a.Wanted.Tags)) {
		configuration.Tags = append(configuration.Tags, types.Tag{Key: aws.String(key), Value: aws.String(a.Wanted.Tags[key])})
	}
	if a.Side.Region != "us-east-1" {
		configuration.LocationConstraint = types.BucketLocationConstraint(a.Side.Region)
	}
	input := &s3.CreateBucketInput{Bucket: aws.String(a.Side.Bucket), CreateBucketConfiguration: configuration}
	if _, _, regional := pair.RegionalName(a.Side.Bucket); regional {
		input.BucketNamespace = types.BucketNamespaceAccountRegional
	}
	if a.Wanted.Locked {
		input.ObjectLockEnabledForBucket = aws.Bool(true)
	}
	return input
}

func (a CreateBucket) shown() shown {
	input := a.input()
	words := []string{"--bucket", a.Side.Bucket, "--create-bucket-configuration", wanted.Compact(wanted.ExactJSON(input.CreateBucketConfiguration))}
	if input.BucketNamespace != "" {
		words = append(words, "--bucket-namespace", string(input.BucketNamespace))
	}
	if a.Wanted.Locked {
		words = append(words, "--object-lock-enabled-for-bucket")
	}
	return shown{"CreateBucket", a.Clients.CLI("s3api", "create-bucket", words...), []any{input}}
}

func (a CreateBucket) look(ctx context.Context) (bool, string, error) {
	_, err := a.Clients.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner})
	switch {
	case err == nil && a.Exists:
		return true, "the bucket is there", nil
	case err == nil:
		return true, "the bucket is there, made by this plan", a.appeared(ctx)
	case apierror.Missing(err):
		return false, "", nil
	}
	return false, "", fmt.Errorf("look for bucket %s: %w", a.Side.Bucket, err)
}

// do leaves waiting until the bucket is seen to the step that needs it, which
// asks the bucket anyway: that is a round trip less for everything behind.
func (a CreateBucket) do(ctx context.Context, _ func(string)) (string, error) {
	_, err := a.Clients.S3.CreateBucket(ctx, a.input())
	if apierror.Code(err) == "BucketAlreadyOwnedByYou" {
		return "the bucket is there, made by this plan", a.appeared(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("create bucket %s: %w", a.Side.Bucket, err)
	}
	if a.Clients.OtherStore {
		return a.marked(ctx), nil
	}
	return "bucket created", nil
}

// marked reads the mark of a new bucket back, and sets it where the store left
// it out: stores other than S3 may not know tags in CreateBucket, and without
// the mark a later run would take the bucket for somebody else's. What can't
// be read or set is said, not refused: the bucket stands either way.
func (a CreateBucket) marked(ctx context.Context) string {
	const created = "bucket created"
	if found, err := a.carriesMark(ctx); found || err != nil {
		return created // on AWS an error here means that the bucket isn't seen everywhere yet
	}
	_, err := a.Clients.S3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{
		Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner, Tagging: &types.Tagging{TagSet: a.input().CreateBucketConfiguration.Tags},
	})
	if err == nil {
		if found, _ := a.carriesMark(ctx); found {
			return created + ", and tagged afterwards: the store left the tags out"
		}
	}
	return created + " without its mark, which the store does not keep: destroy --buckets will leave it, so remove it by hand"
}

// carriesMark says whether the bucket is tagged as this pair's.
func (a CreateBucket) carriesMark(ctx context.Context) (bool, error) {
	out, err := a.Clients.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner})
	if err != nil {
		if apierror.Code(err) == "NoSuchTagSet" {
			return false, nil
		}
		return false, fmt.Errorf("read the tags of %s: %w", a.Side.Bucket, err)
	}
	return slices.ContainsFunc(out.TagSet, func(t types.Tag) bool {
		return aws.ToString(t.Key) == pair.TagKey && aws.ToString(t.Value) == a.Wanted.Tags[pair.TagKey]
	}), nil
}

// appeared is an error unless a bucket that was not there when the plan was
// made carries the pair's mark: then an earlier try of the step made it and
// its answer was lost. Any other was never reviewed, and its versioning could
// not be switched back to never set.
func (a CreateBucket) appeared(ctx context.Context) error {
	found, err := a.carriesMark(ctx)
	if err != nil {
		return fmt.Errorf("bucket %s is there now, and whether this plan made it can't be told: %w", a.Side.Bucket, err)
	}
	if found {
		return nil
	}
	strange := fmt.Errorf("bucket %s is not ours: it appeared since the plan was made: plan again", a.Side.Bucket)
	return slowError{passingError{strange, "If it is ours, its tag is not seen yet."}, strangePatience}
}
