package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
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
