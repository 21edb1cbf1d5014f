package survey

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

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
		":role" + p.RolePath() + p.RoleName(d)
}

// OwnRoleName is our role's name, or what it will be.
func (s *Survey) OwnRoleName(d pair.Direction) string { return RoleName(s.OwnRoleARN(d)) }

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

// lookForOrphans searches the account's roles for what of ours nothing that
// stands leads to: a role that was made under another prefix than this run was
// told of, where a run was cut off before its rule stood or after it was taken
// out; and the inline policy that bothways added to a role of others, where a
// tear-down was cut off after it took the rule out, or the others have given
// their rules another role. Only roles that S3 may take can have it. A search
// that is not allowed, or ends early, is said.
func (s *Survey) lookForOrphans(ctx context.Context) error {
	for _, d := range pair.Directions() {
		direction, side := s.Directions[d], s.Sides[d.From()]
		guest := direction.Others != nil && direction.Others.PolicyThere
		if direction.Own(s.World.Pair) || guest || side.Foreign || side.RegionOff {
			continue
		}
		found, err := s.searchRoles(ctx, d)
		if err != nil {
			return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
		}
		if found.own != nil {
			own := *found.own
			own.Others, own.Unread = direction.Others, direction.Unread
			direction = own
		} else {
			direction.Unlisted = found.unlisted
		}
		direction.Orphan, direction.Unsearched = found.guest, found.unsearched
		s.Directions[d] = direction
	}
	return nil
}

// orphans is what a search of an account's roles found: our own role, and one
// of others that carries our policy; and why not all were searched for each.
type orphans struct {
	own                  *Direction
	guest                *Role
	unlisted, unsearched string
}

// searchRoles searches the roles of direction d's account. It looks for our
// policy only where a bucket stands that may have led to it, and where our own
// role can be read.
func (s *Survey) searchRoles(ctx context.Context, d pair.Direction) (found orphans, err error) {
	clients, name := s.World.Clients(d.From()), s.World.Pair.GuestPolicyName(d)
	seeks, asked := s.Directions[d].OwnUnread == "" && s.Reachable(d.From()), 0
	pages := iam.NewListRolesPaginator(clients.IAM, &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if apierror.Denied(err) {
			found.unlisted = "iam:ListRoles: " + RefusalOf(err)
			if seeks {
				found.unsearched = found.unlisted
			}
			found.own, err = s.remembered(ctx, d)
			return found, err
		}
		if err != nil {
			return found, fmt.Errorf("list the roles of account %s: %w", s.Sides[d.From()].Identity.Account, err)
		}
		for _, role := range page.Roles {
			if found.own == nil {
				var unread string
				if found.own, unread, err = s.ownNamed(ctx, d, role); err != nil {
					return found, err
				}
				found.unlisted = cmp.Or(found.unlisted, unread)
			}
			if !seeks || !policy.Trusts(aws.ToString(role.AssumeRolePolicyDocument), S3Principal) {
				continue
			}
			if asked++; asked > mostSearched {
				seeks, found.unsearched = false, fmt.Sprintf("S3 may take more than %d roles", mostSearched)
				continue
			}
			text, _, err := ReadRolePolicy(ctx, clients, aws.ToString(role.RoleName), name)
			switch {
			case apierror.Denied(err):
				found.unsearched = "iam:GetRolePolicy of " + aws.ToString(role.RoleName) + ": " + RefusalOf(err)
			case err != nil:
				return found, err
			case text != "":
				seeks, found.unsearched = false, ""
				found.guest = &Role{
					ARN: aws.ToString(role.Arn), Name: aws.ToString(role.RoleName), Exists: true, Trusted: true, PolicyThere: true, Policy: text,
				}
			}
		}
	}
	return found, nil
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
