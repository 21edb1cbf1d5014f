package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// InventoryRights lists what it takes to have S3 deliver lists of a side to a
// bucket, and to take that away again (S3 User Guide, "Required permissions for
// Amazon S3 API operations"). made says that bothways makes the bucket.
func InventoryRights(p pair.Pair, name pair.SideName, bucket pair.Side, made bool) []survey.Right {
	var all []survey.Right
	add := func(resource, why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: name, Action: action, Resource: resource, Why: why, For: pair.Inventory})
		}
	}
	add(p.Side(name).BucketARN(), "to have S3 deliver lists", "s3:GetInventoryConfiguration", "s3:PutInventoryConfiguration")
	add(bucket.BucketARN(), "to let S3 write them", "s3:ListBucket", "s3:GetBucketTagging", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
	if made {
		add(bucket.BucketARN(), "to make the bucket for lists, and to remove it", "s3:CreateBucket", "s3:TagResource", "s3:DeleteBucket", "s3:ListBucketVersions")
	}
	return all
}
