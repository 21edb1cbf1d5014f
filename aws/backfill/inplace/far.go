package inplace

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
)

// Unchanged says whether this side, of whose other one something is to be copied
// or marked, still serves what it did when that was judged: was, "" being nothing.
// What is new here and no newer than a time is no reason to stop: it would not be
// hidden. Else a write that has not travelled yet would be hidden on both sides,
// by what is older. The error is a *StaleError then.
func (c Copier) Unchanged(ctx context.Context, key, was string, newest time.Time) error {
	head, err := c.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &c.Side.Bucket, Key: &key, ExpectedBucketOwner: &c.Owner})
	switch {
	case apierror.Missing(err) && was == "":
		return nil
	case apierror.Missing(err):
		return &StaleError{"the other side serves nothing for this key any more"}
	case err != nil:
		return fmt.Errorf("look at %s on the other side: %w", key, err)
	case versionOf(head.VersionId) == was, !aws.ToTime(head.LastModified).After(newest):
		return nil
	}
	return &StaleError{"the other side serves version " + versionOf(head.VersionId) + " by now, which would be hidden"}
}
