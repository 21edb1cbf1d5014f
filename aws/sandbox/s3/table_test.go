package s3

import (
	"slices"
	"testing"
)

// A row of the table can't be half done: it has a name of its own, which
// faults accept, and asks for a permission or says that it does so itself.
func TestEveryOperationIsWhole(t *testing.T) {
	asksItself := map[string]bool{"DeleteObjects": true, "PostObject": true}
	otherwise := permissionsNamedOtherwise()
	rows := map[string]string{}
	for row, o := range operations {
		switch other := rows[o.Name]; {
		case o.Name == "":
			t.Errorf("%s has no name", row)
		case other != "":
			t.Errorf("%s and %s are both called %s", row, other, o.Name)
		case !slices.Contains(Operations(), o.Name):
			t.Errorf("faults do not know %s", o.Name)
		case o.Serve != nil && (o.Action == "") != asksItself[o.Name]:
			t.Errorf("%s: the permission %q", o.Name, o.Action)
		case o.Action != "" && o.Action != "s3:"+o.Name && o.Action != otherwise[o.Name]:
			t.Errorf("%s asks for %q, which is not its name: if AWS names it so, add it to the exceptions", o.Name, o.Action)
		case o.MakesBucket != (o.Name == "CreateBucket"):
			t.Errorf("%s: makes a bucket: %v", o.Name, o.MakesBucket)
		}
		rows[o.Name] = row
	}
}

// permissionsNamedOtherwise are those that AWS does not name as the operation
// (S3 User Guide, "Required permissions for Amazon S3 API operations").
func permissionsNamedOtherwise() map[string]string {
	return map[string]string{
		"DeleteBucketAnalyticsConfiguration":          "s3:PutAnalyticsConfiguration",
		"DeleteBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
		"DeleteBucketInventoryConfiguration":          "s3:PutInventoryConfiguration",
		"DeleteBucketMetricsConfiguration":            "s3:PutMetricsConfiguration",
		"GetBucketAnalyticsConfiguration":             "s3:GetAnalyticsConfiguration",
		"GetBucketIntelligentTieringConfiguration":    "s3:GetIntelligentTieringConfiguration",
		"GetBucketInventoryConfiguration":             "s3:GetInventoryConfiguration",
		"GetBucketMetricsConfiguration":               "s3:GetMetricsConfiguration",
		"ListBucketAnalyticsConfigurations":           "s3:GetAnalyticsConfiguration",
		"ListBucketIntelligentTieringConfigurations":  "s3:GetIntelligentTieringConfiguration",
		"ListBucketInventoryConfigurations":           "s3:GetInventoryConfiguration",
		"ListBucketMetricsConfigurations":             "s3:GetMetricsConfiguration",
		"PutBucketAccelerateConfiguration":            "s3:PutAccelerateConfiguration",
		"PutBucketAnalyticsConfiguration":             "s3:PutAnalyticsConfiguration",
		"PutBucketIntelligentTieringConfiguration":    "s3:PutIntelligentTieringConfiguration",
		"PutBucketInventoryConfiguration":             "s3:PutInventoryConfiguration",
		"PutBucketMetricsConfiguration":               "s3:PutMetricsConfiguration",
		"PutBucketNotificationConfiguration":          "s3:PutBucketNotification",
		"CompleteMultipartUpload":                     "s3:PutObject",
		"CopyObject":                                  "s3:PutObject",
		"CreateMultipartUpload":                       "s3:PutObject",
		"DeleteBucketCors":                            "s3:PutBucketCORS",
		"DeleteBucketEncryption":                      "s3:PutEncryptionConfiguration",
		"DeleteBucketLifecycle":                       "s3:PutLifecycleConfiguration",
		"DeleteBucketOwnershipControls":               "s3:PutBucketOwnershipControls",
		"DeleteBucketReplication":                     "s3:PutReplicationConfiguration",
		"DeleteBucketTagging":                         "s3:PutBucketTagging",
		"DeletePublicAccessBlock":                     "s3:PutBucketPublicAccessBlock",
		"GetBucketAccelerateConfiguration":            "s3:GetAccelerateConfiguration",
		"GetBucketCors":                               "s3:GetBucketCORS",
		"GetBucketEncryption":                         "s3:GetEncryptionConfiguration",
		"GetBucketLifecycleConfiguration":             "s3:GetLifecycleConfiguration",
		"GetBucketNotificationConfiguration":          "s3:GetBucketNotification",
		"GetBucketReplication":                        "s3:GetReplicationConfiguration",
		"GetObjectAttributes":                         "s3:GetObject",
		"GetObjectLockConfiguration":                  "s3:GetBucketObjectLockConfiguration",
		"GetPublicAccessBlock":                        "s3:GetBucketPublicAccessBlock",
		"HeadBucket":                                  "s3:ListBucket",
		"HeadObject":                                  "s3:GetObject",
		"ListBuckets":                                 "s3:ListAllMyBuckets",
		"ListMultipartUploads":                        "s3:ListBucketMultipartUploads",
		"ListObjectVersions":                          "s3:ListBucketVersions",
		"ListObjects":                                 "s3:ListBucket",
		"ListObjectsV2":                               "s3:ListBucket",
		"ListParts":                                   "s3:ListMultipartUploadParts",
		"PutBucketCors":                               "s3:PutBucketCORS",
		"PutBucketEncryption":                         "s3:PutEncryptionConfiguration",
		"PutBucketLifecycleConfiguration":             "s3:PutLifecycleConfiguration",
		"PutBucketReplication":                        "s3:PutReplicationConfiguration",
		"PutObjectLockConfiguration":                  "s3:PutBucketObjectLockConfiguration",
		"PutPublicAccessBlock":                        "s3:PutBucketPublicAccessBlock",
		"UploadPart":                                  "s3:PutObject",
		"UploadPartCopy":                              "s3:PutObject",
	}
}
