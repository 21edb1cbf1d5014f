package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

// What AWS names as the usual reasons of replication that fails although the
// role has its rights (S3 User Guide, Troubleshooting replication).
func TestTheUsualCulpritsAmongPoliciesOfBucketsAndOrganisations(t *testing.T) {
	deny := func(action, condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"` + action +
			`","Resource":["arn:aws:s3:::side-b","arn:aws:s3:::side-b/*"],"Condition":{` + condition + `}}]}`
	}
	regions := func(not, allowed string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":[` + not +
			`],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":[` + allowed + `]}}}]}`
	}
	const (
		refused = "DstPutObjectNotPermitted"
		global  = `"iam:*","sts:*","account:*"`
	)
	for name, row := range map[string]struct{ bucket, scp, reason string }{
		"from another network":               {deny("s3:*", `"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`), "", refused},
		"from another address":               {deny("s3:*", `"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), "", refused},
		"from another address, not services": {deny("s3:*", `"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"},"StringNotLike":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/*"}`), "", ""},
		"without TLS":                        {deny("s3:*", `"Bool":{"aws:SecureTransport":"false"}`), "", ""},
		"without the header of encryption":   {deny("s3:*", `"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}`), "", refused},
		"that header of a PUT":               {deny("s3:PutObject", `"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}`), "", ""},
		"another role":                       {deny("s3:Replicate*", `"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/other"}`), "", refused},
		"this role":                          {deny("s3:Replicate*", `"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/r"}`), "", ""},
		"a region that is not allowed":       {"", regions(global, `"eu-west-1"`), refused},
		"both regions allowed":               {"", regions(global, `"eu-west-1","ap-southeast-1"`), ""},
		"regions for all but S3":             {"", regions(global+`,"s3:*"`, `"eu-central-1"`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("side-b", singapore)
				must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")))
				if row.bucket != "" {
					_, err := w.s3(singapore).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("side-b"), Policy: &row.bucket})
					must(t, 0, err)
				}
				id := plainly(w)
				must(t, 0, w.sandbox.Directory().SetServiceControlPolicy(row.scp))
				pass(time.Minute)
				w.failedBecause(id, row.reason)
			})
		})
	}
}
