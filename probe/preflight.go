package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/sourcegraph/conc"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	carried "bothways/aws/upload"
)

const (
	warmUpLimit = 30 * time.Second // for a side that does not answer, or only with "slow down"
	warmUpGap   = 500 * time.Millisecond
)

// warmUpHEADs go to each side before the first probe: they open connections,
// show the round trip, and show whether an absent object reads as absent.
const warmUpHEADs = 3

// preflight asks both sides for an object that cannot exist. S3 answers 404
// only to callers that may list the bucket, and 403 to others (S3 API
// reference, HeadObject): with a 403 a replica that is not there and one that
// may not be seen look alike, and probing is refused.
func (r *run) preflight(ctx context.Context) ([]RTTEvent, error) {
	rtts := make([]RTTEvent, len(pair.Sides()))
	errs := make([]error, len(rtts))
	var both conc.WaitGroup // hands a panic on to the caller
	for i, d := range pair.Directions() {
		both.Go(func() {
			if errs[i] = r.survey(ctx, d); errs[i] == nil {
				rtts[i], errs[i] = r.warmUp(ctx, r.sides[d.From()])
			}
			if errs[i] == nil {
				errs[i] = r.askVersion(ctx, r.sides[d.From()])
			}
		})
	}
	both.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return rtts, r.readUploads(ctx)
}

// readUploads finds out what uploads have to carry. It refuses to probe where
// they are denied, or could not be deleted again.
func (r *run) readUploads(ctx context.Context) error {
	tagged := map[pair.SideName]pair.Tags{}
	for _, d := range pair.Directions() {
		tagged[d.From()] = r.tags[d]
	}
	var known map[pair.SideName]Upload
	if r.ask != nil {
		var err error
		if known, err = r.ask(ctx, tagged); err != nil {
			return err
		}
	}
	for _, name := range pair.Sides() {
		side, found := r.sides[name], known[name]
		found.Carries.Tags = cmp.Or(found.Carries.Tags, tagged[name])
		switch {
		case found.Denied != "":
			return fmt.Errorf("side %s: %s, so no probe can be written there", name, found.Denied)
		case found.Kept != "" && !r.cfg.Keep && !r.cfg.Private:
			return kept(side, found.Kept)
		}
		if side.carries = found.Carries; side.carries != (carried.Headers{}) {
			r.notice(Info, name, "Uploads to bucket "+side.bucket+" carry "+carriedFor(side.carries, tagged[name])+".")
		}
		r.sides[name] = side
	}
	return nil
}

// carriedFor says of what uploads carry who asks for it: the rule for its tags, a
// policy for the rest.
func carriedFor(carries carried.Headers, tags pair.Tags) string {
	var words []string
	byRule := carried.Headers{Tags: tags}
	if tags != "" {
		words = append(words, byRule.Words()+", which the rule asks for")
	}
	if rest := carries.Beyond(byRule).Words(); rest != "" {
		words = append(words, rest+", which the bucket policy asks for, or one of these credentials")
	}
	return strings.Join(words, "; ")
}

func (r *run) warmUp(ctx context.Context, side target) (RTTEvent, error) {
	key := r.absentKey()
	began := time.Now()
	rtt := RTTEvent{Side: side.name}
	for rtt.N < warmUpHEADs {
		got := r.head(ctx, side, key, "")
		if ctx.Err() != nil {
			return RTTEvent{}, context.Cause(ctx)
		}
		if passing(got) && time.Since(began) < warmUpLimit {
			r.waitsFor(side, time.Since(began), got.err)
			if err := sleep(ctx, warmUpGap); err != nil {
				return RTTEvent{}, context.Cause(ctx)
			}
			continue
		}
		if err := r.readable(ctx, side, key, got.err); err != nil {
			return RTTEvent{}, err
		}
		rtt.N++
		if took := milliseconds(got.answered.Sub(got.sent)); rtt.N == 1 || took < rtt.MinMS {
			rtt.MinMS = took
		}
	}
	return rtt, nil
}

// askVersion asks for one version that an earlier probe left, if there is one:
// HEAD of a version needs a right of its own (S3 API reference, HeadObject),
// which the answer for an absent object does not show. Where there is none,
// the first object of the run shows it.
func (r *run) askVersion(ctx context.Context, side target) error {
	prefix := r.cfg.Pair.ProbePrefix()
	listing, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	out, err := side.client.ListObjectVersions(listing, &s3.ListObjectVersionsInput{
		Bucket: &side.bucket, Prefix: &prefix, MaxKeys: aws.Int32(1),
	}, once)
	if err != nil || len(out.Versions) == 0 {
		return nil //nolint:nilerr // what a listing lacks is said where it is needed
	}
	first := out.Versions[0]
	got := r.head(ctx, side, aws.ToString(first.Key), aws.ToString(first.VersionId))
	if apierror.StatusCode(got.err) == http.StatusForbidden && !apierror.ClockWrong(got.err) {
		return r.versionsHidden(ctx, side, aws.ToString(first.Key), first.VersionId, got.err)
	}
	return nil
}

// versionsHidden says what is missing where a version may not be asked for.
func (r *run) versionsHidden(ctx context.Context, side target, key string, version *string, err error) error {
	return fmt.Errorf("side %s: bucket %s answers 403 for a version of an object, so nothing can be seen to arrive: %s: %w",
		side.name, side.bucket, r.grant(ctx, side, key, version, "s3:GetObjectVersion"), err)
}

// grant says what helps where a HEAD was refused. Its answer has no words, so
// the same is asked by a GET of one byte, whose answer has some.
func (r *run) grant(ctx context.Context, side target, key string, version *string, right string) string {
	asking, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	out, err := side.client.GetObject(asking, &s3.GetObjectInput{Bucket: &side.bucket, Key: &key, VersionId: version, Range: aws.String("bytes=0-0")}, once)
	if err == nil {
		_ = out.Body.Close()
	}
	if why, denied := apierror.RefusalOf(err); denied && !why.Missing() {
		return why.Advice()
	}
	return "grant " + right + " on " + side.bucket
}

// absentKey is a key that nobody ever writes.
func (r *run) absentKey() string {
	return r.cfg.Pair.ProbePrefix() + r.cfg.RunID + "/absent-" + r.nonce
}

// passing says whether the same question may be answered a moment later.
func passing(got answer) bool {
	if got.err == nil || !got.tried {
		return false
	}
	status := apierror.StatusCode(got.err)
	return status == 0 || status >= http.StatusInternalServerError && status != http.StatusNotImplemented || throttled(got.err)
}

// readable turns the answer for an absent object into what is missing.
func (r *run) readable(ctx context.Context, side target, key string, err error) error {
	switch status := apierror.StatusCode(err); {
	case status == http.StatusNotFound:
		return nil
	case status == http.StatusForbidden && !apierror.ClockWrong(err):
		return fmt.Errorf("side %s: bucket %s answers 403 for an absent object, so a missing replica cannot be told from a forbidden one: %s: %w",
			side.name, side.bucket, r.grant(ctx, side, key, nil, "s3:ListBucket"), err)
	}
	if err == nil {
		return fmt.Errorf("side %s: bucket %s answers 200 for an object that cannot exist: this endpoint cannot be probed", side.name, side.bucket)
	}
	return fmt.Errorf("side %s: bucket %s cannot be asked for an object: %s: %w", side.name, side.bucket, apierror.Describe(err), err)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
