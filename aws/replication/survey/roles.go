package survey

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// OwnRoleARN is our role's ARN, or what it will be: IAM composes it of the
// account, the path and the name.
func (s *Survey) OwnRoleARN(d pair.Direction) string {
	if arn := s.Directions[d].RoleARN; arn != "" {
		return arn
	}
	p := s.World.Pair
	return "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + s.Sides[d.From()].Identity.Account +
		":role" + pair.RolePath + p.RoleName(d)
}

// othersRole is the ARN of the role of others that direction d has to do
// with: given, or named by the configuration; or "".
func (s *Survey) othersRole(d pair.Direction) string {
	if given := s.World.Pair.Given.Role(d); given != "" {
		return given
	}
	configuration := s.Sides[d.From()].Replication
	if configuration == nil || aws.ToString(configuration.Role) == s.OwnRoleARN(d) {
		return ""
	}
	return aws.ToString(configuration.Role)
}

// SplitRole returns the path and the name in a role's ARN.
func SplitRole(arn string) (path, name string) {
	_, resource, _ := strings.Cut(arn, ":role")
	last := strings.LastIndex(resource, "/")
	return resource[:last+1], resource[last+1:]
}

// AccountOf is the account in an ARN.
func AccountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// ReadRolePolicy returns an inline policy of a role, or "" when it is not
// there.
func ReadRolePolicy(ctx context.Context, c *account.Clients, role, name string) (string, error) {
	out, err := c.IAM.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name)})
	if apierror.Code(err) == "NoSuchEntity" {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the policy %s of role %s: %w", name, role, err)
	}
	return policy.Decode(aws.ToString(out.PolicyDocument)), nil
}

// RefusalOf is an error's code, for a list.
func RefusalOf(err error) string { return cmp.Or(apierror.Code(err), "AccessDenied") }

// S3Principal is the service that takes the roles.
const S3Principal = "s3.amazonaws.com"

// RoleName is the last part of a role's ARN: paths are no part of the name.
func RoleName(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

// MostNamed bounds how many things of others are named.
const MostNamed = 3

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
