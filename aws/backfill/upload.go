package backfill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/backfill/job"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
)

// usualPart is how much of a manifest is kept in memory, in bytes: 10,000 of them
// are 160 GB, more than the lines of a job's 20 billion objects would be likely
// to take from a computer's disk.
const usualPart = 16 << 20

// uploader writes one manifest, piece by piece.
type uploader struct {
	order job.Order
	key   string
	meta  map[string]string
	part  int64

	id    *string // of the upload in parts, once it is one
	parts []types.CompletedPart
	text  []byte
	sum   *manifest.Digest
}

// metadata marks a manifest: whose it is, what it lists, and the request of its job.
func metadata(p pair.Pair, digest, asked, token string, lines int64) map[string]string {
	return map[string]string{pair.MetadataKey: p.ID(), pair.DigestKey: digest, askedKey: asked, pair.ManifestKey: token, linesKey: strconv.FormatInt(lines, 10)}
}

// write uploads lines, which have to be those of the digest.
func (u *uploader) write(ctx context.Context, lines iter.Seq2[manifest.Line, error]) (err error) {
	u.sum = manifest.NewDigest()
	defer func() {
		if err != nil && u.id != nil {
			// What was sent would be stored, and billed, until it is aborted.
			tidy, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			_, _ = u.order.Clients.S3.AbortMultipartUpload(tidy, &s3.AbortMultipartUploadInput{
				Bucket: &u.order.Bucket.Bucket, Key: &u.key, UploadId: u.id, ExpectedBucketOwner: &u.order.Account,
			})
		}
	}()
	for line, err := range lines {
		if err != nil {
			return err
		}
		u.text = line.Append(u.text)
		u.sum.Add(line)
		if int64(len(u.text)) >= u.part {
			if err := u.send(ctx); err != nil {
				return err
			}
		}
	}
	if u.sum.String() != u.meta[pair.DigestKey] {
		return errors.New("the audit's rows are not what they were when this was planned: plan again")
	}
	return u.finish(ctx)
}

// send uploads what was collected as a part.
func (u *uploader) send(ctx context.Context) error {
	client, bucket := u.order.Clients.S3, &u.order.Bucket.Bucket
	if u.id == nil {
		out, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
			Bucket: bucket, Key: &u.key, ExpectedBucketOwner: &u.order.Account, Metadata: u.meta, ContentType: aws.String("text/csv"),
			ServerSideEncryption: types.ServerSideEncryptionAes256,
		})
		if err != nil {
			return u.refused(err)
		}
		u.id = out.UploadId
	}
	n := aws.Int32(int32(len(u.parts) + 1))
	out, err := client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: bucket, Key: &u.key, UploadId: u.id, PartNumber: n, Body: bytes.NewReader(u.text), ExpectedBucketOwner: &u.order.Account,
	})
	if err != nil {
		return fmt.Errorf("write part %d of the manifest: %w", *n, err)
	}
	u.parts = append(u.parts, types.CompletedPart{
		PartNumber: n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C, ChecksumCRC64NVME: out.ChecksumCRC64NVME,
		ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
	})
	u.text = u.text[:0]
	return nil
}

// refused says what helps where the bucket takes no manifest: a job can't read one in
// CSV that is encrypted with a key of KMS, so that none is (S3 User Guide, "Creating
// an S3 Batch Operations job").
func (u *uploader) refused(err error) error {
	if !apierror.Denied(err) {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return fmt.Errorf("write the manifest to %s, with SSE-S3, as a job reads no list under a key of KMS; where the bucket's policy wants another encryption, give a bucket of yours to --report-bucket-%s: %w",
		u.order.Bucket.Bucket, u.order.Direction.From().Slug(), err)
}

func (u *uploader) finish(ctx context.Context) error {
	client, bucket := u.order.Clients.S3, &u.order.Bucket.Bucket
	if u.id == nil {
		_, err := client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: bucket, Key: &u.key, ExpectedBucketOwner: &u.order.Account, Metadata: u.meta, ContentType: aws.String("text/csv"),
			Body: bytes.NewReader(u.text), ServerSideEncryption: types.ServerSideEncryptionAes256,
		})
		if err != nil {
			return u.refused(err)
		}
		return nil
	}
	if len(u.text) > 0 {
		if err := u.send(ctx); err != nil {
			return err
		}
	}
	_, err := client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: &u.key, UploadId: u.id, ExpectedBucketOwner: &u.order.Account, MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
	})
	if err != nil {
		return fmt.Errorf("put the manifest together: %w", err)
	}
	return nil
}
