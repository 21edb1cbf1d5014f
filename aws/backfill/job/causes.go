package job

import (
	"cmp"
	"strings"

	"bothways/aws/backfill/manifest"
)

// HardDeleted is the code of a task whose replica was deleted by its version ID:
// Batch Replication does not put it back (S3 User Guide, "Replicating existing
// objects with Batch Replication").
const HardDeleted = "DstObjectHardDeleted"

// Cause is why a task failed, in words, and what to do about it.
type Cause struct {
	Code, Words, Todo string
}

const doctorLine = "bothways doctor says what is wrong, with the line that mends it; then audit and backfill again"

// causes are the reasons that reports have (S3 User Guide, "Amazon S3
// replication failure reasons").
var causes = map[string][2]string{
	"AssumeRoleNotPermitted":            {"S3 can't take the replication role", doctorLine},
	"DstBucketNotFound":                 {"the rule's bucket on the other side is not there, or the role may not see it", doctorLine},
	"DstBucketUnversioned":              {"versioning is not on on the other side", doctorLine},
	"DstBucketObjectLockConfigMissing":  {"it is locked, and the other side's bucket has no object lock", "switch object lock on there, which can't be taken back; then backfill again"},
	"DstDelObjNotPermitted":             {"the replication role lacks s3:ReplicateDelete on the other side", doctorLine},
	"DstKmsKeyInvalidState":             {"the key on the other side is disabled, or waits to be deleted", "enable that key; then backfill again"},
	"DstKmsKeyNotFound":                 {"the key on the other side is not there, or the role may not use it", doctorLine},
	"DstMultipartCompleteNotPermitted":  {"the replication role may not write large objects on the other side", doctorLine},
	"DstMultipartInitNotPermitted":      {"the replication role may not write large objects on the other side", doctorLine},
	"DstMultipartUploadNotPermitted":    {"the replication role may not write large objects on the other side", doctorLine},
	HardDeleted:                         {"its replica was deleted by its version ID, which Batch Replication does not put back", "backfill with --copies writes it again as a new version, where it is what the side serves"},
	"DstPutAclNotPermitted":             {"the replication role may not write ACLs on the other side", doctorLine},
	"DstPutLegalHoldNotPermitted":       {"the replication role may not write legal holds on the other side", doctorLine},
	"DstPutObjectNotPermitted":          {"the replication role lacks s3:ReplicateObject on the other side, or a policy denies it", doctorLine},
	"DstPutRetentionNotPermitted":       {"the replication role may not write retentions on the other side", doctorLine},
	"DstPutTaggingNotPermitted":         {"the replication role lacks s3:ReplicateTags on the other side", doctorLine},
	"DstVersionNotFound":                {"what was to be changed is not on the other side", "audit again"},
	"InitiateReplicationNotPermitted":   {"the role of the job lacks s3:InitiateReplication, or a policy denies it", "look for a Deny in the bucket's policy and in those of the organisation"},
	"SrcBucketInvalidRegion":            {"the bucket lies in another region than the job", "audit again, with the regions as they are"},
	"DstBucketInvalidRegion":            {"the other side's bucket lies in a region that can't be replicated to", doctorLine},
	"SrcBucketNotFound":                 {"the bucket is gone", "audit again"},
	"SrcBucketReplicationConfigMissing": {"the bucket has no replication rules", "bothways apply sets the pair up; then backfill again"},
	"SrcGetAclNotPermitted":             {"the replication role lacks s3:GetObjectVersionAcl", doctorLine},
	"SrcGetLegalHoldNotPermitted":       {"the replication role lacks s3:GetObjectLegalHold", doctorLine},
	"SrcGetObjectNotPermitted":          {"the replication role lacks s3:GetObjectVersionForReplication, or may not decrypt", doctorLine},
	"SrcGetRetentionNotPermitted":       {"the replication role lacks s3:GetObjectRetention", doctorLine},
	"SrcGetTaggingNotPermitted":         {"the replication role lacks s3:GetObjectVersionTagging", doctorLine},
	"SrcHeadObjectNotPermitted":         {"the replication role may not read it", doctorLine},
	"SrcKeyNotFound":                    {"its key is gone", "audit again"},
	"SrcKmsKeyInvalidState":             {"the key that it is encrypted with is disabled, or waits to be deleted", "enable that key; then backfill again"},
	"SrcObjectNotEligible":              {"no enabled rule covers it, or it is archived", "look at the rule's filter; bothways doctor shows it"},
	"SrcObjectNotFound":                 {"it is gone", "audit again"},
	"SrcReplicationNotPending":          {"its status changed while the job ran", "audit again"},
	"SrcVersionNotFound":                {"this version is gone", "audit again"},
	"InvalidRequest":                    {"the job's list was not understood", "report this as a fault of bothways"},
}

// CauseOf words the failure of a task. What is not known stays as S3 says it.
func CauseOf(t manifest.Task) Cause {
	code := t.Code
	if _, known := causes[code]; !known {
		named := ""
		for name := range causes { // the longest: one may stand in another
			if strings.Contains(t.Message, name) && len(name) > len(named) {
				named = name
			}
		}
		code = cmp.Or(named, code)
	}
	if found, known := causes[code]; known {
		return Cause{Code: code, Words: found[0], Todo: found[1]}
	}
	return Cause{Code: code, Words: cmp.Or(strings.TrimSpace(strings.TrimPrefix(code+": "+t.Message, ": ")), "S3 names no reason"), Todo: doctorLine}
}
