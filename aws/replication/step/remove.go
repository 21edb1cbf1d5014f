package step

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
	"bothways/aws/replication/survey"
)

// RemoveRole deletes one direction's role, if it is ours and carries no
// policy of others.
type RemoveRole struct {
	Clients   *account.Clients
	Pair      pair.Pair
	Direction pair.Direction
	Owner     string
	RoleARN   string
}

func (a RemoveRole) name() *string { return aws.String(a.Pair.RoleName(a.Direction)) }

func (a RemoveRole) PolicyInput() *iam.DeleteRolePolicyInput {
	return &iam.DeleteRolePolicyInput{RoleName: a.name(), PolicyName: aws.String(a.Pair.PolicyName())}
}

func (a RemoveRole) RoleInput() *iam.DeleteRoleInput { return &iam.DeleteRoleInput{RoleName: a.name()} }

func (a RemoveRole) Cli() string {
	return a.Clients.CLI("iam", "delete-role-policy", "--role-name", *a.name(), "--policy-name", a.Pair.PolicyName()) + " && " +
		a.Clients.CLI("iam", "delete-role", "--role-name", *a.name())
}

func (a RemoveRole) look(ctx context.Context) (bool, string, error) {
	out, err := a.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return true, "no role is there", nil
	case err != nil:
		return false, "", fmt.Errorf("read role %s: %w", *a.name(), err)
	case !Marked(out.Role, a.Pair.ID()):
		return false, "", fmt.Errorf("role %s is not ours: it lacks the tag %s=%s", *a.name(), pair.TagKey, a.Pair.ID())
	}
	now, err := survey.ReadConfiguration(ctx, a.Clients.S3, a.Pair.From(a.Direction).Bucket, a.Owner)
	switch {
	case apierror.Missing(err):
		return false, "", nil
	case err != nil:
		return false, "", err
	case now.Whole != nil && aws.ToString(now.Whole.Role) == a.RoleARN:
		return false, "", fmt.Errorf("role %s is kept: bucket %s still has a rule that uses it", *a.name(), a.Pair.From(a.Direction).Bucket)
	}
	return false, "", nil
}

func (a RemoveRole) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.Clients.IAM.DeleteRolePolicy(ctx, a.PolicyInput()); err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("delete the policy of role %s: %w", *a.name(), err)
	}
	_, err := a.Clients.IAM.DeleteRole(ctx, a.RoleInput())
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

// RemoveBucket deletes a bucket that bothways made, once nothing is in it.
type RemoveBucket struct{ Objects RemoveObjects }

func (a RemoveBucket) Input() *s3.DeleteBucketInput {
	return &s3.DeleteBucketInput{Bucket: aws.String(a.Objects.Side.Bucket), ExpectedBucketOwner: aws.String(a.Objects.Owner)}
}

func (a RemoveBucket) Cli() string {
	return a.Objects.Clients.CLI("s3api", "delete-bucket", "--bucket", a.Objects.Side.Bucket, "--expected-bucket-owner", a.Objects.Owner)
}

func (a RemoveBucket) look(ctx context.Context) (bool, string, error) {
	side := survey.SideReader{S3: a.Objects.Clients.S3, Bucket: &a.Objects.Side.Bucket, Owner: &a.Objects.Owner, Found: &survey.Side{}}
	if err := side.Existence(ctx, a.Objects.Side.Region); err != nil {
		return false, "", err
	}
	if !side.Found.Exists && !side.Found.Foreign {
		return true, "no bucket is there", nil
	}
	if err := side.Tags(ctx); err != nil {
		return false, "", err
	}
	if side.Found.OwnMark != a.Objects.Pair.ID() {
		return false, "", fmt.Errorf("bucket %s is kept: it no longer carries the tag %s=%s", a.Objects.Side.Bucket, pair.TagKey, a.Objects.Pair.ID())
	}
	return false, "", nil
}

// do deletes the bucket. A replica that was under way may land after the
// objects were removed, so ours are removed again while S3 says that the
// bucket is not empty.
func (a RemoveBucket) do(ctx context.Context, report func(string)) (string, error) {
	clock := StartWatch(ctx)
	for {
		_, err := a.Objects.Clients.S3.DeleteBucket(ctx, a.Input())
		switch {
		case err == nil || apierror.Missing(err):
			return "bucket removed", nil
		case apierror.Code(err) != "BucketNotEmpty":
			return "", fmt.Errorf("delete bucket %s: %w", a.Objects.Side.Bucket, err)
		}
		others, tidyErr := a.Objects.others(ctx)
		if tidyErr != nil {
			return "", tidyErr
		}
		if len(others) > 0 {
			return "", fmt.Errorf("bucket %s is kept: it holds what bothways did not write, or may not look at, such as %s. Remove that first, or keep the bucket",
				a.Objects.Side.Bucket, strings.Join(others, ", "))
		}
		if clock.spent() > lateReplicas {
			return "", errors.Join(fmt.Errorf("bucket %s is still not empty", a.Objects.Side.Bucket), err)
		}
		report("late replicas are still arriving; removing them")
		_, left, err := a.Objects.sweep(ctx, report)
		if err != nil {
			return "", err
		}
		if left.ours.count > 0 {
			return "", fmt.Errorf("bucket %s is kept: %d of our own objects in it can't be deleted: %s", a.Objects.Side.Bucket, left.ours.count, left.ours.names())
		}
		if err := sleep(ctx, time.Second); err != nil {
			return "", err
		}
	}
}
