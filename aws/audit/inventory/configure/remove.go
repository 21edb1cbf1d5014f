package configure

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// Undo plans the removal of what Prepare's plans made, and of nothing else:
// lists that were delivered stay. given are the buckets for lists that somebody
// gave, where the configuration that names them is gone already.
func Undo(ctx context.Context, w survey.World, given map[pair.SideName]string) (plan.Plan, error) {
	s, err := survey.Read(ctx, w)
	if err != nil {
		return plan.Plan{}, err
	}
	p := plan.Plan{Pair: s.World.Pair, Accounts: s.Accounts(), Purpose: pair.CleanUp}
	for _, side := range pair.Sides() {
		f, err := find(ctx, s, side, given[side], "")
		if err != nil {
			return plan.Plan{}, err
		}
		p.Steps = append(p.Steps, f.removals(s.World.Pair, s.World.Clients(side))...)
	}
	return p, nil
}

func (f found) removals(p pair.Pair, clients *account.Clients) []step.Step {
	var steps []step.Step
	var needs []string
	if id := p.InventoryID(); f.standing != nil {
		in := f.deletion(id)
		gone := func(ctx context.Context) (bool, string, error) {
			now, err := f.read(ctx, id)
			return err == nil && now == nil, "no such inventory is there", err
		}
		s := step.New(step.Deed{
			Call: "DeleteBucketInventoryConfiguration", Inputs: []any{in},
			CLI:  clients.CLI("s3api", "delete-bucket-inventory-configuration", "--bucket", f.of.Bucket, "--expected-bucket-owner", f.account, "--id", id),
			Look: gone,
			Do: func(ctx context.Context, _ func(string)) (string, error) {
				if _, err := f.client.DeleteBucketInventoryConfiguration(ctx, in); err != nil && apierror.Code(err) != "NoSuchConfiguration" {
					return "", fmt.Errorf("delete the inventory %s of %s: %w", id, f.of.Bucket, err)
				}
				if is, _, err := gone(ctx); err != nil || !is {
					return "", step.Passing(fmt.Errorf("the inventory %s of %s is still there", id, f.of.Bucket), "It was deleted a moment ago; not everywhere yet.", settles)
				}
				return "removed", nil
			},
		}, step.Step{
			ID: step.Removal(KindConfiguration.OnSide(f.side)), Kind: KindConfiguration, Side: f.side, Title: "inventory", Target: f.of.String(), Change: step.Remove,
			What: id + "; other inventories stay", Why: "bothways made it.", Undo: "bothways inventory makes it again", Base: text(f.standing),
		})
		steps, needs = append(steps, s), []string{s.ID}
	}
	if f.foreign || !f.there || f.own && !f.ours {
		return steps
	}
	mark := p.StatementID(statementAbout)
	if parts, err := policy.TakeApart(f.policy); f.policy != "" && err == nil {
		if own, others := parts.Split(mark); len(own) > 0 {
			becomes := ""
			if len(others) > 0 {
				becomes = parts.With(nil, mark).Text()
			}
			s := step.New(step.WritePolicy{Clients: clients, Pair: p, Side: f.bucket, Owner: f.account, Base: f.policy, Wanted: becomes}, step.Step{
				ID: step.Removal(KindPolicy.OnSide(f.side)), Kind: KindPolicy, Side: f.side, Title: "bucket policy", Target: f.bucket.String(), Change: step.Remove, Needs: needs,
				What: "our statement; all others stay as they are. A list that is still on its way is not delivered any more", Why: "Only the inventory used it.", Undo: "bothways inventory makes it again", Base: f.policy,
			})
			steps, needs = append(steps, s), []string{s.ID}
		}
	}
	if !f.own {
		return steps
	}
	in := &s3.DeleteBucketInput{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account}
	return append(steps, step.New(step.Deed{
		Call: "ListObjectsV2, DeleteBucket", Inputs: []any{in},
		CLI: clients.CLI("s3api", "delete-bucket", "--bucket", f.bucket.Bucket, "--expected-bucket-owner", f.account),
		Look: func(ctx context.Context) (bool, string, error) {
			_, err := f.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account})
			if apierror.Missing(err) {
				return true, "no bucket is there", nil
			}
			if err != nil {
				return false, "", fmt.Errorf("look for the bucket %s: %w", f.bucket.Bucket, err)
			}
			lie, err := f.lie(ctx, clients)
			return lie != "", lie, err
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			_, err := f.client.DeleteBucket(ctx, in)
			switch {
			case err == nil || apierror.Missing(err):
				return "bucket removed", nil
			case apierror.Code(err) == "BucketNotEmpty":
				if lie, err := f.lie(ctx, clients); lie != "" || err != nil {
					return lie, err
				}
				return f.older(ctx, clients), nil
			}
			return "", fmt.Errorf("delete the bucket %s: %w", f.bucket.Bucket, err)
		},
	}, step.Step{
		ID: step.Removal(KindBucket.OnSide(f.side)), Kind: KindBucket, Side: f.side, Title: "bucket for lists", Target: f.bucket.String(), Change: step.Remove, Needs: needs,
		What: f.bucket.Bucket + ", if no lists lie in it", Why: "bothways made it.", Undo: "bothways inventory makes it again",
	}))
}

// lie says what lies in the bucket for lists and keeps it; "": nothing does.
func (f found) lie(ctx context.Context, clients *account.Clients) (string, error) {
	n, first := 0, ""
	pages := s3.NewListObjectsV2Paginator(f.client, &s3.ListObjectsV2Input{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account})
	more := ""
	for pages.HasMorePages() && n < mostCounted {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list what lies in %s: %w", f.bucket.Bucket, err)
		}
		n += len(page.Contents)
		if first == "" && n > 0 {
			first = aws.ToString(page.Contents[0].Key)
		}
	}
	if n == 0 {
		return "", nil
	}
	if pages.HasMorePages() {
		more = "more than "
	}
	return fmt.Sprintf("bucket %s is kept: %s%d objects lie in it, such as %s. When nobody needs these lists: %s", f.bucket.Bucket, more, n, first,
		clients.CLI("s3", "rb", "s3://"+f.bucket.Bucket, "--force")), nil
}

// older says what keeps a bucket in which no list lies any more: versions that are
// not current and delete markers, where somebody versioned it.
func (f found) older(ctx context.Context, clients *account.Clients) string {
	kept := "bucket " + f.bucket.Bucket + " is kept: S3 says that it is not empty, and no list lies in it any more"
	out, err := f.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account})
	if err != nil {
		return kept + "; whether older versions do is not known (" + survey.RefusalOf(err) + ")"
	}
	n := len(out.Versions) + len(out.DeleteMarkers)
	var first string
	switch {
	case len(out.Versions) > 0:
		first = aws.ToString(out.Versions[0].Key)
	case len(out.DeleteMarkers) > 0:
		first = aws.ToString(out.DeleteMarkers[0].Key)
	default:
		return kept + ". What was deleted a moment ago may still count: try again"
	}
	more := ""
	if aws.ToBool(out.IsTruncated) {
		more = "more than "
	}
	return fmt.Sprintf("%s, but %s%d older versions and delete markers do, such as of %s. To see them: %s", kept, more, n, first,
		clients.CLI("s3api", "list-object-versions", "--bucket", f.bucket.Bucket))
}

// mostCounted of them are counted.
const mostCounted = 10_000
