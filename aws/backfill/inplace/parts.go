package inplace

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// expires is the Expires header of an object, where it is a time.
func expires(head *s3.HeadObjectOutput) (*time.Time, bool) {
	at, err := http.ParseTime(aws.ToString(head.ExpiresString))
	return &at, err == nil
}

// inParts copies what is too large for one call.
func (c Copier) inParts(ctx context.Context, j Judged, head *s3.HeadObjectOutput) (Copied, error) {
	tags, err := c.Clients.S3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{
		Bucket: &c.Side.Bucket, Key: &j.Key, VersionId: &j.VersionID, ExpectedBucketOwner: &c.Owner,
	})
	if err != nil {
		return Copied{}, fmt.Errorf("read its tags: %w", err)
	}
	in := &s3.CreateMultipartUploadInput{
		Bucket: &c.Side.Bucket, Key: &j.Key, ExpectedBucketOwner: &c.Owner,
		Metadata: head.Metadata, ContentType: head.ContentType, ContentEncoding: head.ContentEncoding, ContentLanguage: head.ContentLanguage,
		ContentDisposition: head.ContentDisposition, CacheControl: head.CacheControl, WebsiteRedirectLocation: head.WebsiteRedirectLocation,
		StorageClass: head.StorageClass, ServerSideEncryption: head.ServerSideEncryption, SSEKMSKeyId: head.SSEKMSKeyId, BucketKeyEnabled: head.BucketKeyEnabled,
		ObjectLockLegalHoldStatus: head.ObjectLockLegalHoldStatus,
		ChecksumAlgorithm:         algorithmOf(head), Tagging: header(tags.TagSet),
	}
	in.ObjectLockMode, in.ObjectLockRetainUntilDate = retention(head)
	if at, ok := expires(head); ok {
		in.Expires = at
	}
	upload, err := c.Clients.S3.CreateMultipartUpload(ctx, in)
	if err != nil {
		return Copied{}, err
	}
	made, err := c.finish(ctx, j, head, upload)
	if err != nil {
		// What was sent so far would be stored, and billed, until it is aborted.
		tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		_, _ = c.Clients.S3.AbortMultipartUpload(tidy, &s3.AbortMultipartUploadInput{
			Bucket: &c.Side.Bucket, Key: &j.Key, UploadId: upload.UploadId, ExpectedBucketOwner: &c.Owner,
		})
	}
	return made, err
}

func (c Copier) finish(ctx context.Context, j Judged, head *s3.HeadObjectOutput, upload *s3.CreateMultipartUploadOutput) (Copied, error) {
	size := aws.ToInt64(head.ContentLength)
	part := max(c.PartSize, 0)
	if part == 0 {
		part = usualPart
	}
	part = max(part, (size+mostParts-1)/mostParts)
	var parts []types.CompletedPart
	for at, n := int64(0), int32(1); at < size; at, n = at+part, n+1 {
		out, err := c.Clients.S3.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: &c.Side.Bucket, Key: &j.Key, UploadId: upload.UploadId, PartNumber: aws.Int32(n), CopySource: c.source(j), CopySourceIfMatch: head.ETag,
			CopySourceRange: aws.String(fmt.Sprintf("bytes=%d-%d", at, min(at+part, size)-1)), ExpectedBucketOwner: &c.Owner, ExpectedSourceBucketOwner: &c.Owner,
		})
		if err != nil {
			return Copied{}, err
		}
		done := types.CompletedPart{PartNumber: aws.Int32(n)}
		if r := out.CopyPartResult; r != nil {
			done.ETag, done.ChecksumCRC32, done.ChecksumCRC32C, done.ChecksumCRC64NVME = r.ETag, r.ChecksumCRC32, r.ChecksumCRC32C, r.ChecksumCRC64NVME
			done.ChecksumSHA1, done.ChecksumSHA256 = r.ChecksumSHA1, r.ChecksumSHA256
		}
		parts = append(parts, done)
	}
	out, err := c.Clients.S3.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &c.Side.Bucket, Key: &j.Key, UploadId: upload.UploadId, ExpectedBucketOwner: &c.Owner, IfMatch: head.ETag,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	if err != nil {
		return Copied{}, err
	}
	return Copied{VersionID: versionOf(out.VersionId), ETag: unquoted(out.ETag)}, nil
}

// header writes tags as x-amz-tagging has them, or nil for none.
func header(tags []types.Tag) *string {
	if len(tags) == 0 {
		return nil
	}
	values := url.Values{}
	for _, t := range tags {
		values.Set(aws.ToString(t.Key), aws.ToString(t.Value))
	}
	return aws.String(values.Encode())
}
