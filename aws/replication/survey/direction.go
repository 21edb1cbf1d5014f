package survey

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// LookAtDirection reads direction d's role by its name. The role lives in the
// account of the side that the direction starts at.
func LookAtDirection(ctx context.Context, w World, d pair.Direction, name string) (Direction, error) {
	var found Direction
	out, err := w.Clients(d.From()).IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return found, nil
	case apierror.Denied(err) && !unknownKeys(err):
		found.OwnUnread = apierror.Code(err)
		found.Refusal, _ = apierror.RefusalOf(err)
		return found, nil
	case err != nil:
		return found, fmt.Errorf("read role %s: %w", name, err)
	}
	found.RoleExists, found.RoleARN = true, aws.ToString(out.Role.Arn)
	found.RoleID = aws.ToString(out.Role.RoleId)
	found.RoleTags = TagsOf(out.Role)
	found.Age, found.Created = RoleAge(out), aws.ToTime(out.Role.CreateDate)
	found.Trust = aws.ToString(out.Role.AssumeRolePolicyDocument)
	if limit := out.Role.PermissionsBoundary; limit != nil {
		found.Boundary = aws.ToString(limit.PermissionsBoundaryArn)
	}
	for _, t := range out.Role.Tags {
		switch aws.ToString(t.Key) {
		case pair.TagKey:
			found.RoleMark = aws.ToString(t.Value)
		case pair.ProvenTagKey:
			found.Proven = aws.ToString(t.Value)
		}
	}
	found.Policy, _, err = ReadRolePolicy(ctx, w.Clients(d.From()), name, w.Pair.PolicyName())
	if apierror.Denied(err) {
		found.PolicyUnread = apierror.Code(err)
		found.Refusal, _ = apierror.RefusalOf(err)
		return found, nil
	}
	found.PolicyThere = found.Policy != ""
	return found, err
}

// TagsOf are the tags of a role, which its sessions have as aws:PrincipalTag.
func TagsOf(role *types.Role) map[string]string {
	tags := map[string]string{}
	for _, t := range role.Tags {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return tags
}

// RoleAge is how old a role is. It is told by AWS's own clock, so that a run
// which another one left behind counts it right, too.
func RoleAge(out *iam.GetRoleOutput) time.Duration {
	now, told := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !told {
		now = time.Now()
	}
	return now.Sub(aws.ToTime(out.Role.CreateDate))
}

// lookAtOthersRoles reads the roles of others that the configurations or the
// options name. What these credentials may not read is left unknown.
func (s *Survey) lookAtOthersRoles(ctx context.Context) error {
	for _, d := range pair.Directions() {
		arn := s.othersRole(d)
		if arn == "" {
			continue
		}
		_, name := SplitRole(arn)
		clients, direction := s.World.Clients(d.From()), s.Directions[d]
		role := Role{ARN: arn, Name: name}
		out, err := clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		switch {
		case AccountOf(arn) != s.Sides[d.From()].Identity.Account: // not this account's to tell
		case apierror.Denied(err):
			role.Exists = true
			direction.Unread = append(direction.Unread, "role "+name+": "+apierror.Code(err))
		case err != nil && apierror.Code(err) != "NoSuchEntity":
			return fmt.Errorf("survey the role %s: read role %s: %w", d.Arrow(), name, err)
		case err == nil:
			role.Exists, role.Created = true, aws.ToTime(out.Role.CreateDate)
			role.ID, role.Bounded = aws.ToString(out.Role.RoleId), out.Role.PermissionsBoundary != nil
			role.Tags = TagsOf(out.Role)
			role.Trusted = policy.Trusts(aws.ToString(out.Role.AssumeRolePolicyDocument), S3Principal)
			role.Policy, role.Proven, err = ReadRolePolicy(ctx, clients, name, s.World.Pair.GuestPolicyName(d))
			if apierror.Denied(err) {
				direction.Unread = append(direction.Unread, "policies of role "+name+": "+apierror.Code(err))
			} else if err != nil {
				return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
			}
			role.PolicyThere = role.Policy != ""
		}
		direction.Others = &role
		s.Directions[d] = direction
	}
	return nil
}
