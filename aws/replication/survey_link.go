package replication

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// lookAtLink reads direction d's role. The role lives in the account of the
// side that the direction starts at.
func lookAtLink(ctx context.Context, w World, d pair.Direction) (LinkSurvey, error) {
	var found LinkSurvey
	client, name := w.clients(d.From()).IAM, aws.String(w.Pair.RoleName(d))
	out, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return found, nil
	case err != nil:
		return found, fmt.Errorf("read role %s: %w", *name, err)
	}
	found.RoleExists, found.RoleARN = true, aws.ToString(out.Role.Arn)
	found.TrustOK = sameDocument(aws.ToString(out.Role.AssumeRolePolicyDocument), trustPolicy())
	for _, t := range out.Role.Tags {
		switch aws.ToString(t.Key) {
		case pair.TagKey:
			found.RoleMark = aws.ToString(t.Value)
		case pair.ProvenTagKey:
			found.Proven = aws.ToString(t.Value)
		}
	}
	policy, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String(w.Pair.PolicyName())})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return found, nil
	case err != nil:
		return found, fmt.Errorf("read the policy of role %s: %w", *name, err)
	}
	found.PolicyThere = true
	found.PolicyOK = sameDocument(aws.ToString(policy.PolicyDocument), rolePolicy(w.Pair, d))
	return found, nil
}
