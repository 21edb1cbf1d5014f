package replicate

import (
	"slices"
	"time"

	"bothways/aws/sandbox/store"
)

// deliverVersion writes the replica of an object version or delete marker.
func deliverVersion(t *task, v *store.Version, to *store.Bucket, may May) (reason string) {
	if v.Marker {
		reason = mayReplicateMarker(t, to, may)
	} else {
		reason = mayReplicateObject(t, to, may)
	}
	if reason != "" {
		return reason
	}
	replica := &store.Version{
		Key: v.Key, ID: v.ID, Modified: v.Modified, Marker: v.Marker, Size: v.Size, ETag: v.ETag,
		Headers: v.Headers, Meta: v.Meta, StorageClass: v.StorageClass, Encryption: v.Encryption,
		Checksum: v.Checksum, Parts: v.Parts, Lock: v.Lock, Replica: true,
	}
	if t.rule.Destination.StorageClass != "" {
		replica.StorageClass = t.rule.Destination.StorageClass
	}
	if t.rule.Destination.ReplicaKey != "" && isKMS(v.Encryption) {
		replica.Encryption.KMSKeyID = t.rule.Destination.ReplicaKey
	}
	// Without this permission objects are replicated without their tags (S3
	// User Guide, Setting up permissions for live replication).
	if len(v.Tags) > 0 && may("s3:GetObjectVersionTagging", t.from.ObjectARN(t.key)) {
		replica.Tags = slices.Clone(v.Tags)
	}
	if v.Body != nil {
		replica.Body = v.Body.Retain()
	}
	if _, err := to.Insert(replica); err != nil {
		return DstBucketNotFound
	}
	if t.engine.Report != nil {
		t.engine.Report(Delivery{
			FromBucket: t.from.Name, FromRegion: t.from.Region, ToBucket: to.Name, ToRegion: to.Region,
			Key: v.Key, VersionID: v.ID, Size: v.Size, Marker: v.Marker,
			CommittedAt: t.committed, VisibleAt: time.Now(),
		})
	}
	return ""
}

func mayReplicateObject(t *task, to *store.Bucket, may May) (reason string) {
	object, replica := t.from.ObjectARN(t.key), to.ObjectARN(t.key)
	_, locked := t.from.Setting("object-lock")
	_, lockedThere := to.Setting("object-lock")
	switch {
	case !may("s3:GetObjectVersionForReplication", object) && !may("s3:GetObjectVersion", object):
		return SrcGetObjectNotPermitted
	case !may("s3:GetObjectVersionAcl", object):
		return SrcGetACLNotPermitted
	case locked && !may("s3:GetObjectRetention", object):
		return SrcGetRetentionNotPermitted
	case locked && !may("s3:GetObjectLegalHold", object):
		return SrcGetLegalHoldNotPermitted
	case locked && !lockedThere:
		return DstBucketObjectLockConfigMissing
	case !may("s3:ReplicateObject", replica):
		return DstPutObjectNotPermitted
	}
	return ""
}

func mayReplicateMarker(t *task, to *store.Bucket, may May) (reason string) {
	switch {
	// The permissions model wants ListBucket for access to delete markers.
	case !may("s3:ListBucket", t.from.ARN()):
		return SrcHeadObjectNotPermitted
	case !may("s3:ReplicateDelete", to.ObjectARN(t.key)):
		return DstDelObjNotPermitted
	}
	return ""
}

// deliverTags carries changed tags to a version that is there already.
func deliverTags(t *task, v *store.Version, to *store.Bucket, may May) (reason string) {
	replica := to.ObjectARN(t.key)
	switch {
	case !may("s3:GetObjectVersionTagging", t.from.ObjectARN(t.key)):
		return SrcGetTaggingNotPermitted
	case !may("s3:ReplicateTags", replica) && !may("s3:ReplicateObject", replica):
		return DstPutTaggingNotPermitted
	}
	if _, err := to.Update(t.key, t.id, func(there *store.Version) { there.Tags = slices.Clone(v.Tags) }); err != nil {
		return DstVersionNotFound
	}
	return ""
}
