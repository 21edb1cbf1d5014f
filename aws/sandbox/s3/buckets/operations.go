// Package buckets is what S3 does with buckets and their settings.
package buckets

import (
	"bothways/aws/sandbox/s3/request"
)

// Operations are those of buckets and their settings.
func Operations() map[string]request.Operation {
	all := map[string]request.Operation{
		"GET service ":              {Name: "ListBuckets", Action: "s3:ListAllMyBuckets", Serve: listBuckets},
		"PUT bucket ":               {Name: "CreateBucket", Action: "s3:CreateBucket", Serve: createBucket, MakesBucket: true, Says: saidOfBucket},
		"HEAD bucket ":              {Name: "HeadBucket", Action: "s3:ListBucket", Serve: headBucket},
		"DELETE bucket ":            {Name: "DeleteBucket", Action: "s3:DeleteBucket", Serve: deleteBucket},
		"GET bucket location":       {Name: "GetBucketLocation", Action: "s3:GetBucketLocation", Serve: getLocation},
		"GET bucket versioning":     {Name: "GetBucketVersioning", Action: "s3:GetBucketVersioning", Serve: getVersioning},
		"PUT bucket versioning":     {Name: "PutBucketVersioning", Action: "s3:PutBucketVersioning", Serve: putVersioning},
		"GET bucket replication":    {Name: "GetBucketReplication", Action: "s3:GetReplicationConfiguration", Serve: getReplication},
		"PUT bucket replication":    {Name: "PutBucketReplication", Action: "s3:PutReplicationConfiguration", Serve: putReplication},
		"DELETE bucket replication": {Name: "DeleteBucketReplication", Action: "s3:PutReplicationConfiguration", Serve: deleteReplication},
		"GET bucket tagging":        {Name: "GetBucketTagging", Action: "s3:GetBucketTagging", Serve: getBucketTags},
		"PUT bucket tagging":        {Name: "PutBucketTagging", Action: "s3:PutBucketTagging", Serve: putBucketTags},
		"DELETE bucket tagging":     {Name: "DeleteBucketTagging", Action: "s3:PutBucketTagging", Serve: deleteBucketTags},
		"GET bucket policy":         {Name: "GetBucketPolicy", Action: "s3:GetBucketPolicy", Serve: getPolicy},
		"PUT bucket policy":         {Name: "PutBucketPolicy", Action: "s3:PutBucketPolicy", Serve: putPolicy},
		"DELETE bucket policy":      {Name: "DeleteBucketPolicy", Action: "s3:DeleteBucketPolicy", Serve: deletePolicy},
		"GET bucket policyStatus":   {Name: "GetBucketPolicyStatus", Action: "s3:GetBucketPolicyStatus", Serve: getPolicyStatus},
		"GET bucket acl":            {Name: "GetBucketAcl", Action: "s3:GetBucketAcl", Serve: getBucketACL},
		"PUT bucket acl":            {Name: "PutBucketAcl", Action: "s3:PutBucketAcl", Serve: putBucketACL},
	}
	for sub, s := range settings {
		s.addTo(all, sub)
	}
	for sub, k := range Identified {
		k.addTo(all, sub)
	}
	return all
}
