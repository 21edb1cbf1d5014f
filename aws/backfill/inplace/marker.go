package inplace

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
)

// Mark places a delete marker on this side, as the other side serves one: what
// is served is hidden, and kept as an older version. was is the version that the
// side served when it was judged, "" being nothing. What it serves by now was not
// judged then, and is hidden only where the other side, far, has it, too, and hides
// it. It is done already where the side serves nothing.
func (c Copier) Mark(ctx context.Context, key, was string, far Copier) (made string, err error) {
	head, err := c.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &c.Side.Bucket, Key: &key, ExpectedBucketOwner: &c.Owner})
	switch {
	case apierror.Missing(err):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look at %s: %w", key, err)
	case versionOf(head.VersionId) != was:
		_, err := far.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &far.Side.Bucket, Key: &key, VersionId: head.VersionId, ExpectedBucketOwner: &far.Owner})
		if apierror.Missing(err) {
			return "", &StaleError{"the side serves version " + versionOf(head.VersionId) + " by now, which the other side never had"}
		}
		if err != nil {
			return "", fmt.Errorf("look at version %s of %s on the other side: %w", versionOf(head.VersionId), key, err)
		}
	}
	out, err := c.Clients.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &c.Side.Bucket, Key: &key, ExpectedBucketOwner: &c.Owner, IfMatch: head.ETag})
	if apierror.StatusCode(err) == http.StatusPreconditionFailed {
		return "", &StaleError{"it was written between the look and the delete, and nothing was deleted"}
	}
	if err != nil {
		return "", fmt.Errorf("place a delete marker on %s: %w", key, err)
	}
	return aws.ToString(out.VersionId), nil
}
