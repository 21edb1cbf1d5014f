package job

import (
	"context"
	"crypto/md5" //nolint:gosec // the checksum that reports have
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/backfill/manifest"
)

// Results reads what a job reports of its tasks that failed. A job without a
// task leaves no report: reported is false then.
func (o Order) Results(ctx context.Context, id string, take func(manifest.Task) error) (reported bool, err error) {
	first, err := o.Open(ctx, o.ReportPrefix()+"/job-"+id+"/manifest.json")
	if apierror.Missing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the report of job %s: %w", id, err)
	}
	report, err := manifest.ReadReport(first)
	if err != nil {
		return true, err
	}
	for _, file := range report.Results {
		if file.TaskExecutionStatus != "failed" {
			continue
		}
		if file.Bucket != o.Bucket.Bucket {
			return true, fmt.Errorf("the report of job %s lies in bucket %q: %s was asked for", id, file.Bucket, o.Bucket.Bucket)
		}
		text, err := o.Open(ctx, file.Key)
		if err != nil {
			return true, fmt.Errorf("read the report of job %s: %w", id, err)
		}
		sum := md5.New() //nolint:gosec // see the import
		if err := manifest.Tasks(io.TeeReader(text, sum), take); err != nil {
			return true, err
		}
		if got := hex.EncodeToString(sum.Sum(nil)); file.MD5Checksum != "" && got != file.MD5Checksum {
			return true, fmt.Errorf("the file %s of the report of job %s is damaged: its MD5 is %s, and the report says %s", file.Key, id, got, file.MD5Checksum)
		}
	}
	return true, nil
}

// chunk is how much of an object is read with one request: answers are bounded.
const chunk = 8 << 20

// object reads an object of any length, piece by piece.
type object struct {
	ctx   context.Context //nolint:containedctx // a reader has no other way to hear of its end
	order Order
	key   string
	etag  string
	at    int64
	size  int64
	piece io.ReadCloser
}

// Open reads an object of the bucket for manifests and reports.
func (o Order) Open(ctx context.Context, key string) (io.Reader, error) {
	out, err := o.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &o.Bucket.Bucket, Key: &key, ExpectedBucketOwner: &o.Account})
	if err != nil {
		return nil, err
	}
	return &object{ctx: ctx, order: o, key: key, etag: aws.ToString(out.ETag), size: aws.ToInt64(out.ContentLength)}, nil
}

// Read implements io.Reader.
func (r *object) Read(p []byte) (int, error) {
	for {
		if r.piece == nil {
			if r.at >= r.size {
				return 0, io.EOF
			}
			last := min(r.at+chunk, r.size) - 1
			out, err := r.order.Clients.S3.GetObject(r.ctx, &s3.GetObjectInput{
				Bucket: &r.order.Bucket.Bucket, Key: &r.key, ExpectedBucketOwner: &r.order.Account, IfMatch: &r.etag,
				Range: aws.String(fmt.Sprintf("bytes=%d-%d", r.at, last)),
			})
			if err != nil {
				return 0, fmt.Errorf("read %s/%s: %w", r.order.Bucket.Bucket, r.key, err)
			}
			r.piece = out.Body
		}
		n, err := r.piece.Read(p)
		r.at += int64(n)
		if err == nil || !errors.Is(err, io.EOF) {
			return n, err
		}
		_ = r.piece.Close() // it was read to its end
		r.piece = nil
		if n > 0 {
			return n, nil
		}
	}
}
