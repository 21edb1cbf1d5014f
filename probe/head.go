package probe

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	carried "bothways/aws/upload"
)

const headTimeout = 10 * time.Second

// target is a side as the probe reaches it.
type target struct {
	name    pair.SideName
	bucket  string
	client  *s3.Client
	carries carried.Headers // what uploads carry; written before the first
	// shown says whether these credentials were ever shown a version.
	shown *atomic.Bool
}

// object is what was written at its origin and must appear on the other side.
type object struct {
	key     string
	version string
	size    int64
	etag    string
}

// answer is what one HEAD brought.
type answer struct {
	exchange // without credentials nothing goes out
	out      *s3.HeadObjectOutput
	err      error
}

// head asks once, without the SDK's retries: a retry would stretch one poll
// over seconds, and the schedule is the retry. It waits for its slot in the
// run's rate first.
func (r *run) head(ctx context.Context, side target, key, version string) answer {
	return r.headAs(ctx, side, key, version, "")
}

func (r *run) headAs(ctx context.Context, side target, key, version string, mode types.ChecksumMode) answer {
	input := &s3.HeadObjectInput{Bucket: &side.bucket, Key: &key, ChecksumMode: mode}
	if version != "" {
		input.VersionId = &version
	}
	got := r.timed(ctx, func(ctx context.Context, moment *instants) (*s3.HeadObjectOutput, error) {
		return side.client.HeadObject(ctx, input, once, moment.option, r.direct)
	})
	if got.err == nil && version != "" {
		side.shown.Store(true)
	}
	return got
}

// timed waits for its slot in the run's rate and takes the instants of what it
// then asks.
func (r *run) timed(ctx context.Context, ask func(context.Context, *instants) (*s3.HeadObjectOutput, error)) answer {
	ctx, err := r.limit.reserve(ctx)
	if err != nil {
		now := time.Now()
		return answer{exchange: exchange{sent: now, answered: now}, err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	moment := instants{seen: exchange{sent: time.Now()}}
	out, err := ask(ctx, &moment)
	return answer{exchange: moment.get(), out: out, err: err}
}

// direct keeps MinIO from answering for its other site while it does not have
// the version itself: it leaves that to whoever sends this header (MinIO,
// cmd/bucket-replication.go, proxyHeadToRepTarget).
func (r *run) direct(o *s3.Options) {
	if r.cfg.Foreign {
		o.APIOptions = append(o.APIOptions, smithyhttp.SetHeaderValue("X-Minio-Source-Proxy-Request", "false"))
	}
}

// once turns the SDK's retries off for a call.
func once(o *s3.Options) { o.Retryer = aws.NopRetryer{} }

// verdict is what a poll proves.
type verdict int

const (
	unknown   verdict = iota // nothing: neither there nor not there
	miss                     // not there when it was sent
	hit                      // there when it was answered
	unclaimed                // the version can be read, but nothing says that it is a replica
)

// judge says what a poll of the replica proves. Only a 404 shows that the
// replica is not there; only a 200 with the status REPLICA shows that it is
// (some servers answer for the other site while they have nothing themselves).
// The reason words a 200 that is no hit. Where all but the status fits, the
// listing may tell more.
func judge(a answer, want object) (v verdict, reason string) {
	switch {
	case a.err != nil && apierror.StatusCode(a.err) == http.StatusNotFound:
		return miss, ""
	case a.err != nil:
		return unknown, ""
	case aws.ToString(a.out.VersionId) != want.version:
		return unknown, "answered 200 for another version"
	case aws.ToInt64(a.out.ContentLength) != want.size:
		return unknown, "answered 200 with another size"
	case !sameContent(a.out, want):
		return unknown, "answered 200 with another ETag"
	case a.out.ReplicationStatus != types.ReplicationStatusReplica:
		return unclaimed, "answered 200 without the status REPLICA: not a replica, or a server that passes the question on to the other side"
	}
	return hit, ""
}

// sameContent compares ETags where they are a digest of the content. With KMS
// keys and multipart uploads they need not be equal on both sides (S3 API
// reference, "Object").
func sameContent(out *s3.HeadObjectOutput, want object) bool {
	replica := aws.ToString(out.ETag)
	switch {
	case replica == "" || want.etag == "":
		return true
	case strings.Contains(replica, "-") || strings.Contains(want.etag, "-"):
		return true
	case out.ServerSideEncryption != "" && out.ServerSideEncryption != types.ServerSideEncryptionAes256:
		return true
	}
	return replica == want.etag
}

// throttled says whether the side asked for fewer requests.
func throttled(err error) bool {
	switch apierror.StatusCode(err) {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return true
	}
	return apierror.Code(err) == "SlowDown"
}

// heed draws what follows from an answer that proved nothing: a lower rate,
// renewed credentials, or a notice about what a person can do.
func (r *run) heed(ctx context.Context, side target, key string, got answer) {
	switch {
	case ctx.Err() != nil || r.lost(side.name):
	case throttled(got.err):
		r.limit.slow(side.name)
		r.notice(Info, side.name, "Side "+string(side.name)+" asks for fewer requests (503 SlowDown): while it does, it is polled half as often, and the run makes half as many requests a second at most. Brackets widen, and still hold the truth.")
	case gone(got.err, got.tried):
		r.lose(side, got.err)
	default:
		r.explain(ctx, side, key, got.err)
	}
}

// explain looks into an answer that proved nothing and gives notice once where
// a person can do something about it. A HEAD's answer has no body, so the
// reason is asked for with a request whose answer has one.
func (r *run) explain(ctx context.Context, side target, key string, err error) {
	status := apierror.StatusCode(err)
	if status == 0 && apierror.Advice(err) == "" || status >= 500 {
		return
	}
	if status != 0 && r.asked(side.name, status) {
		return
	}
	if status == http.StatusBadRequest || status == http.StatusForbidden {
		ready, stopped := r.limit.reserve(ctx)
		if stopped != nil {
			return
		}
		listing, cancel := context.WithTimeout(ready, headTimeout)
		defer cancel()
		listed, told := side.client.ListObjectVersions(listing, &s3.ListObjectVersionsInput{
			Bucket: &side.bucket, Prefix: &key, MaxKeys: aws.Int32(1),
		}, once)
		var version *string
		if told == nil && len(listed.Versions) > 0 {
			version = listed.Versions[0].VersionId
		}
		switch {
		case apierror.Expired(told):
			r.forgetAsked(side.name, status) // it may be another reason next time
			r.lose(side, told)
			return
		case told != nil:
			err = told
		case status == http.StatusForbidden && !side.shown.Load():
			r.cancel(r.versionsHidden(ctx, side, key, version, err)) // and it never will: nothing can be measured
			return
		case status == http.StatusForbidden:
			r.notice(Warning, side.name, "Side "+string(side.name)+
				" refuses to show the object's version (403), which takes s3:GetObjectVersion: "+r.grant(ctx, side, key, version, "it")+". Polls prove nothing until then.")
			return
		}
	}
	r.notice(Warning, side.name, "Side "+string(side.name)+" does not answer as it should: "+
		apierror.Describe(err)+" Polls prove nothing until that is solved; probing goes on.")
}

// asked remembers that an unexpected status of a side was looked into.
func (r *run) asked(side pair.SideName, status int) bool { return r.known(askedAbout(side, status)) }

func (r *run) forgetAsked(side pair.SideName, status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.noticed, askedAbout(side, status))
}

func askedAbout(side pair.SideName, status int) string {
	return "asked " + string(side) + http.StatusText(status)
}
