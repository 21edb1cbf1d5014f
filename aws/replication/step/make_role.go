package step

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// MakeRole makes the role that S3 takes for one direction.
type MakeRole struct {
	Clients *account.Clients
	Pair    pair.Pair
	Wanted  wanted.Direction
	// exists: the role is there when the plan is made, so it is put right
	// instead of created.
	Exists bool
}

func (a MakeRole) name() *string { return aws.String(a.Wanted.RoleName) }

func (a MakeRole) roleInput() *iam.CreateRoleInput {
	return &iam.CreateRoleInput{
		RoleName:                 a.name(),
		Path:                     aws.String(a.Wanted.RolePath),
		Description:              aws.String(a.Wanted.RoleDescription),
		AssumeRolePolicyDocument: aws.String(a.Wanted.Trust),
		PermissionsBoundary:      a.boundary(),
		Tags:                     a.Tags(),
	}
}

// boundary is the ARN of the role's permissions boundary, or nil.
func (a MakeRole) boundary() *string {
	if a.Wanted.RoleBoundary == "" {
		return nil
	}
	return aws.String(a.Wanted.RoleBoundary)
}

// bound gives a role that stands the boundary that is wanted, or takes it off.
func (a MakeRole) bound(ctx context.Context) error {
	if a.boundary() == nil {
		_, err := a.Clients.IAM.DeleteRolePermissionsBoundary(ctx, a.unboundInput())
		return err
	}
	_, err := a.Clients.IAM.PutRolePermissionsBoundary(ctx, a.boundaryInput())
	return err
}

func (a MakeRole) unboundInput() *iam.DeleteRolePermissionsBoundaryInput {
	return &iam.DeleteRolePermissionsBoundaryInput{RoleName: a.name()}
}

func (a MakeRole) boundaryInput() *iam.PutRolePermissionsBoundaryInput {
	return &iam.PutRolePermissionsBoundaryInput{RoleName: a.name(), PermissionsBoundary: a.boundary()}
}

// Tags are sorted, so that the same plan sends the same.
func (a MakeRole) Tags() []types.Tag {
	all := make([]types.Tag, 0, len(a.Wanted.RoleTags))
	for _, key := range slices.Sorted(maps.Keys(a.Wanted.RoleTags)) {
		all = append(all, types.Tag{Key: aws.String(key), Value: aws.String(a.Wanted.RoleTags[key])})
	}
	return all
}

func (a MakeRole) rights() AddPolicy { return AddPolicy{Clients: a.Clients, Wanted: a.Wanted} }

func (a MakeRole) trustInput() *iam.UpdateAssumeRolePolicyInput {
	return &iam.UpdateAssumeRolePolicyInput{RoleName: a.name(), PolicyDocument: aws.String(a.Wanted.Trust)}
}

func (a MakeRole) shown() shown {
	role, inline, rights := a.roleInput(), a.rights().input(), " && "+a.rights().shown().cli
	if a.Exists {
		trust := a.Clients.CLI("iam", "update-assume-role-policy", "--role-name", *role.RoleName, "--policy-document", a.Wanted.Trust)
		if a.Wanted.Bounds && a.boundary() == nil {
			unbound := a.Clients.CLI("iam", "delete-role-permissions-boundary", "--role-name", *role.RoleName)
			return shown{"DeleteRolePermissionsBoundary, UpdateAssumeRolePolicy, PutRolePolicy", unbound + " && " + trust + rights, []any{a.unboundInput(), a.trustInput(), inline}}
		}
		if a.Wanted.Bounds {
			bound := a.Clients.CLI("iam", "put-role-permissions-boundary", "--role-name", *role.RoleName, "--permissions-boundary", a.Wanted.RoleBoundary)
			return shown{"PutRolePermissionsBoundary, UpdateAssumeRolePolicy, PutRolePolicy", bound + " && " + trust + rights, []any{a.boundaryInput(), a.trustInput(), inline}}
		}
		return shown{"UpdateAssumeRolePolicy, PutRolePolicy", trust + rights, []any{a.trustInput(), inline}}
	}
	words := []string{
		"--role-name", *role.RoleName, "--path", *role.Path,
		"--description", *role.Description, "--assume-role-policy-document", *role.AssumeRolePolicyDocument,
		"--tags", wanted.Compact(wanted.ExactJSON(role.Tags)),
	}
	if role.PermissionsBoundary != nil {
		words = append(words, "--permissions-boundary", *role.PermissionsBoundary)
	}
	return shown{"CreateRole, PutRolePolicy", a.Clients.CLI("iam", "create-role", words...) + rights, []any{role, inline}}
}

func (a MakeRole) look(ctx context.Context) (bool, string, error) {
	out, err := a.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
	if apierror.Code(err) == "NoSuchEntity" {
		return false, "", nil
	}
	if err != nil {
		return false, "", fmt.Errorf("read role %s: %w", *a.name(), err)
	}
	if !Marked(out.Role, a.Pair.ID()) {
		return false, "", fmt.Errorf("role %s exists and is not ours: it lacks the tag %s=%s", *a.name(), pair.TagKey, a.Pair.ID())
	}
	inline, _, err := survey.ReadRolePolicy(ctx, a.Clients, *a.name(), a.Wanted.PolicyName)
	if err != nil {
		return false, "", err
	}
	holds := policy.Same(aws.ToString(out.Role.AssumeRolePolicyDocument), a.Wanted.Trust) && policy.Same(inline, a.Wanted.Policy) &&
		a.bounded(out.Role)
	return holds, "role and policy are in place", nil
}

// bounded says whether a role has the boundary that is wanted.
func (a MakeRole) bounded(role *types.Role) bool {
	boundary := ""
	if role.PermissionsBoundary != nil {
		boundary = aws.ToString(role.PermissionsBoundary.PermissionsBoundaryArn)
	}
	return boundary == a.Wanted.RoleBoundary
}

// putRight gives a role that stands the boundary that is wanted, first of all,
// because an organisation may allow the rest only then, and its trust.
func (a MakeRole) putRight(ctx context.Context) error {
	if a.Wanted.Bounds {
		if err := a.bound(ctx); err != nil {
			return err
		}
	}
	_, err := a.Clients.IAM.UpdateAssumeRolePolicy(ctx, a.trustInput())
	return err
}

// WayOut says what to do where no role may be made.
const WayOut = "Where an organisation asks something of each role, give it what it asks for: a permissions boundary (--role-boundary), " +
	"a path (--role-path), a beginning of its name (--role-prefix) or tags (--tag); or let it make the roles, and give them with --role-a-to-b and --role-b-to-a."

// do creates the role, or puts it right where it was there before, and
// writes the policy. A role that appeared since the plan stops it, unless it
// is ours: then an earlier try made it and its answer was lost.
func (a MakeRole) do(ctx context.Context, _ func(string)) (string, error) {
	var err error
	detail := "role and policy created"
	if a.Exists {
		detail = "role and policy put right"
		err = a.putRight(ctx)
	} else {
		_, err = a.Clients.IAM.CreateRole(ctx, a.roleInput())
	}
	if apierror.Code(err) == "EntityAlreadyExists" {
		out, getErr := a.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
		if getErr != nil {
			return "", unseen(fmt.Errorf("read role %s: %w", *a.name(), getErr), true)
		}
		if !Marked(out.Role, a.Pair.ID()) {
			return "", fmt.Errorf("role %s exists and is not ours: %w", *a.name(), err)
		}
		if !a.bounded(out.Role) {
			return "", fmt.Errorf("role %s was made since the plan, with another permissions boundary: plan again", *a.name())
		}
		err = nil
	}
	if apierror.Denied(err) && (!a.Exists || a.Wanted.Bounds) {
		return WayOut, fmt.Errorf("make role %s: %w", *a.name(), err)
	}
	if err != nil {
		return "", fmt.Errorf("make role %s: %w", *a.name(), err)
	}
	if _, err := a.Clients.IAM.PutRolePolicy(ctx, a.rights().input()); err != nil {
		return "", unseen(fmt.Errorf("write the policy of role %s: %w", *a.name(), err), true)
	}
	return detail, nil
}

// Marked says whether a role carries the pair's mark.
func Marked(role *types.Role, pairID string) bool {
	return slices.ContainsFunc(role.Tags, func(t types.Tag) bool {
		return aws.ToString(t.Key) == pair.TagKey && aws.ToString(t.Value) == pairID
	})
}
