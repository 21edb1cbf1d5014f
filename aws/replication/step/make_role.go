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
		Tags:                     a.Tags(),
	}
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
		return shown{"UpdateAssumeRolePolicy, PutRolePolicy", trust + rights, []any{a.trustInput(), inline}}
	}
	return shown{"CreateRole, PutRolePolicy", a.Clients.CLI("iam", "create-role", "--role-name", *role.RoleName, "--path", *role.Path,
		"--description", *role.Description, "--assume-role-policy-document", *role.AssumeRolePolicyDocument,
		"--tags", wanted.Compact(wanted.ExactJSON(role.Tags))) + rights, []any{role, inline}}
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
	inline, err := survey.ReadRolePolicy(ctx, a.Clients, *a.name(), a.Wanted.PolicyName)
	if err != nil {
		return false, "", err
	}
	holds := policy.Same(aws.ToString(out.Role.AssumeRolePolicyDocument), a.Wanted.Trust) && policy.Same(inline, a.Wanted.Policy)
	return holds, "role and policy are in place", nil
}

// do creates the role, or puts its trust right where it was there before, and
// writes the policy. A role that appeared since the plan stops it, unless it
// is ours: then an earlier try made it and its answer was lost.
func (a MakeRole) do(ctx context.Context, _ func(string)) (string, error) {
	var err error
	detail := "role and policy created"
	if a.Exists {
		detail = "role and policy put right"
		_, err = a.Clients.IAM.UpdateAssumeRolePolicy(ctx, a.trustInput())
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
		err = nil
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
