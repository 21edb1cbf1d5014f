package configure

import (
	"cmp"
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
	left, err := Find(ctx, s, given)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.Plan{
		Pair: s.World.Pair, Accounts: s.Accounts(), Purpose: pair.CleanUp, Findings: left.Findings(), Steps: left.Removal(),
	}, nil
}

// remover takes away what of a place is ours.
type remover struct {
	place
	pair    pair.Pair
	clients *account.Clients
}

// removals are in the order in which the configuration goes after the statement
// of a bucket's policy: it alone leads to a bucket that somebody gave.
func (r remover) removals() []step.Step {
	var steps []step.Step
	var needs []string
	add := func(s step.Step) { steps, needs = append(steps, s), append(needs, s.ID) }
	if own, becomes := r.statements(); own {
		add(r.policyStep(becomes))
	}
	if r.standing != nil {
		add(r.configurationStep(needs))
	}
	switch {
	case !r.ours:
	case r.keeps != "":
		add(r.keptStep())
	default:
		add(r.bucketStep(needs))
	}
	return steps
}

// statements says whether our statement is in the policy, and what that is without it.
func (r remover) statements() (own bool, becomes string) {
	if r.own && !r.ours {
		return false, ""
	}
	mark := r.pair.StatementID(statementAbout)
	parts, err := policy.TakeApart(r.policy)
	if r.policy == "" || err != nil { // which is among the findings
		return false, ""
	}
	ours, others := parts.Split(mark)
	if len(ours) > 0 && len(others) > 0 {
		becomes = parts.With(nil, mark).Text()
	}
	return len(ours) > 0, becomes
}

func (r remover) policyStep(becomes string) step.Step {
	kind := KindPolicy
	if r.beside {
		kind += "-made"
	}
	return step.New(step.WritePolicy{Clients: r.clients, Pair: r.pair, Side: r.bucket, Owner: r.account, Base: r.policy, Wanted: becomes}, step.Step{
		ID: step.Removal(kind.OnSide(r.side)), Kind: KindPolicy, Side: r.side, Title: "bucket policy", Target: r.bucket.String(), Change: step.Remove,
		What: "our statement; all others stay as they are. A list that is still on its way is not delivered any more", Why: "Only the inventory used it.", Undo: "bothways inventory makes it again", Base: r.policy,
	})
}

func (r remover) configurationStep(needs []string) step.Step {
	id := r.pair.InventoryID()
	in := r.deletion(id)
	gone := func(ctx context.Context) (bool, string, error) {
		now, err := r.read(ctx, id)
		return err == nil && now == nil, "no such inventory is there", err
	}
	return step.New(step.Deed{
		Call: "DeleteBucketInventoryConfiguration", Inputs: []any{in},
		CLI:  r.clients.CLI("s3api", "delete-bucket-inventory-configuration", "--bucket", r.of.Bucket, "--expected-bucket-owner", r.account, "--id", id),
		Look: gone,
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := r.client.DeleteBucketInventoryConfiguration(ctx, in); err != nil && apierror.Code(err) != "NoSuchConfiguration" {
				return "", fmt.Errorf("delete the inventory %s of %s: %w", id, r.of.Bucket, err)
			}
			if is, _, err := gone(ctx); err != nil || !is {
				return "", step.Passing(fmt.Errorf("the inventory %s of %s is still there", id, r.of.Bucket), "It was deleted a moment ago; not everywhere yet.", settles)
			}
			return "removed", nil
		},
	}, step.Step{
		ID: step.Removal(KindConfiguration.OnSide(r.side)), Kind: KindConfiguration, Side: r.side, Title: "inventory", Target: r.of.String(), Change: step.Remove, Needs: needs,
		What: id + "; other inventories stay", Why: "bothways made it, and S3 delivers and charges for a list every day.", Undo: "bothways inventory makes it again", Base: text(r.standing),
	})
}

// keptStep says that a bucket stays, and why: what lies in it is not ours to delete.
func (r remover) keptStep() step.Step {
	return step.New(step.Deed{
		Call: "ListObjectsV2", CLI: r.clients.CLI("s3", "ls", "s3://"+r.bucket.Bucket, "--recursive"),
		Look: func(context.Context) (bool, string, error) {
			return true, "bucket " + r.bucket.Bucket + " is kept: " + r.keeps, nil
		},
	}, r.bucketRow(step.Step{Change: step.Nothing, What: r.bucket.Bucket + " stays: " + r.keeps, Undo: "nothing is changed"}))
}

func (r remover) bucketRow(s step.Step) step.Step {
	s.ID, s.Kind, s.Side, s.Title, s.Target = step.Removal(KindBucket.OnSide(r.side)), KindBucket, r.side, "bucket for lists", r.bucket.String()
	s.Why = "bothways made it."
	return s
}

func (r remover) bucketStep(needs []string) step.Step {
	in := &s3.DeleteBucketInput{Bucket: &r.bucket.Bucket, ExpectedBucketOwner: &r.account}
	return step.New(step.Deed{
		Call: "ListObjectsV2, DeleteBucket", Inputs: []any{in},
		CLI: r.clients.CLI("s3api", "delete-bucket", "--bucket", r.bucket.Bucket, "--expected-bucket-owner", r.account),
		Look: func(ctx context.Context) (bool, string, error) {
			_, err := r.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &r.bucket.Bucket, ExpectedBucketOwner: &r.account})
			if apierror.Missing(err) {
				return true, "no bucket is there", nil
			}
			if err != nil {
				return false, "", fmt.Errorf("look for the bucket %s: %w", r.bucket.Bucket, err)
			}
			lie, err := r.lie(ctx, r.clients)
			if lie != "" {
				lie = "bucket " + r.bucket.Bucket + " is kept: " + lie
			}
			return lie != "", lie, err
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			_, err := r.client.DeleteBucket(ctx, in)
			switch {
			case err == nil || apierror.Missing(err):
				return "bucket removed", nil
			case apierror.Code(err) == "BucketNotEmpty":
				lie, err := r.lie(ctx, r.clients)
				if lie == "" && err == nil {
					lie = cmp.Or(r.older(ctx, r.clients), "S3 says that it is not empty, and no list lies in it any more. What was deleted a moment ago may still count: try again")
				}
				return "bucket " + r.bucket.Bucket + " is kept: " + lie, err
			}
			return "", fmt.Errorf("delete the bucket %s: %w", r.bucket.Bucket, err)
		},
	}, r.bucketRow(step.Step{
		Change: step.Remove, Needs: needs, What: r.bucket.Bucket + ", if no lists lie in it", Undo: "bothways inventory makes it again",
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
	return fmt.Sprintf("%s%d objects lie in it, such as %s. When nobody needs these lists: %s", more, n, first,
		clients.CLI("s3", "rb", "s3://"+f.bucket.Bucket, "--force")), nil
}

// older says what keeps a bucket in which no list lies any more: versions that are
// not current and delete markers, where somebody versioned it; "": nothing does.
func (f found) older(ctx context.Context, clients *account.Clients) string {
	out, err := f.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account})
	if err != nil {
		return "no list lies in it any more; whether older versions do is not known (" + survey.RefusalOf(err) + ")"
	}
	n := len(out.Versions) + len(out.DeleteMarkers)
	var first string
	switch {
	case len(out.Versions) > 0:
		first = aws.ToString(out.Versions[0].Key)
	case len(out.DeleteMarkers) > 0:
		first = aws.ToString(out.DeleteMarkers[0].Key)
	default:
		return ""
	}
	more := ""
	if aws.ToBool(out.IsTruncated) {
		more = "more than "
	}
	return fmt.Sprintf("no list lies in it any more, but %s%d older versions and delete markers do, such as of %s. To see them: %s", more, n, first,
		clients.CLI("s3api", "list-object-versions", "--bucket", f.bucket.Bucket))
}

// mostCounted of them are counted.
const mostCounted = 10_000
