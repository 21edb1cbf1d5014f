package replication

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/policy"
)

// addPolicy adds our inline policy to a role that others made, or writes ours
// again. The policies of others are not touched: each has its own name.
type addPolicy struct {
	clients *account.Clients
	wanted  WantedDirection
	base    string // our policy as the plan found it, "" for none
}

func (a addPolicy) input() *iam.PutRolePolicyInput {
	return &iam.PutRolePolicyInput{
		RoleName: aws.String(a.wanted.RoleName), PolicyName: aws.String(a.wanted.PolicyName), PolicyDocument: aws.String(a.wanted.Policy),
	}
}

func (a addPolicy) cli() string {
	return cli(a.clients, "iam", "put-role-policy", "--role-name", a.wanted.RoleName,
		"--policy-name", a.wanted.PolicyName, "--policy-document", a.wanted.Policy)
}

func (a addPolicy) look(ctx context.Context) (bool, string, error) {
	now, err := readRolePolicy(ctx, a.clients, a.wanted.RoleName, a.wanted.PolicyName)
	switch {
	case err != nil:
		return false, "", err
	case policy.Same(now, a.wanted.Policy):
		return true, "our policy is on the role", nil
	case !policy.Same(now, a.base):
		return false, "", fmt.Errorf("the policy %s of role %s has changed since the plan was made: plan again", a.wanted.PolicyName, a.wanted.RoleName)
	}
	return false, "", nil
}

func (a addPolicy) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.clients.IAM.PutRolePolicy(ctx, a.input()); err != nil {
		return "", fmt.Errorf("add our policy to role %s: %w", a.wanted.RoleName, err)
	}
	return "our policy is on the role", nil
}

// removePolicy takes our inline policy off a role that others made.
type removePolicy struct {
	clients    *account.Clients
	role, name string
}

func (a removePolicy) input() *iam.DeleteRolePolicyInput {
	return &iam.DeleteRolePolicyInput{RoleName: aws.String(a.role), PolicyName: aws.String(a.name)}
}

func (a removePolicy) cli() string {
	return cli(a.clients, "iam", "delete-role-policy", "--role-name", a.role, "--policy-name", a.name)
}

func (a removePolicy) look(ctx context.Context) (bool, string, error) {
	now, err := readRolePolicy(ctx, a.clients, a.role, a.name)
	return now == "", "our policy is not on the role", err
}

func (a removePolicy) do(ctx context.Context, _ func(string)) (string, error) {
	if _, err := a.clients.IAM.DeleteRolePolicy(ctx, a.input()); err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("take our policy off role %s: %w", a.role, err)
	}
	return "our policy is off the role; its others are as they were", nil
}

// useRole looks at a role that is used as it is.
type useRole struct {
	clients *account.Clients
	name    string
}

func (a useRole) look(ctx context.Context) (bool, string, error) {
	if _, err := a.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(a.name)}); err != nil && !apierror.Denied(err) {
		return false, "", fmt.Errorf("read role %s: %w", a.name, err)
	}
	return true, "used as it is", nil
}

func (a useRole) do(context.Context, func(string)) (string, error) { return "used as it is", nil }

// readRolePolicy returns an inline policy of a role, or "" when it is not
// there.
func readRolePolicy(ctx context.Context, c *account.Clients, role, name string) (string, error) {
	out, err := c.IAM.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name)})
	if apierror.Code(err) == "NoSuchEntity" {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the policy %s of role %s: %w", name, role, err)
	}
	return policy.Decode(aws.ToString(out.PolicyDocument)), nil
}
