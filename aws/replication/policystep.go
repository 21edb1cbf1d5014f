package replication

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// writePolicy makes a side's bucket policy read as wanted: with our
// statements, or without them.
type writePolicy struct {
	clients *account.Clients
	side    pair.Side
	owner   string
	// base is the policy that the plan was made from, wanted what it becomes;
	// "" is none.
	base, wanted string
	// newBucket and newRole: this plan makes them, so they may not be seen
	// everywhere at once.
	newBucket, newRole bool
}

func (a writePolicy) put() *s3.PutBucketPolicyInput {
	return &s3.PutBucketPolicyInput{Bucket: aws.String(a.side.Bucket), ExpectedBucketOwner: aws.String(a.owner), Policy: aws.String(a.wanted)}
}

func (a writePolicy) deletion() *s3.DeleteBucketPolicyInput {
	return &s3.DeleteBucketPolicyInput{Bucket: aws.String(a.side.Bucket), ExpectedBucketOwner: aws.String(a.owner)}
}

func (a writePolicy) call() string {
	if a.wanted == "" {
		return "DeleteBucketPolicy"
	}
	return "PutBucketPolicy"
}

func (a writePolicy) request() string {
	if a.wanted == "" {
		return exactJSON(a.deletion())
	}
	return exactJSON(a.put())
}

func (a writePolicy) cli() string {
	if a.wanted == "" {
		return cli(a.clients, "s3api", "delete-bucket-policy", "--bucket", a.side.Bucket, "--expected-bucket-owner", a.owner)
	}
	return cli(a.clients, "s3api", "put-bucket-policy", "--bucket", a.side.Bucket, "--expected-bucket-owner", a.owner, "--policy", a.wanted)
}

func (a writePolicy) look(ctx context.Context) (bool, string, error) {
	now, err := readPolicy(ctx, a.clients, a.side.Bucket, a.owner)
	switch {
	case apierror.Missing(err) && a.wanted == "":
		return true, "no bucket is there", nil
	case err != nil:
		return false, "", unseen(err, a.newBucket)
	case policy.Same(now, a.wanted):
		return true, "the bucket policy reads as wanted", nil
	case !policy.Same(now, a.base):
		return false, "", fmt.Errorf("the bucket policy of %s has changed since the plan was made: plan again", a.side.Bucket)
	}
	return false, "", nil
}

// do writes the policy. S3 refuses a principal that it does not know, and
// takes a while to know a new role.
func (a writePolicy) do(ctx context.Context, report func(string)) (string, error) {
	var err error
	if a.wanted == "" {
		_, err = a.clients.S3.DeleteBucketPolicy(ctx, a.deletion())
	} else {
		_, err = a.clients.S3.PutBucketPolicy(ctx, a.put())
	}
	if err != nil {
		strange := apierror.Code(err) == "MalformedPolicy" && strings.Contains(apierror.Message(err), "principal")
		err = fmt.Errorf("write the bucket policy of %s: %w", a.side.Bucket, err)
		if dead := a.dead(); strange && len(dead) > 0 {
			return "", fmt.Errorf("%w. It names principals that no longer exist, which S3 refuses: %s. Take them out, then plan again", err, strings.Join(dead, ", "))
		}
		if strange && a.newRole {
			return "", slowError{passingError{err, "The role is new; S3 may not know it yet."}, rolePatience}
		}
		return "", unseen(err, a.newBucket)
	}
	err = until(ctx, report, "waiting until the bucket policy reads back", func() (bool, error) {
		now, err := readPolicy(ctx, a.clients, a.side.Bucket, a.owner)
		switch {
		case err != nil || policy.Same(now, a.wanted):
			return true, err
		case policy.Same(now, a.base):
			return false, nil
		}
		return false, strangeError{fmt.Errorf("the bucket policy of %s reads otherwise than it was written. Somebody writes it at the same time; look at it, then plan again", a.side.Bucket)}
	})
	if err != nil {
		return "", err
	}
	return "the bucket policy reads as wanted", nil
}

// dead are the principals of the policy that is written that no longer exist.
func (a writePolicy) dead() []string {
	parts, err := policy.TakeApart(a.wanted)
	if err != nil {
		return nil
	}
	return deadPrincipals(parts.Statements)
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
