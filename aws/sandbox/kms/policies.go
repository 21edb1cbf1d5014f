package kms

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"bothways/aws/sandbox/iam/policy"
)

// defaultPolicy gives the account full access to a key, which lets its IAM
// policies decide (AWS KMS Developer Guide, Default key policy).
func defaultPolicy(arn string) string {
	return `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow",` +
		`"Principal":{"AWS":"arn:aws:iam::` + Account(arn) + `:root"},"Action":"kms:*","Resource":"*"}]}`
}

const managedAlias = "alias/aws/s3"

// IsManaged says whether a name is that of the AWS managed key for S3.
func IsManaged(name string) bool { return name == "" || strings.HasSuffix(name, managedAlias) }

// managedID is the id of an account's AWS managed key in a region.
func managedID(region, account string) string {
	sum := sha256.Sum256([]byte(managedAlias + " " + region + " " + account))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// managed is the AWS managed key of an account for S3. Its policy lets everybody
// in the account use it through S3, and nobody change it or use it from another
// account (AWS KMS Developer Guide, AWS managed keys).
func managed(region, account string) (Key, error) {
	k := Key{
		ARN: "arn:aws:kms:" + region + ":" + account + ":key/" + managedID(region, account), State: Enabled, Managed: true,
		Description: "Default key that protects my S3 objects when no other key is defined", Aliases: []string{managedAlias},
		Text: `{"Version":"2012-10-17","Id":"auto-s3-2","Statement":[` +
			`{"Sid":"Allow access through S3 for all principals in the account that are authorized to use S3","Effect":"Allow",` +
			`"Principal":{"AWS":"*"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*",` +
			`"Condition":{"StringEquals":{"kms:ViaService":"s3.` + region + `.amazonaws.com","kms:CallerAccount":"` + account + `"}}},` +
			`{"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + account + `:root"},` +
			`"Action":["kms:Describe*","kms:Get*","kms:List*","kms:RevokeGrant"],"Resource":"*"}]}`,
	}
	parsed, err := policy.Parse(k.Text, policy.Resource)
	k.Policy = parsed
	return k, err
}
