package survey

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/policy"
)

// SourceStatement is the Sid of the first statement of the policy that bothways
// gives a role. A role of our own has a tag for what its canary proved. Tags of a
// role of others are theirs; the policy is ours there, so the digest follows this
// Sid, such as "SourceProven0123456789abcdef": a name means nothing to IAM, every
// computer reads it, and it goes with the policy.
const SourceStatement = "Source"

var provenSid = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"` + SourceStatement + `Proven([0-9a-f]{16})"`) })

// WithProof is a policy that bothways gives a role of others, with what a canary
// proved of it.
func WithProof(document, proof string) string {
	return strings.Replace(document, `"`+SourceStatement+`"`, `"`+SourceStatement+"Proven"+proof+`"`, 1)
}

// withoutProof takes a policy's proof out of it, "" where it has none.
func withoutProof(document string) (plain, proof string) {
	if found := provenSid().FindStringSubmatch(document); found != nil {
		proof = found[1]
	}
	return provenSid().ReplaceAllString(document, `"`+SourceStatement+`"`), proof
}

// ReadRolePolicy returns an inline policy of a role, or "" when it is not there,
// and what a canary proved where it is noted in it; the policy comes without that.
func ReadRolePolicy(ctx context.Context, c *account.Clients, role, name string) (document, proof string, err error) {
	out, err := c.IAM.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name)})
	if apierror.Code(err) == "NoSuchEntity" {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read the policy %s of role %s: %w", name, role, err)
	}
	document, proof = withoutProof(policy.Decode(aws.ToString(out.PolicyDocument)))
	return document, proof, nil
}
