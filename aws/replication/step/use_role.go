package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// UseRole looks at a role that is used as it is.
type UseRole struct {
	Clients *account.Clients
	Name    string
}

func (a UseRole) shown() shown {
	return shown{"GetRole", a.Clients.CLI("iam", "get-role", "--role-name", a.Name), []any{a.input()}}
}

func (a UseRole) input() *iam.GetRoleInput { return &iam.GetRoleInput{RoleName: aws.String(a.Name)} }

func (a UseRole) look(ctx context.Context) (bool, string, error) {
	if _, err := a.Clients.IAM.GetRole(ctx, a.input()); err != nil && !apierror.Denied(err) {
		return false, "", fmt.Errorf("read role %s: %w", a.Name, err)
	}
	return true, "used as it is", nil
}

func (a UseRole) do(context.Context, func(string)) (string, error) { return "used as it is", nil }
