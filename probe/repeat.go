package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"bothways/aws/apierror"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sourcegraph/conc"
)

// signedFor is how long a signed request is sent again. S3 takes a signature
// for 15 minutes (S3 User Guide, "Authenticating Requests: AWS Signature
// Version 4"), and renewed credentials shall be used soon.
const signedFor = time.Minute

// repeat is a HEAD that the SDK has built and signed, kept to be sent again
// through the SDK's own HTTP client. Building and signing one costs four times
// as much as sending it; with thousands of probes in flight that would hold
// polls back, and widen the brackets. It is of one probe and one side, and not
// safe for concurrent use.
type repeat struct {
	request *http.Request
	client  s3.HTTPClient
	signed  time.Time
}

// keep takes a request that was just signed, and lets go of all that the SDK
// knew when it made it.
func (k *repeat) keep(request *http.Request, client s3.HTTPClient) {
	k.request, k.client, k.signed = request.WithContext(context.Background()), client, time.Now()
}

func (k *repeat) usable() bool { return k.request != nil && time.Since(k.signed) < signedFor }

// headAgain is head for the polls of one probe. Whatever is neither there nor
// not there has the next poll built anew.
func (r *run) headAgain(ctx context.Context, side target, key, version string, kept *repeat) answer {
	got := r.timed(ctx, func(ctx context.Context, moment *instants) (*s3.HeadObjectOutput, error) {
		if kept.usable() {
			return kept.ask(ctx, moment)
		}
		moment.kept = kept
		var out *s3.HeadObjectOutput
		var err error
		onStackOfItsOwn(func() {
			out, err = side.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &side.bucket, Key: &key, VersionId: &version}, once, moment.option, r.direct)
		})
		return out, err
	})
	switch {
	case got.err == nil:
		side.shown.Store(true)
	case apierror.StatusCode(got.err) != http.StatusNotFound:
		kept.request = nil
	}
	return got
}

// ask sends the request and reads of the answer what a poll wants to know.
func (k *repeat) ask(ctx context.Context, moment *instants) (*s3.HeadObjectOutput, error) {
	response, err := timedClient{next: k.client, instants: moment}.Do(k.request.WithContext(ctx))
	if err != nil {
		// net/http names the whole address, which is another for every object.
		if asked, ok := errors.AsType[*url.Error](err); ok {
			err = asked.Err
		}
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	if err := response.Body.Close(); err != nil {
		return nil, fmt.Errorf("read the answer to a HEAD: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, &awshttp.ResponseError{
			RequestID: response.Header.Get("X-Amz-Request-Id"),
			ResponseError: &smithyhttp.ResponseError{
				Response: &smithyhttp.Response{Response: response}, Err: errors.New(response.Status),
			},
		}
	}
	out := &s3.HeadObjectOutput{
		VersionId:            aws.String(response.Header.Get("X-Amz-Version-Id")),
		ETag:                 aws.String(response.Header.Get("ETag")),
		ReplicationStatus:    types.ReplicationStatus(response.Header.Get("X-Amz-Replication-Status")),
		ServerSideEncryption: types.ServerSideEncryption(response.Header.Get("X-Amz-Server-Side-Encryption")),
	}
	size, err := strconv.ParseInt(response.Header.Get("Content-Length"), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read the size in the answer to a HEAD: %w", err)
	}
	out.ContentLength = &size
	return out, nil
}

// onStackOfItsOwn does work that calls deep, as all calls of the SDK do: they grow a
// goroutine's stack to 32 KB, which a probe would keep for as long as it waits
// for its replica.
func onStackOfItsOwn(work func()) {
	var alone conc.WaitGroup
	alone.Go(work)
	alone.Wait()
}
