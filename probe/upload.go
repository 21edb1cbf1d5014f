package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/body"
)

// slowestUpload bounds the time of one request that carries content: below
// 64 KiB a second something hangs.
const slowestUpload = 64 << 10

// upload is an acknowledged object and the instants around its commit.
type upload struct {
	object
	sums       sums      // that S3 computed, as far as it said
	committing time.Time // p0: it cannot have been committed before
	posted     time.Time // p1: it must have been committed by then
}

// put writes an object of random content at a side.
func (r *run) put(ctx context.Context, side target, key string, size int64) (upload, error) {
	if size > body.SinglePutMax {
		return r.putParts(ctx, side, key, size)
	}
	content := body.New(key, size)
	ctx, cancel := context.WithTimeout(ctx, r.allowed(uploadTimeout(size)))
	defer cancel()
	moment := instants{seen: exchange{sent: time.Now()}}
	input := &s3.PutObjectInput{
		Bucket: &side.bucket, Key: &key, Body: content, ContentLength: &size,
		ContentType: aws.String(contentType), Metadata: r.marks(),
	}
	side.carries.Put(input)
	out, err := side.client.PutObject(ctx, input, unambiguous, moment.option)
	seen := moment.get()
	if err != nil {
		if !seen.tried {
			err = fmt.Errorf("%w: %w", errUnsent, err)
		}
		return upload{}, err
	}
	done := upload{
		object:     object{key: key, version: aws.ToString(out.VersionId), size: size, etag: aws.ToString(out.ETag)},
		committing: seen.sent, posted: seen.answered,
	}
	// The object was not complete anywhere before its last bytes were read,
	// and the answer to a retry may have been read before them.
	if last := content.LastReadAt(); last.After(seen.sent) && last.Before(seen.answered) {
		done.committing = last
	}
	return done.summed(out.ChecksumCRC32, out.ChecksumCRC64NVME), checkVersion(side, done.version)
}

// summed is the upload with the checksums that its answer shows.
func (u upload) summed(crc32, crc64 *string) upload {
	u.sums = sums{}
	u.sums.add("CRC32", crc32)
	u.sums.add("CRC64NVME", crc64)
	return u
}

const contentType = "application/octet-stream"

// marks is the metadata that says whose object it is.
func (r *run) marks() map[string]string {
	return map[string]string{pair.MetadataKey: r.cfg.Pair.ID()}
}

// allowed is how long one request of an upload may take: never longer than a
// probe is followed. An upload in parts goes on for as long as each of its
// requests keeps to that; putting the parts together has a time of its own.
func (r *run) allowed(most time.Duration) time.Duration {
	if r.cfg.Limit > 0 {
		return min(most, r.cfg.Limit)
	}
	return most
}

func uploadTimeout(size int64) time.Duration {
	return time.Minute + time.Duration(size/slowestUpload)*time.Second
}

// checkVersion refuses an object without a version of its own: the bucket's
// versioning is off or suspended, and S3 replicates only versions.
func checkVersion(side target, version string) error {
	if version == "" || version == "null" {
		return fmt.Errorf("%w on bucket %s (side %s), so S3 cannot replicate the object", errUnversioned, side.bucket, side.name)
	}
	return nil
}

// unambiguous keeps the SDK's retries to answers that say that nothing was
// written. After a lost answer a retry could write a second version.
func unambiguous(o *s3.Options) {
	o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
		o.Retryables = []retry.IsErrorRetryable{retry.IsErrorRetryableFunc(refused)}
	})
}

func refused(err error) aws.Ternary {
	return aws.BoolTernary(throttled(err) || apierror.Code(err) == "RequestTimeTooSkewed")
}

// errUnsent marks the failure of a request that never left, such as one that
// could not be signed.
var errUnsent = errors.New("not sent")

// errUnversioned marks an object that was written without a version.
var errUnversioned = errors.New("versioning is not enabled")

// uncertain says whether the object may have been written all the same.
func uncertain(err error) bool {
	status := apierror.StatusCode(err)
	return !errors.Is(err, errUnsent) && (status == 0 || status >= http.StatusInternalServerError && !throttled(err))
}

// uploadFailure words a failed upload.
func uploadFailure(side target, err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Sprintf("the upload to side %s was not acknowledged in time", side.name)
	}
	if errors.Is(err, errUnversioned) {
		return err.Error()
	}
	return fmt.Sprintf("the upload to side %s failed: %s", side.name, apierror.Describe(err))
}
