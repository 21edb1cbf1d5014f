package replication

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// removeRole deletes one direction's role, if it is ours and carries no
// policy of others.
type removeRole struct {
	clients   *account.Clients
	pair      pair.Pair
	direction pair.Direction
	owner     string
	roleARN   string
}

func (a removeRole) name() *string { return aws.String(a.pair.RoleName(a.direction)) }

func (a removeRole) policyInput() *iam.DeleteRolePolicyInput {
	return &iam.DeleteRolePolicyInput{RoleName: a.name(), PolicyName: aws.String(a.pair.PolicyName())}
}

func (a removeRole) roleInput() *iam.DeleteRoleInput { return &iam.DeleteRoleInput{RoleName: a.name()} }

func (a removeRole) cli() string {
	return cli(a.clients, "iam", "delete-role-policy", "--role-name", *a.name(), "--policy-name", a.pair.PolicyName()) + " && " +
		cli(a.clients, "iam", "delete-role", "--role-name", *a.name())
}

func (a removeRole) look(ctx context.Context) (bool, string, error) {
	out, err := a.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return true, "no role is there", nil
	case err != nil:
		return false, "", fmt.Errorf("read role %s: %w", *a.name(), err)
	case !marked(out.Role, a.pair.ID()):
		return false, "", fmt.Errorf("role %s is not ours: it lacks the tag %s=%s", *a.name(), pair.TagKey, a.pair.ID())
	}
	now, err := readConfiguration(ctx, a.clients.S3, a.pair.From(a.direction).Bucket, a.owner)
	switch {
	case apierror.Missing(err):
		return false, "", nil
	case err != nil:
		return false, "", err
	case now.whole != nil && aws.ToString(now.whole.Role) == a.roleARN:
		return false, "", fmt.Errorf("role %s is kept: bucket %s still has a rule that uses it", *a.name(), a.pair.From(a.direction).Bucket)
	}
	return false, "", nil
}

func (a removeRole) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.clients.IAM.DeleteRolePolicy(ctx, a.policyInput()); err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("delete the policy of role %s: %w", *a.name(), err)
	}
	_, err := a.clients.IAM.DeleteRole(ctx, a.roleInput())
	switch apierror.Code(err) {
	case "DeleteConflict":
		return "", fmt.Errorf("role %s carries policies that are not ours and is kept, without our policy: %w", *a.name(), err)
	case "NoSuchEntity":
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("delete role %s: %w", *a.name(), err)
	}
	return "role and policy removed", nil
}

// removeBucket deletes a bucket that bothways made, once nothing is in it.
type removeBucket struct{ objects removeObjects }

func (a removeBucket) input() *s3.DeleteBucketInput {
	return &s3.DeleteBucketInput{Bucket: aws.String(a.objects.side.Bucket), ExpectedBucketOwner: aws.String(a.objects.owner)}
}

func (a removeBucket) cli() string {
	return cli(a.objects.clients, "s3api", "delete-bucket", "--bucket", a.objects.side.Bucket, "--expected-bucket-owner", a.objects.owner)
}

func (a removeBucket) look(ctx context.Context) (bool, string, error) {
	side := sideReader{s3: a.objects.clients.S3, bucket: &a.objects.side.Bucket, owner: &a.objects.owner, found: &SideSurvey{}}
	if err := side.existence(ctx, a.objects.side.Region); err != nil {
		return false, "", err
	}
	if !side.found.Exists && !side.found.Foreign {
		return true, "no bucket is there", nil
	}
	if err := side.tags(ctx); err != nil {
		return false, "", err
	}
	if side.found.OwnMark != a.objects.pair.ID() {
		return false, "", fmt.Errorf("bucket %s is kept: it no longer carries the tag %s=%s", a.objects.side.Bucket, pair.TagKey, a.objects.pair.ID())
	}
	return false, "", nil
}

// do deletes the bucket. A replica that was under way may land after the
// objects were removed, so ours are removed again while S3 says that the
// bucket is not empty.
func (a removeBucket) do(ctx context.Context, report func(string)) (string, error) {
	clock := startWatch(ctx)
	for {
		_, err := a.objects.clients.S3.DeleteBucket(ctx, a.input())
		switch {
		case err == nil || apierror.Missing(err):
			return "bucket removed", nil
		case apierror.Code(err) != "BucketNotEmpty":
			return "", fmt.Errorf("delete bucket %s: %w", a.objects.side.Bucket, err)
		}
		others, tidyErr := a.objects.others(ctx)
		if tidyErr != nil {
			return "", tidyErr
		}
		if len(others) > 0 {
			return "", fmt.Errorf("bucket %s is kept: it holds what bothways did not write, or may not look at, such as %s. Remove that first, or keep the bucket",
				a.objects.side.Bucket, strings.Join(others, ", "))
		}
		if clock.spent() > lateReplicas {
			return "", errors.Join(fmt.Errorf("bucket %s is still not empty", a.objects.side.Bucket), err)
		}
		report("late replicas are still arriving; removing them")
		_, left, err := a.objects.sweep(ctx, report)
		if err != nil {
			return "", err
		}
		if left.ours.count > 0 {
			return "", fmt.Errorf("bucket %s is kept: %d of our own objects in it can't be deleted: %s", a.objects.side.Bucket, left.ours.count, left.ours.names())
		}
		if err := sleep(ctx, time.Second); err != nil {
			return "", err
		}
	}
}
