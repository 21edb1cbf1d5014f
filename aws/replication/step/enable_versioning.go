package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// EnableVersioning switches a side's versioning on.
type EnableVersioning struct {
	Clients *account.Clients
	Side    pair.Side
	Owner   string
	// newBucket: this plan makes the bucket, so it may not be seen at once.
	NewBucket bool
}

func (a EnableVersioning) input() *s3.PutBucketVersioningInput {
	return &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(a.Side.Bucket),
		ExpectedBucketOwner:     aws.String(a.Owner),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}
}

func (a EnableVersioning) shown() shown {
	return shown{"PutBucketVersioning", a.Clients.CLI("s3api", "put-bucket-versioning", "--bucket", a.Side.Bucket,
		"--expected-bucket-owner", a.Owner, "--versioning-configuration", "Status=Enabled"), []any{a.input()}}
}

// look asks nothing of a bucket that this plan makes: versioning is never on
// there, and switching it on twice is harmless.
func (a EnableVersioning) look(ctx context.Context) (bool, string, error) { //nolint:unparam // as every action's
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
	if _, err := a.Clients.S3.PutBucketVersioning(ctx, a.input()); err != nil {
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
