package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/replication/survey"
)

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
