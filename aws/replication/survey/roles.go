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
