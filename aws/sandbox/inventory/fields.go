package inventory

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/store"
)

// field is a column of a list.
type field struct {
	name string // in the schema of a list
	// optional is what a configuration calls it, "" of what each list has.
	optional string
	fixed    bool
	version  bool // only where a list has all versions
	value    func(*store.Bucket, store.Entry) string
}

// fields are the columns in the order that they have in lists (S3 User Guide,
// Amazon S3 Inventory list).
var fields = []field{
	{name: "Bucket", fixed: true, value: func(b *store.Bucket, _ store.Entry) string { return b.Name }},
	{name: "Key", fixed: true, value: func(_ *store.Bucket, e store.Entry) string {
		return strings.ReplaceAll(url.QueryEscape(e.Key), "%2F", "/")
	}},
	{name: "VersionId", fixed: true, version: true, value: func(_ *store.Bucket, e store.Entry) string {
		if e.IsNull() {
			return "" // not "null", as everywhere else
		}
		return e.ID
	}},
	{name: "IsLatest", fixed: true, version: true, value: func(_ *store.Bucket, e store.Entry) string { return strconv.FormatBool(e.Latest) }},
	{name: "IsDeleteMarker", fixed: true, version: true, value: func(_ *store.Bucket, e store.Entry) string { return strconv.FormatBool(e.Marker) }},
	{name: "Size", optional: "Size", value: ofContent(func(_ *store.Bucket, e store.Entry) string { return strconv.FormatInt(e.Size, 10) })},
	{name: "LastModifiedDate", optional: "LastModifiedDate", value: func(_ *store.Bucket, e store.Entry) string {
		return e.Modified.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000Z")
	}},
	{name: "ETag", optional: "ETag", value: ofContent(func(_ *store.Bucket, e store.Entry) string { return e.ETag })},
	{name: "StorageClass", optional: "StorageClass", value: ofContent(func(_ *store.Bucket, e store.Entry) string {
		if e.StorageClass == "" {
			return "STANDARD"
		}
		return e.StorageClass
	})},
	{name: "IsMultipartUploaded", optional: "IsMultipartUploaded", value: ofContent(func(_ *store.Bucket, e store.Entry) string {
		return strconv.FormatBool(len(e.Parts) > 0)
	})},
	{name: "ReplicationStatus", optional: "ReplicationStatus", value: func(_ *store.Bucket, e store.Entry) string { return string(e.Status()) }},
	{name: "EncryptionStatus", optional: "EncryptionStatus", value: ofContent(func(_ *store.Bucket, e store.Entry) string { return encryption(e.Encryption) })},
	{name: "ObjectLockRetainUntilDate", optional: "ObjectLockRetainUntilDate", value: ofContent(func(_ *store.Bucket, e store.Entry) string {
		if e.Lock.Mode == "" {
			return ""
		}
		return e.Lock.Until.UTC().Format("2006-01-02T15:04:05.000Z")
	})},
	{name: "ObjectLockMode", optional: "ObjectLockMode", value: ofContent(func(_ *store.Bucket, e store.Entry) string { return e.Lock.Mode })},
	{name: "ObjectLockLegalHoldStatus", optional: "ObjectLockLegalHoldStatus", value: ofContent(func(_ *store.Bucket, e store.Entry) string {
		if !e.Lock.HoldSet {
			return ""
		}
		return e.Lock.Hold()
	})},
	{name: "IntelligentTieringAccessTier", optional: "IntelligentTieringAccessTier", value: nothing},
	{name: "BucketKeyStatus", optional: "BucketKeyStatus", value: ofContent(func(_ *store.Bucket, e store.Entry) string {
		if e.Encryption.BucketKey {
			return "ENABLED"
		}
		return "DISABLED"
	})},
	{name: "ChecksumAlgorithm", optional: "ChecksumAlgorithm", value: ofContent(func(_ *store.Bucket, e store.Entry) string { return e.Checksum.Algorithm })},
	{name: "ObjectAccessControlList", optional: "ObjectAccessControlList", value: nothing},
	{name: "ObjectOwner", optional: "ObjectOwner", value: func(b *store.Bucket, e store.Entry) string { return store.CanonicalID(b.OwnerOf(e.Version)) }},
	{name: "LifecycleExpirationDate", optional: "LifecycleExpirationDate", value: nothing},
	{name: "ObjectLockEventHoldStatus", optional: "ObjectLockEventHoldStatus", value: nothing},
	{name: "ObjectLockEventHoldDuration", optional: "ObjectLockEventHoldDuration", value: nothing},
	{name: "IntelligentTieringReferenceDate", optional: "IntelligentTieringReferenceDate", value: nothing},
}

// Optional says whether a configuration may ask for a field of that name.
func Optional(name string) bool {
	for _, f := range fields {
		if f.optional == name && name != "" {
			return true
		}
	}
	return false
}

// nothing is what stands in columns that the sandbox has nothing for.
func nothing(*store.Bucket, store.Entry) string { return "" }

// ofContent leaves the column of a delete marker empty.
func ofContent(value func(*store.Bucket, store.Entry) string) func(*store.Bucket, store.Entry) string {
	return func(b *store.Bucket, e store.Entry) string {
		if e.Marker {
			return ""
		}
		return value(b, e)
	}
}

func encryption(e store.Encryption) string {
	switch {
	case e.CustomerKeyMD5 != "":
		return "SSE-C"
	case e.Algorithm == "aws:kms":
		return "SSE-KMS"
	case e.Algorithm == "aws:kms:dsse":
		return "DSSE-KMS"
	}
	return "SSE-S3"
}
