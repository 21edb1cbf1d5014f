package survey

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// mostSearched bounds how many roles are asked for a policy of ours.
const mostSearched = 100

// lookForOrphans searches the account's roles for the inline policy that
// bothways added to one of others, where nothing that stands leads to it: a
// tear-down may have been cut off after it took the rule out, or the others
// have given their rules another role. Only roles that S3 may take can have
// it. A search that is not allowed, or ends early, is said.
func (s *Survey) lookForOrphans(ctx context.Context) error {
	for _, d := range pair.Directions() {
		direction := s.Directions[d]
		ownStands := direction.RoleExists && direction.RoleMark == s.World.Pair.ID()
		guest := direction.Others != nil && direction.Others.PolicyThere
		if ownStands || guest || direction.OwnUnread != "" || !s.Reachable(d.From()) {
			continue
		}
		var err error
		direction.Orphan, direction.Unsearched, err = s.searchRoles(ctx, d)
		if err != nil {
			return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
		}
		s.Directions[d] = direction
	}
	return nil
}

// searchRoles returns the role that carries direction d's policy for roles of
// others, or nil, and why not all roles were searched, or "".
func (s *Survey) searchRoles(ctx context.Context, d pair.Direction) (found *Role, unsearched string, err error) {
	clients, name := s.World.Clients(d.From()), s.World.Pair.GuestPolicyName(d)
	asked := 0
	pages := iam.NewListRolesPaginator(clients.IAM, &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if apierror.Denied(err) {
			return nil, "iam:ListRoles: " + RefusalOf(err), nil
		}
		if err != nil {
			return nil, "", fmt.Errorf("list the roles of account %s: %w", s.Sides[d.From()].Identity.Account, err)
		}
		for _, role := range page.Roles {
			if !policy.Trusts(aws.ToString(role.AssumeRolePolicyDocument), S3Principal) {
				continue
			}
			if asked++; asked > mostSearched {
				return nil, fmt.Sprintf("S3 may take more than %d roles", mostSearched), nil
			}
			text, err := ReadRolePolicy(ctx, clients, aws.ToString(role.RoleName), name)
			switch {
			case apierror.Denied(err):
				unsearched = "iam:GetRolePolicy of " + aws.ToString(role.RoleName) + ": " + RefusalOf(err)
			case err != nil:
				return nil, "", err
			case text != "":
				return &Role{
					ARN: aws.ToString(role.Arn), Name: aws.ToString(role.RoleName), Exists: true, Trusted: true, PolicyThere: true, Policy: text,
				}, "", nil
			}
		}
	}
	return nil, unsearched, nil
}

// GuestOf is the role of others that carries our policy of direction d, or
// nil: the one that the configuration names, or one that was searched for.
func (s *Survey) GuestOf(d pair.Direction) *Role {
	direction := s.Directions[d]
	if direction.Others != nil && direction.Others.PolicyThere {
		return direction.Others
	}
	return direction.Orphan
}
