package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/replication/survey"
)

// abortUploads ends multipart uploads that a probe could not finish. An
// upload shows no metadata, so its key alone tells whose it is: under the keys
// of earlier versions, which all pairs shared, that is not known, and nothing
// is ended.
func (a RemoveObjects) abortUploads(ctx context.Context, stay *staying) (int, error) {
	count := 0
	for _, p := range a.under() {
		pages := s3.NewListMultipartUploadsPaginator(a.Clients.S3, &s3.ListMultipartUploadsInput{
			Bucket: &a.Side.Bucket, Prefix: aws.String(p.ProbePrefix()), ExpectedBucketOwner: &a.Owner,
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return count, fmt.Errorf("list unfinished uploads in %s: %w", a.Side.Bucket, err)
			}
			for _, u := range page.Uploads {
				if !a.wrote(u.Key) {
					continue
				}
				done, err := a.abortUpload(ctx, u, stay)
				if err != nil {
					return count, err
				}
				count += done
			}
		}
	}
	return count, nil
}

// abortUpload counts what it aborted.
func (a RemoveObjects) abortUpload(ctx context.Context, u types.MultipartUpload, stay *staying) (int, error) {
	_, err := a.Clients.S3.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: &a.Side.Bucket, Key: u.Key, UploadId: u.UploadId, ExpectedBucketOwner: &a.Owner,
	})
	switch {
	case apierror.Denied(err):
		stay.add("the unfinished upload of "+aws.ToString(u.Key), survey.RefusalOf(err))
		return 0, nil
	case err != nil && !apierror.Missing(err):
		return 0, fmt.Errorf("abort the unfinished upload of %s: %w", aws.ToString(u.Key), err)
	}
	return 1, nil
}
