package replicate

import (
	"slices"

	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// delivery is one attempt to bring a version to its destination. Its methods
// return "" when that is done, else the reason of a failure that no retry
// heals.
type delivery struct {
	*task
	version *store.Version
	to      *store.Bucket
	may     May
}

// object writes the replica of an object version.
func (d *delivery) object() (reason string) {
	for _, check := range []func() string{d.mayRead, d.mayDecrypt, d.mayWrite, d.mayEncrypt} {
		if reason := check(); reason != "" {
			return reason
		}
	}
	v := d.version
	replica := &store.Version{
		Key: v.Key, ID: v.ID, Modified: v.Modified, Size: v.Size, ETag: v.ETag,
		Headers: v.Headers, Meta: v.Meta, StorageClass: v.StorageClass, Encryption: v.Encryption,
		Checksum: v.Checksum, Parts: v.Parts, Lock: d.lock(v.Lock), Replica: true, Owner: d.owner(),
	}
	if d.rule != nil {
		if class := d.rule.Destination.StorageClass; class != "" {
			replica.StorageClass = storageclass.Kept(class)
		}
		if key := d.rule.Destination.ReplicaKey; key != "" && v.Encryption.IsKMS() {
			replica.Encryption.KMSKeyID = key
		}
	}
	// Without this permission objects are replicated without their tags (S3
	// User Guide, Setting up permissions for live replication).
	if len(v.Tags) > 0 && d.may("s3:GetObjectVersionTagging", d.from.ObjectARN(d.key), nil) {
		replica.Tags = slices.Clone(v.Tags)
	}
	if d.carriesACL() {
		replica.ACL = slices.Clone(v.ACL)
	}
	if v.Body != nil {
		replica.Body = v.Body.Retain()
	}
	return d.insert(replica)
}

// marker writes a delete marker. The permissions model wants ListBucket for
// access to delete markers.
func (d *delivery) marker() (reason string) {
	switch {
	case !d.may("s3:ListBucket", d.from.ARN(), nil):
		return SrcHeadObjectNotPermitted
	case !d.may("s3:ReplicateDelete", d.to.ObjectARN(d.key), nil):
		return DstDelObjNotPermitted
	}
	v := d.version
	return d.insert(&store.Version{Key: v.Key, ID: v.ID, Modified: v.Modified, Marker: true, Replica: true})
}

func (d *delivery) insert(replica *store.Version) (reason string) {
	visible, err := d.to.Insert(replica)
	if err != nil {
		return DstBucketNotFound
	}
	if d.engine.Report != nil && !visible.IsZero() {
		d.engine.Report(Delivery{
			FromBucket: d.from.Name, FromRegion: d.from.Region, ToBucket: d.to.Name, ToRegion: d.to.Region,
			Key: replica.Key, VersionID: replica.ID, Size: replica.Size, Marker: replica.Marker,
			CommittedAt: d.committed, VisibleAt: visible,
		})
	}
	return ""
}

// edit carries changed tags, locks and ACLs to a version that is there already.
func (d *delivery) edit() (reason string) {
	replica := d.to.ObjectARN(d.key)
	if reason := d.mayReadLock(); reason != "" {
		return reason
	}
	there, err := d.to.Find(d.key, d.id)
	if err != nil {
		return DstVersionNotFound
	}
	mayWrite := d.may("s3:ReplicateObject", replica, nil)
	switch {
	case slices.Equal(there.Tags, d.version.Tags):
	case !d.may("s3:GetObjectVersionTagging", d.from.ObjectARN(d.key), nil):
		return SrcGetTaggingNotPermitted
	case !d.may("s3:ReplicateTags", replica, nil) && !mayWrite:
		return DstPutTaggingNotPermitted
	}
	acl := there.ACL
	if d.carriesACL() && !slices.Equal(acl, d.version.ACL) {
		acl = slices.Clone(d.version.ACL)
		switch {
		case !d.may("s3:GetObjectVersionAcl", d.from.ObjectARN(d.key), nil):
			return SrcGetACLNotPermitted
		case !mayWrite:
			return DstPutACLNotPermitted
		}
	}
	tags, lock := slices.Clone(d.version.Tags), d.lock(d.version.Lock)
	if _, err := d.to.Update(d.key, d.id, func(v *store.Version) { v.Tags, v.Lock, v.ACL = tags, lock, acl }); err != nil {
		return DstVersionNotFound
	}
	return ""
}

func (d *delivery) mayRead() (reason string) {
	object := d.from.ObjectARN(d.key)
	// GetObjectVersion does not do for objects under KMS (S3 User Guide,
	// Setting up permissions for live replication).
	readable := d.may("s3:GetObjectVersionForReplication", object, nil) ||
		!d.version.Encryption.IsKMS() && d.may("s3:GetObjectVersion", object, nil)
	switch {
	case !readable:
		return SrcGetObjectNotPermitted
	case !d.may("s3:GetObjectVersionAcl", object, nil):
		return SrcGetACLNotPermitted
	}
	return d.mayReadLock()
}

// mayReadLock is about buckets with Object Lock only.
func (d *delivery) mayReadLock() (reason string) {
	if _, locked := d.from.Setting("object-lock"); !locked {
		return ""
	}
	object := d.from.ObjectARN(d.key)
	switch {
	case !d.may("s3:GetObjectRetention", object, nil):
		return SrcGetRetentionNotPermitted
	case !d.may("s3:GetObjectLegalHold", object, nil):
		return SrcGetLegalHoldNotPermitted
	}
	if _, locked := d.to.Setting("object-lock"); !locked {
		return DstBucketObjectLockConfigMissing
	}
	return ""
}

func (d *delivery) mayWrite() (reason string) {
	replica := d.to.ObjectARN(d.key)
	if !d.may("s3:ReplicateObject", replica, nil) ||
		d.version.Encryption.CustomerKeyMD5 != "" && d.to.BlocksCustomerKeys() {
		return DstPutObjectNotPermitted
	}
	if !d.overridesOwner() || d.enforcesOwner() {
		return ""
	}
	if d.rule.Destination.Account != d.to.Owner || !d.may("s3:ObjectOwnerOverrideToBucketOwner", replica, nil) {
		return DstPutACLNotPermitted
	}
	return ""
}

func (d *delivery) overridesOwner() bool { return d.rule != nil && d.rule.Destination.OwnerOverride }

// enforcesOwner says whether the destination owns all that is written to it
// (S3 User Guide, Controlling ownership of objects).
func (d *delivery) enforcesOwner() bool {
	return d.to.EnforcesOwner()
}

// carriesACL says whether replicas have the ACL of their origin, and follow its
// changes: not where they belong to the destination's owner (S3 User Guide,
// Changing the replica owner).
func (d *delivery) carriesACL() bool { return !d.overridesOwner() && !d.enforcesOwner() }

// owner returns who the replica belongs to, "" for the destination's owner: by
// default the owner of the origin.
func (d *delivery) owner() string {
	if d.from.Owner == d.to.Owner || d.overridesOwner() || d.enforcesOwner() {
		return ""
	}
	return d.from.Owner
}

// mayDecrypt checks the key that the origin is encrypted under.
func (d *delivery) mayDecrypt() (reason string) {
	e := d.version.Encryption
	if !e.IsKMS() {
		return ""
	}
	key, found := d.engine.Keys.Find(e.KMSKeyID, d.from.Region, d.from.Owner)
	switch {
	case !found, !key.Usable():
		return SrcKmsKeyInvalidState
	case !d.mayUse("kms:Decrypt", key, d.from):
		return SrcGetObjectNotPermitted
	}
	return ""
}

// mayEncrypt checks the key that the rule names for replicas.
func (d *delivery) mayEncrypt() (reason string) {
	if !d.version.Encryption.IsKMS() || d.rule == nil || d.rule.Destination.ReplicaKey == "" {
		return ""
	}
	name := d.rule.Destination.ReplicaKey
	key, found := d.engine.Keys.Find(name, d.to.Region, d.to.Owner)
	switch {
	case !found, kms.Region(key.ARN) != d.to.Region,
		// Managed keys can't be shared between accounts.
		kms.IsManaged(name) && d.to.Owner != d.from.Owner:
		return DstKmsKeyNotFound
	case !key.Usable():
		return DstKmsKeyInvalidState
	case !d.mayUse("kms:Encrypt", key, d.to):
		return DstPutObjectNotPermitted
	case d.version.Encryption.BucketKey && !d.mayUse("kms:Decrypt", key, d.to):
		// It verifies the bucket key before it is used (S3 User Guide, Using
		// S3 Bucket Keys with replication).
		return DstPutObjectNotPermitted
	}
	return ""
}

// mayUse asks for the use of a key through S3 in the bucket's region. With a
// bucket key the encryption context is the bucket, else the object (S3 User
// Guide, Replicating encrypted objects).
func (d *delivery) mayUse(action string, key kms.Key, b *store.Bucket) bool {
	context := b.ObjectARN(d.key)
	if d.version.Encryption.BucketKey {
		context = b.ARN()
	}
	return d.may(action, key.ARN, kms.Through(b.Region, d.from.Owner, context))
}
