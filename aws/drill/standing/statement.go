package standing

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// KindStatement is of the steps about the inline policy by which objects of a
// drill fail to replicate.
const KindStatement step.Kind = "drill-statement"

// roles are the names of those that the statement may be on: the one that the
// configuration names, and ours.
func (p Place) roles(ctx context.Context) ([]string, error) {
	if p.Replicates != "" {
		return []string{p.Replicates}, nil
	}
	own := p.Pair.RoleName(p.Direction)
	found, err := survey.ReadConfiguration(ctx, p.Clients.S3, p.bucket().Bucket, p.Account)
	if apierror.Missing(err) {
		return []string{own}, nil
	}
	if err != nil {
		return nil, err
	}
	if found.Whole == nil || aws.ToString(found.Whole.Role) == "" || survey.RoleName(*found.Whole.Role) == own {
		return []string{own}, nil
	}
	return []string{survey.RoleName(*found.Whole.Role), own}, nil
}

// Statements are those of drills of the pair.
func (p Place) Statements(ctx context.Context) (all []Statement, err error) {
	roles, err := p.roles(ctx)
	if err != nil {
		return nil, err
	}
	for _, role := range roles {
		names, err := InlinePolicies(ctx, p.Clients.IAM, role)
		if err != nil && !apierror.Missing(err) {
			return nil, err
		}
		for _, name := range names {
			if drill, own := p.Pair.AlarmOf(p.Direction, name); own {
				all = append(all, Statement{role, name, drill})
			}
		}
	}
	return all, nil
}

// InlinePolicies are the names of a role's.
func InlinePolicies(ctx context.Context, client *iam.Client, role string) (all []string, err error) {
	pages := iam.NewListRolePoliciesPaginator(client, &iam.ListRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the policies of role %s: %w", role, err)
		}
		all = append(all, page.PolicyNames...)
	}
	return all, nil
}

// StatementLine takes a drill's statement off a role.
func (p Place) StatementLine(role, drill string) string {
	return p.Clients.CLI("iam", "delete-role-policy", "--role-name", role, "--policy-name", p.Pair.AlarmPolicyName(p.Direction, drill))
}

// StatementRemoval is the step that takes a drill's statement off a role.
func StatementRemoval(p Place, role, drill string) step.Step {
	name := p.Pair.AlarmPolicyName(p.Direction, drill)
	input := &iam.DeleteRolePolicyInput{RoleName: &role, PolicyName: &name}
	return step.New(step.Deed{
		Call: "DeleteRolePolicy", Inputs: []any{input}, CLI: p.StatementLine(role, drill),
		Look: func(ctx context.Context) (bool, string, error) {
			now, _, err := survey.ReadRolePolicy(ctx, p.Clients, role, name)
			return now == "", "no policy of this drill is on the role", err
		},
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := p.Clients.IAM.DeleteRolePolicy(ctx, input); err != nil && !apierror.Missing(err) {
				return "", fmt.Errorf("take the drill's policy off role %s: %w", role, err)
			}
			for range 10 { // IAM may go on telling of it for a moment
				now, _, err := survey.ReadRolePolicy(ctx, p.Clients, role, name)
				if err != nil {
					return "", err
				}
				if now == "" {
					return "the drill's policy is off the role; its others are as they were", nil
				}
				if err := Pause(ctx, between); err != nil {
					return "", err
				}
			}
			return "", fmt.Errorf("IAM says that the policy %s is on role %s after it was taken off", name, role)
		},
	}, step.Step{
		ID: step.Removal(KindStatement.On(p.Direction)), Kind: KindStatement, Direction: &p.Direction, Title: "drill's policy", Target: "IAM " + role, Change: step.Remove,
		What: name + " alone; other policies stay", Why: "What lies under " + p.Pair.AlarmPrefix(drill) + " fails to replicate as long as it is there.", Undo: "not needed",
	})
}
