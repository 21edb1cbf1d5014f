package backfill

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/wanted"
)

type ctxt = context.Context

// privateStep closes our bucket to the public, which S3 does for new ones by
// itself since April 2023, unless an account was exempted.
func (r *run) privateStep(l *lane, side pair.SideName) step.Step {
	in := &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(l.found.Bucket.Bucket), ExpectedBucketOwner: aws.String(l.order.Account),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
		},
	}
	client := l.order.Clients.S3
	return step.New(step.Deed{
		Call: "PutPublicAccessBlock", Inputs: []any{in},
		CLI: l.order.Clients.CLI("s3api", "put-public-access-block", "--bucket", l.found.Bucket.Bucket, "--public-access-block-configuration",
			"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"),
		Look: func(ctx ctxt) (bool, string, error) {
			out, err := client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: in.Bucket, ExpectedBucketOwner: in.ExpectedBucketOwner})
			if apierror.Code(err) == "NoSuchPublicAccessBlockConfiguration" {
				return false, "", nil
			}
			if apierror.Missing(err) {
				return false, "", step.Passing(err, "It was made a moment ago; not everywhere yet.", 3*time.Minute)
			}
			if err != nil {
				return false, "", fmt.Errorf("read the public access block of %s: %w", l.found.Bucket.Bucket, err)
			}
			c := out.PublicAccessBlockConfiguration
			return aws.ToBool(c.BlockPublicAcls) && aws.ToBool(c.IgnorePublicAcls) && aws.ToBool(c.BlockPublicPolicy) && aws.ToBool(c.RestrictPublicBuckets),
				"nobody else gets in", nil
		},
		Do: func(ctx ctxt, _ func(string)) (string, error) {
			if _, err := client.PutPublicAccessBlock(ctx, in); err != nil {
				return "", fmt.Errorf("close %s to the public: %w", l.found.Bucket.Bucket, err)
			}
			return "closed to the public", nil
		},
	}, step.Step{
		ID: KindPrivate.OnSide(side), Kind: KindPrivate, Side: side, Title: "private", Target: l.found.Bucket.String(), Change: step.Modify,
		What: "closed to the public", Why: "The names of objects are nobody else's business.", Undo: "goes with the bucket", Needs: []string{KindBucket.OnSide(side)},
	})
}

// token names the request of a part's job.
func (r *run) token(l *lane, p *part) string {
	return fmt.Sprintf("%s-%s-%d-%.8s", r.world.RunID, r.world.Pair.From(l.d).Region, p.n, p.digest)
}

// manifestDeed writes a part's manifest, unless it stands.
func (r *run) manifestDeed(l *lane, p *part) step.Deed {
	key := partKey(r.world.Pair, l.d, p.n)
	meta := metadata(r.world.Pair, p.digest, l.asked, r.token(l, p), p.lines)
	stands := func(ctx ctxt) (bool, error) {
		found, ours, err := standing(ctx, l.order, key)
		if err == nil && !ours && found.Key != "" {
			err = fmt.Errorf("%s/%s is there and is not ours, so it is left alone: move it, or give another bucket", l.found.Bucket.Bucket, key)
		}
		if err != nil || !ours || !l.finish && found.Digest != p.digest {
			return false, err
		}
		p.standing = found
		return true, nil
	}
	return step.Deed{
		Call: "PutObject", Inputs: []any{map[string]any{"Bucket": l.found.Bucket.Bucket, "Key": key, "Metadata": meta, "ServerSideEncryption": "AES256"}},
		CLI: l.order.Clients.CLI("s3api", "put-object", "--bucket", l.found.Bucket.Bucket, "--key", key, "--server-side-encryption", "AES256",
			"--metadata", wanted.Compact(wanted.ExactJSON(meta)), "--body", "manifest.csv"),
		Look: func(ctx ctxt) (bool, string, error) {
			found, err := stands(ctx)
			return found, "the same list stands", err
		},
		Do: func(ctx ctxt, report func(string)) (string, error) {
			report("writing it")
			u := &uploader{order: l.order, key: key, meta: meta, part: r.asked.PartSize}
			if err := u.write(ctx, r.lines(ctx, l.d, p.n)); err != nil {
				if apierror.Missing(err) {
					err = step.Passing(err, "The bucket was made a moment ago; not everywhere yet.", 3*time.Minute)
				}
				return "", err
			}
			found, err := stands(ctx)
			if err != nil {
				return "", err
			}
			if !found {
				return "", fmt.Errorf("the manifest %s does not read as it was written: somebody else writes there", key)
			}
			return humanize.Comma(p.lines) + " lines written", nil
		},
	}
}

// lines are the lines of a part.
func (r *run) lines(ctx ctxt, to pair.Direction, n int) iter.Seq2[manifest.Line, error] {
	return func(yield func(manifest.Line, error) bool) {
		first, at := int64(n-1)*r.asked.MostTasks, int64(0)
		stopped := false
		err := r.each(ctx, func(d difference.Difference, w work) error {
			if stopped || w.replicate == nil || *w.replicate != to {
				return nil
			}
			if at++; at <= first || at > first+r.asked.MostTasks {
				return nil
			}
			stopped = !yield(line(r.world.Pair, d, to), nil)
			return nil
		})
		if err != nil && !stopped {
			yield(manifest.Line{}, err)
		}
	}
}

func joined(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "; ")
}
