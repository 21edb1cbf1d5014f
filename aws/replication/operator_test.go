package replication_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/replication/step"
)

// A session's ARN names its role without the path, and a bucket policy names
// the role with it.
func TestASessionIsKnownToBucketPoliciesByItsRoleWithThePath(t *testing.T) {
	const role = "arn:aws:iam::000000000000:role/deep/down/works"
	for name, c := range map[string]struct {
		rights    string // the role's policy, beside what it may on S3
		principal any
		condition string
		want      string // of the finding, "" for none
	}{
		"its role is named":           {"", map[string]string{"AWS": role}, "", "the bucket policy denies assumed-role/works/visit s3:PutBucketVersioning (Named)"},
		"a role elsewhere is named":   {"", map[string]string{"AWS": "arn:aws:iam::000000000000:role/high/up/works"}, "", ""},
		"its role is excepted":        {"", "*", role, ""},
		"roles elsewhere are":         {"", "*", "arn:aws:iam::000000000000:role/high/*", "the bucket policy denies assumed-role/works/visit s3:PutBucketVersioning (Named)"},
		"the path can't be read":      {"iam:GetRole", map[string]string{"AWS": role}, "", "the bucket policy may deny assumed-role/works/visit s3:PutBucketVersioning (Named)"},
		"nor who is excepted by it":   {"iam:GetRole", "*", role, "the bucket policy may deny assumed-role/works/visit s3:PutBucketVersioning (Named)"},
		"but another role is another": {"iam:GetRole", map[string]string{"AWS": "arn:aws:iam::000000000000:role/deep/down/other"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				apply(t, l.setUp(t), step.Done)
				for _, missing := range []string{"works", "other"} {
					_, err := l.world.A.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
						RoleName: &missing, Path: aws.String("/deep/down/"),
						AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`),
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String("works"), PolicyName: aws.String("most"),
					PolicyDocument: aws.String(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["none:None","%s"],"Resource":"*"}]}`, first(c.rights, "none:Nothing"))),
				})
				if err != nil {
					t.Fatal(err)
				}
				statement := map[string]any{
					"Sid": "Named", "Effect": "Deny", "Principal": c.principal, "Action": "s3:PutBucketVersioning", "Resource": testPair.A.BucketARN(),
				}
				if c.condition != "" {
					statement["Condition"] = map[string]any{"ArnNotLike": map[string]string{"aws:PrincipalArn": c.condition}}
				}
				l.bucketPolicy(t, "A", statement)
				l.session(t, role)
				plan := l.setUp(t)
				if c.want == "" && (about(plan, "deny assumed-role") != nil || about(plan, "denies assumed-role") != nil) || c.want != "" && about(plan, c.want) == nil {
					t.Errorf("want %q; the findings are %+v", c.want, plan.Findings)
				}
			})
		})
	}
}

func first(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}
