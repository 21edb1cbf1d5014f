package cause

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

const (
	// headTries is how often a HEAD without a usable answer is sent, beside what
	// the SDK itself sends again.
	headTries = 4
	headPause = 500 * time.Millisecond // and twice that after each
)

// answer sends a HEAD until something usable comes. Of one that asks for fewer
// requests the caller decides.
func (j *Judge) answer(ctx context.Context, side pair.SideName, input *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	pause := headPause
	for try := 1; ; try++ {
		j.heads.Add(1)
		out, err := j.client(side).HeadObject(ctx, input)
		if err == nil || ends(ctx, err) != nil || !transient(err) || apierror.StatusCode(err) == http.StatusServiceUnavailable || try == headTries {
			return out, err
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// transient says whether an answer, or that there was none, may pass by itself.
func transient(err error) bool {
	status := apierror.StatusCode(err)
	return status == 0 || status >= http.StatusInternalServerError && status != http.StatusNotImplemented || status == http.StatusTooManyRequests
}

// out says whether it is a side that gives no answers rather than an object: an
// outage tells nothing of a version.
func (j *Judge) out(ctx context.Context, side pair.SideName, err error) bool {
	switch {
	case !transient(err):
		return false
	case apierror.StatusCode(err) == http.StatusServiceUnavailable || apierror.StatusCode(err) == http.StatusTooManyRequests:
		return true
	}
	j.reads.Add(1)
	_, err = j.client(side).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: j.bucket(side), ExpectedBucketOwner: j.owner(side)})
	return err != nil && transient(err)
}
