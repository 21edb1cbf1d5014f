package parity

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// rows are all settings of a general purpose bucket that S3 replication does not
// copy (S3 User Guide, "What does Amazon S3 replicate?"), with what a difference
// means.
func rows() []row {
	return append([]row{
		{
			name: "policy", title: "bucket policy", right: "s3:GetBucketPolicy", none: []string{"NoSuchBucketPolicy"},
			effect: "it would let others in, or keep others out",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return text(out.Policy), nil
			},
			plain: plainPolicy, carried: withoutOwn, harm: policyHarm,
			write: writing{"PutBucketPolicy", "put-bucket-policy", "Policy", "--policy", "DeleteBucketPolicy", "delete-bucket-policy", ""},
		},
		{
			name: "public-access-block", title: "public access block", right: "s3:GetBucketPublicAccessBlock", none: []string{"NoSuchPublicAccessBlockConfiguration"},
			effect: "policies and ACLs that make objects public would count on one side and not on the other",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return out.PublicAccessBlockConfiguration, nil
			},
			harm:  opensBucket,
			write: writing{"PutPublicAccessBlock", "put-public-access-block", "PublicAccessBlockConfiguration", "--public-access-block-configuration", "", "", "{}"},
		},
		{
			name: "ownership", title: "object ownership", right: "s3:GetBucketOwnershipControls", none: []string{"OwnershipControlsNotFoundError"},
			effect: "ACLs would count on one side only, and what others write would belong to somebody else",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return out.OwnershipControls, nil
			},
			harm:  inWords("whether ACLs count decides who may read what lies there: look at the ACLs of the bucket and its objects first (S3 User Guide, \"Controlling ownership of objects\")"),
			write: writing{"PutBucketOwnershipControls", "put-bucket-ownership-controls", "OwnershipControls", "--ownership-controls", "DeleteBucketOwnershipControls", "delete-bucket-ownership-controls", ""},
		},
		{
			name: "acl", title: "bucket ACL", right: "s3:GetBucketAcl",
			effect: "other accounts or groups would be granted the bucket",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return grants(out), nil
			},
			harm: inWords("a bucket ACL grants rights to others by their canonical IDs: grant them by hand, or rather by a policy"),
		},
		{
			name: "cors", title: "CORS rules", right: "s3:GetBucketCORS", none: []string{"NoSuchCORSConfiguration"},
			effect: "browsers of other origins would be let in, or kept out",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return types.CORSConfiguration{CORSRules: out.CORSRules}, nil
			},
			// The first rule that fits decides (S3 User Guide, "Elements of a CORS configuration").
			plain: withoutIDs("ID"), ordered: []string{"CORSRules"},
			write: writing{"PutBucketCors", "put-bucket-cors", "CORSConfiguration", "--cors-configuration", "DeleteBucketCors", "delete-bucket-cors", ""},
		},
		{
			name: "lifecycle", title: "lifecycle rules", right: "s3:GetLifecycleConfiguration", none: []string{"NoSuchLifecycleConfiguration"},
			effect: "objects would expire or change their storage class at other times, and the sides drift apart",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				found := map[string]any{"Rules": out.Rules}
				if size := out.TransitionDefaultMinimumObjectSize; size != types.TransitionDefaultMinimumObjectSizeAllStorageClasses128k {
					found["TransitionDefaultMinimumObjectSize"] = size
				}
				return found, nil
			},
			plain: plainLifecycle, carried: onlyRules, harm: lifecycleHarm,
			write: writing{"PutBucketLifecycleConfiguration", "put-bucket-lifecycle-configuration", "LifecycleConfiguration", "--lifecycle-configuration", "DeleteBucketLifecycle", "delete-bucket-lifecycle", ""},
		},
		{
			name: "encryption", title: "default encryption", right: "s3:GetEncryptionConfiguration", none: []string{"ServerSideEncryptionConfigurationNotFoundError"},
			effect: "new objects would be encrypted otherwise, and who reads them may need another right",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return out.ServerSideEncryptionConfiguration, nil
			},
			plain: plainEncryption, harm: encryptionHarm,
			write: writing{"PutBucketEncryption", "put-bucket-encryption", "ServerSideEncryptionConfiguration", "--server-side-encryption-configuration", "DeleteBucketEncryption", "delete-bucket-encryption", ""},
		},
		{
			name: "object-lock", title: "Object Lock and its default retention", right: "s3:GetBucketObjectLockConfiguration", none: []string{"ObjectLockConfigurationNotFoundError"},
			effect: "new objects would be kept from deletion for another time, or not at all",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return out.ObjectLockConfiguration, nil
			},
			harm:  lockHarm,
			write: writing{"PutObjectLockConfiguration", "put-object-lock-configuration", "ObjectLockConfiguration", "--object-lock-configuration", "", "", "{}"},
		},
		{
			name: "mfa-delete", title: "MFA delete", right: "s3:GetBucketVersioning",
			effect: "versions could be deleted without a code",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.MFADelete != types.MFADeleteStatusEnabled {
					return nil, err
				}
				return map[string]any{"MFADelete": out.MFADelete}, nil
			},
			harm: inWords("only the root user can change MFA delete, with a code of its device (S3 User Guide, \"Configuring MFA delete\")"),
		},
	}, further()...)
}

// text is a pointer's, or "".
func text(p *string) any {
	if p == nil {
		return ""
	}
	return *p
}
