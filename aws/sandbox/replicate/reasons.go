package replicate

// Reasons why S3 gives up on replicating a version (S3 User Guide, Amazon S3
// replication failure reasons). No HEAD shows them, only FAILED.
const (
	AssumeRoleNotPermitted           = "AssumeRoleNotPermitted"
	DstBucketNotFound                = "DstBucketNotFound"
	DstBucketObjectLockConfigMissing = "DstBucketObjectLockConfigMissing"
	DstBucketUnversioned             = "DstBucketUnversioned"
	DstDelObjNotPermitted            = "DstDelObjNotPermitted"
	DstKmsKeyInvalidState            = "DstKmsKeyInvalidState"
	DstKmsKeyNotFound                = "DstKmsKeyNotFound"
	DstPutACLNotPermitted            = "DstPutAclNotPermitted"
	DstPutObjectNotPermitted         = "DstPutObjectNotPermitted"
	DstPutTaggingNotPermitted        = "DstPutTaggingNotPermitted"
	DstVersionNotFound               = "DstVersionNotFound"
	SrcBucketNotFound                = "SrcBucketNotFound"
	SrcBucketReplicationMissing      = "SrcBucketReplicationConfigMissing"
	SrcGetACLNotPermitted            = "SrcGetAclNotPermitted"
	SrcGetLegalHoldNotPermitted      = "SrcGetLegalHoldNotPermitted"
	SrcGetObjectNotPermitted         = "SrcGetObjectNotPermitted"
	SrcGetRetentionNotPermitted      = "SrcGetRetentionNotPermitted"
	SrcGetTaggingNotPermitted        = "SrcGetTaggingNotPermitted"
	SrcHeadObjectNotPermitted        = "SrcHeadObjectNotPermitted"
	SrcKmsKeyInvalidState            = "SrcKmsKeyInvalidState"
)
