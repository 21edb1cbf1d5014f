package probe

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/probe/body"
)

const (
	partConcurrency = 4
	// completeTimeout is for putting the parts together: "several minutes" at
	// most (S3 API reference, CompleteMultipartUpload), whatever the size.
	completeTimeout = 15 * time.Minute
)

// putParts writes a large object as a multipart upload. The parts are read
// from the generator while they are sent, so memory does not grow with the
// object or with its parts; the SDK's transfer manager would hold
// (concurrency + 1) whole parts, and up to 5 GiB each for the largest objects.
func (r *run) putParts(ctx context.Context, side target, key string, size int64) (upload, error) {
	begin := &s3.CreateMultipartUploadInput{
		Bucket: &side.bucket, Key: &key, ContentType: aws.String(contentType), Metadata: r.marks(),
	}
	side.carries.Begin(begin)
	beginning, begun := context.WithTimeout(ctx, r.allowed(uploadTimeout(0)))
	created, err := side.client.CreateMultipartUpload(beginning, begin)
	begun()
	if err != nil {
		return upload{}, fmt.Errorf("begin the multipart upload: %w", err)
	}
	uploadID := aws.ToString(created.UploadId)
	r.ledger.change(key, func(entry *record) { entry.uploadID, entry.completing = uploadID, false })

	parts, err := r.sendParts(ctx, side, key, uploadID, size)
	if err != nil {
		return upload{}, err
	}
	r.ledger.change(key, func(entry *record) { entry.completing = true })
	complete, cancel := context.WithTimeout(ctx, completeTimeout)
	defer cancel()
	moment := instants{seen: exchange{sent: time.Now()}}
	end := &s3.CompleteMultipartUploadInput{
		Bucket: &side.bucket, Key: &key, UploadId: &uploadID,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	}
	side.carries.End(end)
	out, err := side.client.CompleteMultipartUpload(complete, end, unambiguous, moment.option)
	if err != nil {
		return upload{}, fmt.Errorf("complete the multipart upload: %w", err)
	}
	// S3 may send the answer's header and white space long before the object
	// is put together (S3 API reference, CompleteMultipartUpload), so only
	// the end of the answer shows that it is.
	posted := time.Now()
	r.ledger.change(key, func(entry *record) { entry.uploadID = "" })
	done := upload{object: object{key: key, version: aws.ToString(out.VersionId), size: size, etag: aws.ToString(out.ETag)}, committing: moment.get().sent, posted: posted}
	return done.summed(out.ChecksumCRC32, out.ChecksumCRC64NVME), checkVersion(side, done.version)
}

// sendParts uploads all parts, a few at a time, and stops at the first error.
func (r *run) sendParts(ctx context.Context, side target, key, uploadID string, size int64) ([]types.CompletedPart, error) {
	content, step := body.New(key, size), body.PartSize(size)
	parts := make([]types.CompletedPart, (size+step-1)/step)
	sending := pool.New().WithMaxGoroutines(partConcurrency).WithContext(ctx).WithCancelOnError().WithFirstError()
	for i := range parts {
		sending.Go(func(ctx context.Context) (err error) {
			from := int64(i) * step
			parts[i], err = r.sendPart(ctx, side, key, uploadID, i+1, content.Section(from, min(step, size-from)))
			return err
		})
	}
	if err := sending.Wait(); err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	return parts, nil
}

func (r *run) sendPart(ctx context.Context, side target, key, uploadID string, number int, content *body.Body) (types.CompletedPart, error) {
	ctx, err := r.limit.reserve(ctx)
	if err != nil {
		return types.CompletedPart{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.allowed(uploadTimeout(content.Size())))
	defer cancel()
	out, err := side.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &side.bucket, Key: &key, UploadId: &uploadID,
		PartNumber: aws.Int32(int32(number)), Body: content, ContentLength: aws.Int64(content.Size()),
	})
	if err != nil {
		return types.CompletedPart{}, fmt.Errorf("upload part %d: %w", number, err)
	}
	return types.CompletedPart{
		PartNumber: aws.Int32(int32(number)), ETag: out.ETag,
		ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C, ChecksumCRC64NVME: out.ChecksumCRC64NVME,
		ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
	}, nil
}
