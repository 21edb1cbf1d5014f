package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// AddPolicy adds our inline policy to a role that others made, or writes ours
// again. The policies of others are not touched: each has its own name.
type AddPolicy struct {
	Clients *account.Clients
	Wanted  wanted.Direction
	Base    string // our policy as the plan found it, "" for none
}

func (a AddPolicy) input() *iam.PutRolePolicyInput {
	return &iam.PutRolePolicyInput{
		RoleName: aws.String(a.Wanted.RoleName), PolicyName: aws.String(a.Wanted.PolicyName), PolicyDocument: aws.String(a.Wanted.Policy),
	}
}

func (a AddPolicy) shown() shown {
	return shown{"PutRolePolicy", a.Clients.CLI("iam", "put-role-policy", "--role-name", a.Wanted.RoleName,
		"--policy-name", a.Wanted.PolicyName, "--policy-document", a.Wanted.Policy), []any{a.input()}}
}

func (a AddPolicy) look(ctx context.Context) (bool, string, error) {
	now, _, err := survey.ReadRolePolicy(ctx, a.Clients, a.Wanted.RoleName, a.Wanted.PolicyName)
	switch {
	case err != nil:
		return false, "", err
	case policy.Same(now, a.Wanted.Policy):
		return true, "our policy is on the role", nil
	case !policy.Same(now, a.Base):
		return false, "", fmt.Errorf("the policy %s of role %s has changed since the plan was made: plan again", a.Wanted.PolicyName, a.Wanted.RoleName)
	}
	return false, "", nil
}

func (a AddPolicy) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.Clients.IAM.PutRolePolicy(ctx, a.input()); err != nil {
		return "", fmt.Errorf("add our policy to role %s: %w", a.Wanted.RoleName, err)
	}
	return "our policy is on the role", nil
}

// RemovePolicy takes our inline policy off a role that others made.
type RemovePolicy struct {
	Clients    *account.Clients
	Role, Name string
}

func (a RemovePolicy) input() *iam.DeleteRolePolicyInput {
	return &iam.DeleteRolePolicyInput{RoleName: aws.String(a.Role), PolicyName: aws.String(a.Name)}
}

func (a RemovePolicy) shown() shown {
	return shown{"DeleteRolePolicy", a.Clients.CLI("iam", "delete-role-policy", "--role-name", a.Role, "--policy-name", a.Name), []any{a.input()}}
}

func (a RemovePolicy) look(ctx context.Context) (bool, string, error) {
	now, _, err := survey.ReadRolePolicy(ctx, a.Clients, a.Role, a.Name)
	return now == "", "our policy is not on the role", err
}

func (a RemovePolicy) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.Clients.IAM.DeleteRolePolicy(ctx, a.input()); err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("take our policy off role %s: %w", a.Role, err)
	}
	return "our policy is off the role; its others are as they were", nil
}
