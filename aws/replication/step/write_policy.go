package step

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/wanted"
)

// WritePolicy makes a side's bucket policy read as wanted: with our
// statements, or without them.
type WritePolicy struct {
	Clients *account.Clients
	Pair    pair.Pair
	Side    pair.Side
	Owner   string
	// Base is the policy that the plan was made from, wanted what it becomes;
	// "" is none.
	Base, Wanted string
	// NewBucket and newRole: this plan makes them, so they may not be seen
	// everywhere at once.
	NewBucket, NewRole bool
}

func (a WritePolicy) put() *s3.PutBucketPolicyInput {
	return &s3.PutBucketPolicyInput{Bucket: aws.String(a.Side.Bucket), ExpectedBucketOwner: aws.String(a.Owner), Policy: aws.String(a.Wanted)}
}

func (a WritePolicy) deletion() *s3.DeleteBucketPolicyInput {
	return &s3.DeleteBucketPolicyInput{Bucket: aws.String(a.Side.Bucket), ExpectedBucketOwner: aws.String(a.Owner)}
}

func (a WritePolicy) shown() shown {
	if a.Wanted == "" {
		line := a.Clients.CLI("s3api", "delete-bucket-policy", "--bucket", a.Side.Bucket, "--expected-bucket-owner", a.Owner)
		return shown{"DeleteBucketPolicy", line, []any{a.deletion()}}
	}
	line := a.Clients.CLI("s3api", "put-bucket-policy", "--bucket", a.Side.Bucket, "--expected-bucket-owner", a.Owner, "--policy", a.Wanted)
	return shown{"PutBucketPolicy", line, []any{a.put()}}
}

func (a WritePolicy) look(ctx context.Context) (bool, string, error) {
	now, err := readPolicy(ctx, a.Clients, a.Side.Bucket, a.Owner)
	switch {
	case apierror.Missing(err) && a.Wanted == "":
		return true, "no bucket is there", nil
	case err != nil:
		return false, "", unseen(err, a.NewBucket)
	case policy.Same(now, a.Wanted):
		return true, "the bucket policy reads as wanted", nil
	case !policy.Same(now, a.Base):
		return false, "", fmt.Errorf("the bucket policy of %s has changed since the plan was made (%s): plan again", a.Side.Bucket, wanted.PolicyDifference(a.Base, now))
	}
	return false, "", nil
}

// do writes the policy. S3 refuses a principal that it does not know, and
// takes a while to know a new role.
func (a WritePolicy) do(ctx context.Context, report func(string)) (string, error) {
	overwritten, err := replacingPolicy(a.Clients, a.Pair, a.Side.Bucket, a.Owner, a.Base, a.Wanted, func(ctx context.Context) (err error) {
		if a.Wanted == "" {
			_, err = a.Clients.S3.DeleteBucketPolicy(ctx, a.deletion())
		} else {
			_, err = a.Clients.S3.PutBucketPolicy(ctx, a.put())
		}
		return err
	}).do(ctx)
	if err != nil {
		strange := apierror.Code(err) == "MalformedPolicy" && strings.Contains(apierror.Message(err), "principal")
		err = fmt.Errorf("write the bucket policy of %s: %w", a.Side.Bucket, err)
		if dead := a.dead(); strange && len(dead) > 0 {
			return "", fmt.Errorf("%w. It names principals that no longer exist, which S3 refuses: %s. Take them out, then plan again", err, strings.Join(dead, ", "))
		}
		if strange && a.NewRole {
			return "", slowError{passingError{err, "The role is new; S3 may not know it yet."}, RolePatience}
		}
		return "", unseen(err, a.NewBucket)
	}
	err = until(ctx, report, "waiting until the bucket policy reads back", func() (bool, error) {
		now, err := readPolicy(ctx, a.Clients, a.Side.Bucket, a.Owner)
		switch {
		case err != nil || policy.Same(now, a.Wanted):
			return true, err
		case policy.Same(now, a.Base):
			return false, nil
		}
		return false, strangeError{fmt.Errorf("the bucket policy of %s reads otherwise than it was written: %s (sent -> read). Somebody writes it at the same time, or the store changes what it keeps; look at it, then plan again",
			a.Side.Bucket, wanted.PolicyDifference(a.Wanted, now))}
	})
	if err := cmp.Or(err, overwritten); err != nil {
		return "", err
	}
	return "the bucket policy reads as wanted", nil
}

// dead are the principals of the policy that is written that no longer exist.
func (a WritePolicy) dead() []string {
	parts, err := policy.TakeApart(a.Wanted)
	if err != nil {
		return nil
	}
	return wanted.DeadPrincipals(parts.Statements)
}

// readPolicy returns a bucket's policy, or "" when it has none.
func readPolicy(ctx context.Context, c *account.Clients, bucket, owner string) (string, error) {
	out, err := c.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket, ExpectedBucketOwner: &owner})
	if apierror.Code(err) == "NoSuchBucketPolicy" {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the bucket policy of %s: %w", bucket, err)
	}
	return aws.ToString(out.Policy), nil
}
