package replication

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
)

// makeRole makes the role that S3 takes for one direction.
type makeRole struct {
	clients   *account.Clients
	pair      pair.Pair
	direction pair.Direction
	wanted    WantedDirection
	// exists: the role is there when the plan is made, so it is put right
	// instead of created.
	exists bool
}

func (a makeRole) name() *string { return aws.String(a.wanted.RoleName) }

func (a makeRole) roleInput() *iam.CreateRoleInput {
	return &iam.CreateRoleInput{
		RoleName:                 a.name(),
		Path:                     aws.String(a.wanted.RolePath),
		Description:              aws.String(a.wanted.RoleDescription),
		AssumeRolePolicyDocument: aws.String(a.wanted.Trust),
		Tags:                     a.tags(),
	}
}

// tags are sorted, so that the same plan sends the same.
func (a makeRole) tags() []types.Tag {
	all := make([]types.Tag, 0, len(a.wanted.RoleTags))
	for _, key := range slices.Sorted(maps.Keys(a.wanted.RoleTags)) {
		all = append(all, types.Tag{Key: aws.String(key), Value: aws.String(a.wanted.RoleTags[key])})
	}
	return all
}

func (a makeRole) policyInput() *iam.PutRolePolicyInput {
	return &iam.PutRolePolicyInput{
		RoleName:       a.name(),
		PolicyName:     aws.String(a.wanted.PolicyName),
		PolicyDocument: aws.String(a.wanted.Policy),
	}
}

func (a makeRole) trustInput() *iam.UpdateAssumeRolePolicyInput {
	return &iam.UpdateAssumeRolePolicyInput{RoleName: a.name(), PolicyDocument: aws.String(a.wanted.Trust)}
}

func (a makeRole) call() string {
	if a.exists {
		return "UpdateAssumeRolePolicy, PutRolePolicy"
	}
	return "CreateRole, PutRolePolicy"
}

func (a makeRole) request() string {
	first := exactJSON(a.roleInput())
	if a.exists {
		first = exactJSON(a.trustInput())
	}
	return first + "\n" + exactJSON(a.policyInput())
}

func (a makeRole) cli() string {
	role, inline := a.roleInput(), a.policyInput()
	first := cli(a.clients, "iam", "create-role", "--role-name", *role.RoleName, "--path", *role.Path,
		"--description", *role.Description, "--assume-role-policy-document", *role.AssumeRolePolicyDocument,
		"--tags", compact(exactJSON(role.Tags)))
	if a.exists {
		first = cli(a.clients, "iam", "update-assume-role-policy", "--role-name", *role.RoleName, "--policy-document", a.wanted.Trust)
	}
	return first + " && " + cli(a.clients, "iam", "put-role-policy", "--role-name", *role.RoleName,
		"--policy-name", *inline.PolicyName, "--policy-document", *inline.PolicyDocument)
}

func (a makeRole) look(ctx context.Context) (bool, string, error) {
	out, err := a.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
	if apierror.Code(err) == "NoSuchEntity" {
		return false, "", nil
	}
	if err != nil {
		return false, "", fmt.Errorf("read role %s: %w", *a.name(), err)
	}
	if !marked(out.Role, a.pair.ID()) {
		return false, "", fmt.Errorf("role %s exists and is not ours: it lacks the tag %s=%s", *a.name(), pair.TagKey, a.pair.ID())
	}
	inline, err := a.clients.IAM.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: a.name(), PolicyName: a.policyInput().PolicyName})
	if apierror.Code(err) == "NoSuchEntity" {
		return false, "", nil
	}
	if err != nil {
		return false, "", fmt.Errorf("read the policy of role %s: %w", *a.name(), err)
	}
	holds := policy.Same(aws.ToString(out.Role.AssumeRolePolicyDocument), a.wanted.Trust) &&
		policy.Same(aws.ToString(inline.PolicyDocument), a.wanted.Policy)
	return holds, "role and policy are in place", nil
}

// do creates the role, or puts its trust right where it was there before, and
// writes the policy. A role that appeared since the plan stops it, unless it
// is ours: then an earlier try made it and its answer was lost.
func (a makeRole) do(ctx context.Context, _ func(string)) (string, error) {
	var err error
	detail := "role and policy created"
	if a.exists {
		detail = "role and policy put right"
		_, err = a.clients.IAM.UpdateAssumeRolePolicy(ctx, a.trustInput())
	} else {
		_, err = a.clients.IAM.CreateRole(ctx, a.roleInput())
	}
	if apierror.Code(err) == "EntityAlreadyExists" {
		out, getErr := a.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: a.name()})
		if getErr != nil {
			return "", unseen(fmt.Errorf("read role %s: %w", *a.name(), getErr), true)
		}
		if !marked(out.Role, a.pair.ID()) {
			return "", fmt.Errorf("role %s exists and is not ours: %w", *a.name(), err)
		}
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("make role %s: %w", *a.name(), err)
	}
	if _, err := a.clients.IAM.PutRolePolicy(ctx, a.policyInput()); err != nil {
		return "", unseen(fmt.Errorf("write the policy of role %s: %w", *a.name(), err), true)
	}
	return detail, nil
}

// marked says whether a role carries the pair's mark.
func marked(role *types.Role, pairID string) bool {
	for _, t := range role.Tags {
		if aws.ToString(t.Key) == pair.TagKey && aws.ToString(t.Value) == pairID {
			return true
		}
	}
	return false
}

func roleDescription(p pair.Pair, d pair.Direction) string {
	return fmt.Sprintf("S3 replication from %s to %s", p.From(d).Bucket, p.To(d).Bucket)
}
