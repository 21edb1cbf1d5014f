package wellformed

// roots are the elements that answers of S3 begin with, by operation (S3 API
// reference, "Response Syntax" of each). The SDK reads an answer whatever it
// begins with, and finds nothing in one of another kind: a bucket whose rules are
// not told would be taken for one without any. Operations are left out whose
// answer can't be taken so.
var roots = map[string]string{
	"GetBucketAccelerateConfiguration":   "AccelerateConfiguration",
	"GetBucketAcl":                       "AccessControlPolicy",
	"GetBucketCors":                      "CORSConfiguration",
	"GetBucketEncryption":                "ServerSideEncryptionConfiguration",
	"GetBucketInventoryConfiguration":    "InventoryConfiguration",
	"GetBucketLifecycleConfiguration":    "LifecycleConfiguration",
	"GetBucketLocation":                  "LocationConstraint",
	"GetBucketLogging":                   "BucketLoggingStatus",
	"GetBucketNotificationConfiguration": "NotificationConfiguration",
	"GetBucketOwnershipControls":         "OwnershipControls",
	"GetBucketReplication":               "ReplicationConfiguration",
	"GetBucketRequestPayment":            "RequestPaymentConfiguration",
	"GetBucketTagging":                   "Tagging",
	"GetBucketVersioning":                "VersioningConfiguration",
	"GetBucketWebsite":                   "WebsiteConfiguration",
	"GetObjectAcl":                       "AccessControlPolicy",
	"GetObjectLockConfiguration":         "ObjectLockConfiguration",
	"GetObjectTagging":                   "Tagging",
	"GetPublicAccessBlock":               "PublicAccessBlockConfiguration",
	"ListBucketInventoryConfigurations":  "ListInventoryConfigurationsResult",
	"ListBuckets":                        "ListAllMyBucketsResult",
	"ListMultipartUploads":               "ListMultipartUploadsResult",
	"ListObjectVersions":                 "ListVersionsResult",
	"ListObjectsV2":                      "ListBucketResult",
	"ListParts":                          "ListPartsResult",
	"DeleteObjects":                      "DeleteResult",
	"S3 Control ListJobs":                "ListJobsResult",
	"S3 Control DescribeJob":             "DescribeJobResult",
}

// Root is what an operation's answer begins with; "": that is not known. Services
// are called as the SDK does.
func Root(service, operation string) string {
	if service == "S3" {
		return roots[operation]
	}
	return roots[service+" "+operation]
}
