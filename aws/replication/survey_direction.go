package replication

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// lookAtDirection reads direction d's role. The role lives in the account of the
// side that the direction starts at.
func lookAtDirection(ctx context.Context, w World, d pair.Direction) (DirectionSurvey, error) {
	var found DirectionSurvey
	client, name := w.clients(d.From()).IAM, aws.String(w.Pair.RoleName(d))
	out, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return found, nil
	case apierror.Denied(err) && !unknownKeys(err):
		found.OwnUnread = apierror.Code(err)
		return found, nil
	case err != nil:
		return found, fmt.Errorf("read role %s: %w", *name, err)
	}
	found.RoleExists, found.RoleARN = true, aws.ToString(out.Role.Arn)
	found.age = roleAge(out)
	found.TrustOK = policy.Same(aws.ToString(out.Role.AssumeRolePolicyDocument), trustPolicy())
	for _, t := range out.Role.Tags {
		switch aws.ToString(t.Key) {
		case pair.TagKey:
			found.RoleMark = aws.ToString(t.Value)
		case pair.ProvenTagKey:
			found.Proven = aws.ToString(t.Value)
		}
	}
	found.policy, err = readRolePolicy(ctx, w.clients(d.From()), *name, w.Pair.PolicyName())
	if apierror.Denied(err) {
		found.PolicyUnread = apierror.Code(err)
		return found, nil
	}
	found.PolicyThere = found.policy != ""
	return found, err
}

// roleAge is how old a role is. It is told by AWS's own clock, so that a run
// which another one left behind counts it right, too.
func roleAge(out *iam.GetRoleOutput) time.Duration {
	now, told := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !told {
		now = time.Now()
	}
	return now.Sub(aws.ToTime(out.Role.CreateDate))
}

// roleIsYoung says whether direction d's role of ours is so new that it may
// not be seen everywhere yet, whichever run made it.
func (s *Survey) roleIsYoung(d pair.Direction) bool {
	direction := s.Directions[d]
	return s.roleUse(d) == ownRole && direction.RoleExists && direction.age < rolePatience
}

// lookAtOthersRoles reads the roles of others that the configurations or the
// options name. What these credentials may not read is left unknown.
func (s *Survey) lookAtOthersRoles(ctx context.Context) error {
	for _, d := range pair.Directions() {
		arn := s.othersRole(d)
		if arn == "" {
			continue
		}
		_, name := splitRole(arn)
		clients, direction := s.World.clients(d.From()), s.Directions[d]
		role := RoleSurvey{ARN: arn, Name: name}
		out, err := clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		switch {
		case accountOf(arn) != s.Sides[d.From()].Identity.Account: // not this account's to tell
		case apierror.Denied(err):
			role.Exists = true
			direction.Unread = append(direction.Unread, "role "+name+": "+apierror.Code(err))
		case err != nil && apierror.Code(err) != "NoSuchEntity":
			return fmt.Errorf("survey the role %s: read role %s: %w", d.Arrow(), name, err)
		case err == nil:
			role.Exists = true
			role.Trusted = policy.Trusts(aws.ToString(out.Role.AssumeRolePolicyDocument), s3Principal)
			role.policy, err = readRolePolicy(ctx, clients, name, s.World.Pair.GuestPolicyName(d))
			if apierror.Denied(err) {
				direction.Unread = append(direction.Unread, "policies of role "+name+": "+apierror.Code(err))
			} else if err != nil {
				return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
			}
			role.PolicyThere = role.policy != ""
		}
		direction.Others = &role
		s.Directions[d] = direction
	}
	return nil
}

// compareRoles holds the roles' policies to what is wanted, which depends on
// both sides.
func (s *Survey) compareRoles() {
	for _, d := range pair.Directions() {
		direction, wanted := s.Directions[d], s.rolePolicy(d)
		direction.PolicyOK = direction.PolicyThere && policy.Same(direction.policy, wanted)
		if direction.Others != nil {
			role := *direction.Others
			role.PolicyOK = role.PolicyThere && policy.Same(role.policy, wanted)
			direction.Others = &role
		}
		s.Directions[d] = direction
	}
}
