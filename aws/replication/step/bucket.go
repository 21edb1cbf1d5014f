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
func (a CreateBucket) Input() *s3.CreateBucketInput {
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

func (a CreateBucket) Cli() string {
	input := a.Input()
	words := []string{"--bucket", a.Side.Bucket, "--create-bucket-configuration", wanted.Compact(wanted.ExactJSON(input.CreateBucketConfiguration))}
	if input.BucketNamespace != "" {
		words = append(words, "--bucket-namespace", string(input.BucketNamespace))
	}
	if a.Wanted.Locked {
		words = append(words, "--object-lock-enabled-for-bucket")
	}
	return a.Clients.CLI("s3api", "create-bucket", words...)
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
	_, err := a.Clients.S3.CreateBucket(ctx, a.Input())
	if apierror.Code(err) == "BucketAlreadyOwnedByYou" {
		return "the bucket is there, made by this plan", a.appeared(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("create bucket %s: %w", a.Side.Bucket, err)
	}
	return "bucket created", nil
}

// appeared is an error unless a bucket that was not there when the plan was
// made carries the pair's mark: then an earlier try of the step made it and
// its answer was lost. Any other was never reviewed, and its versioning could
// not be switched back to never set.
func (a CreateBucket) appeared(ctx context.Context) error {
	out, err := a.Clients.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner})
	if err != nil && apierror.Code(err) != "NoSuchTagSet" {
		return fmt.Errorf("bucket %s is there now, and whether this plan made it can't be told: read its tags: %w", a.Side.Bucket, err)
	}
	if err == nil {
		for _, t := range out.TagSet {
			if aws.ToString(t.Key) == pair.TagKey && aws.ToString(t.Value) == a.Wanted.Tags[pair.TagKey] {
				return nil
			}
		}
	}
	strange := fmt.Errorf("bucket %s is not ours: it appeared since the plan was made: plan again", a.Side.Bucket)
	return slowError{passingError{strange, "If it is ours, its tag is not seen yet."}, strangePatience}
}

// EnableVersioning switches a side's versioning on.
type EnableVersioning struct {
	Clients *account.Clients
	Side    pair.Side
	Owner   string
	// newBucket: this plan makes the bucket, so it may not be seen at once.
	NewBucket bool
}

func (a EnableVersioning) Input() *s3.PutBucketVersioningInput {
	return &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(a.Side.Bucket),
		ExpectedBucketOwner:     aws.String(a.Owner),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}
}

func (a EnableVersioning) Cli() string {
	return a.Clients.CLI("s3api", "put-bucket-versioning", "--bucket", a.Side.Bucket,
		"--expected-bucket-owner", a.Owner, "--versioning-configuration", "Status=Enabled")
}

// look asks nothing of a bucket that this plan makes: versioning is never on
// there, and switching it on twice is harmless.
func (a EnableVersioning) look(ctx context.Context) (bool, string, error) {
	if a.NewBucket {
		return false, "", nil
	}
	return a.enabled(ctx)
}

func (a EnableVersioning) enabled(ctx context.Context) (bool, string, error) {
	out, err := a.Clients.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner})
	if err != nil {
		return false, "", unseen(fmt.Errorf("read versioning of %s: %w", a.Side.Bucket, err), a.NewBucket)
	}
	return out.Status == types.BucketVersioningStatusEnabled, "versioning is Enabled", nil
}

func (a EnableVersioning) do(ctx context.Context, report func(string)) (string, error) {
	if _, err := a.Clients.S3.PutBucketVersioning(ctx, a.Input()); err != nil {
		return "", unseen(fmt.Errorf("enable versioning of %s: %w", a.Side.Bucket, err), a.NewBucket)
	}
	err := until(ctx, report, "waiting until versioning reads Enabled", func() (bool, error) {
		holds, _, err := a.enabled(ctx)
		return holds, err
	})
	if err != nil {
		return "", err
	}
	return "versioning Enabled", nil
}
