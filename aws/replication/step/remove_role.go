package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

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

func (a RemoveRole) name() *string { return aws.String(survey.RoleName(a.RoleARN)) }

func (a RemoveRole) rights() RemovePolicy {
	return RemovePolicy{a.Clients, *a.name(), a.Pair.PolicyName()}
}

func (a RemoveRole) roleInput() *iam.DeleteRoleInput { return &iam.DeleteRoleInput{RoleName: a.name()} }

func (a RemoveRole) shown() shown {
	return shown{"DeleteRolePolicy, DeleteRole", a.rights().shown().cli + " && " +
		a.Clients.CLI("iam", "delete-role", "--role-name", *a.name()), []any{a.rights().input(), a.roleInput()}}
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
	if _, err := a.Clients.IAM.DeleteRolePolicy(ctx, a.rights().input()); err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("delete the policy of role %s: %w", *a.name(), err)
	}
	_, err := a.Clients.IAM.DeleteRole(ctx, a.roleInput())
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
