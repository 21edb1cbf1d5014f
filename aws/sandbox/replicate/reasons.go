package replicate

// Reasons why S3 gives up on replicating a version (S3 User Guide, Amazon S3
// replication failure reasons). No HEAD shows them, only FAILED; the reports of
// Batch Replication do, and some are only of it.
const (
	AssumeRoleNotPermitted           = "AssumeRoleNotPermitted"
	DstBucketNotFound                = "DstBucketNotFound"
	DstBucketObjectLockConfigMissing = "DstBucketObjectLockConfigMissing"
	DstBucketUnversioned             = "DstBucketUnversioned"
	DstDelObjNotPermitted            = "DstDelObjNotPermitted"
	DstKmsKeyInvalidState            = "DstKmsKeyInvalidState"
	DstKmsKeyNotFound                = "DstKmsKeyNotFound"
	DstObjectHardDeleted             = "DstObjectHardDeleted"
	DstPutACLNotPermitted            = "DstPutAclNotPermitted"
	DstPutObjectNotPermitted         = "DstPutObjectNotPermitted"
	DstPutTaggingNotPermitted        = "DstPutTaggingNotPermitted"
	DstVersionNotFound               = "DstVersionNotFound"
	InitiateReplicationNotPermitted  = "InitiateReplicationNotPermitted"
	SrcBucketInvalidRegion           = "SrcBucketInvalidRegion"
	SrcBucketNotFound                = "SrcBucketNotFound"
	SrcBucketReplicationMissing      = "SrcBucketReplicationConfigMissing"
	SrcGetACLNotPermitted            = "SrcGetAclNotPermitted"
	SrcGetLegalHoldNotPermitted      = "SrcGetLegalHoldNotPermitted"
	SrcGetObjectNotPermitted         = "SrcGetObjectNotPermitted"
	SrcGetRetentionNotPermitted      = "SrcGetRetentionNotPermitted"
	SrcGetTaggingNotPermitted        = "SrcGetTaggingNotPermitted"
	SrcHeadObjectNotPermitted        = "SrcHeadObjectNotPermitted"
	SrcKeyNotFound                   = "SrcKeyNotFound"
	SrcKmsKeyInvalidState            = "SrcKmsKeyInvalidState"
	SrcObjectNotEligible             = "SrcObjectNotEligible"
	SrcReplicationNotPending         = "SrcReplicationNotPending"
	SrcVersionNotFound               = "SrcVersionNotFound"
)

// Reasons that are not S3's: it has none for annotations.
const (
	DstPutAnnotationNotPermitted = "DstPutAnnotationNotPermitted"
	SrcGetAnnotationNotPermitted = "SrcGetAnnotationNotPermitted"
)
