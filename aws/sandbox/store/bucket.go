package store

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// Versioning is a bucket's versioning state.
type Versioning string

// The states. A bucket can't go back to NeverSet.
const (
	NeverSet  Versioning = ""
	Enabled   Versioning = "Enabled"
	Suspended Versioning = "Suspended"
)

// Bucket is one bucket with its settings, objects and uploads.
type Bucket struct {
	Name    string
	Region  string
	Owner   string // account id
	Created time.Time

	store *Store
	base  Base // nil: there is only what was written

	mu          sync.RWMutex
	gone        bool // deleted while a request held on to it
	objects     map[string]*object
	keys        keyList
	uploads     map[string]*Upload
	completed   map[string]completion // by upload id
	versioning  Versioning
	settings    map[string][]byte // documents by the name of their sub-resource
	tags        []Tag
	versionedAt time.Time // when versioning was first enabled
	reads       atomic.Uint64
	replication []configured
	policyText  []byte
	policy      *policy.Document
	hardDeleted map[uint64]struct{} // versions that were deleted by their ids
}

// object is a key with at least one version, newest first. One without covers a
// key of the base whose versions were all deleted.
type object struct {
	versions []*Version
	written  uint64 // versions ever written
}

// ARN returns the bucket's resource name.
func (b *Bucket) ARN() string { return "arn:" + b.Partition() + ":s3:::" + b.Name }

// ObjectARN returns the resource name of a key.
func (b *Bucket) ObjectARN(key string) string { return b.ARN() + "/" + key }

// Partition returns the partition that the bucket's region is in.
func (b *Bucket) Partition() string {
	switch {
	case strings.HasPrefix(b.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(b.Region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(b.Region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}

// Versioning returns the versioning state.
func (b *Bucket) Versioning() Versioning {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.versioning
}

// SetVersioning changes the versioning state. It refuses to suspend with
// ErrReplicationPresent or ErrObjectLockPresent.
func (b *Bucket) SetVersioning(state Versioning) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if state != Enabled {
		if _, locked := b.settings["object-lock"]; locked {
			return ErrObjectLockPresent
		}
		if b.replicationAt(time.Now()) != nil {
			return ErrReplicationPresent
		}
	}
	if state == Enabled && b.versionedAt.IsZero() {
		b.versionedAt = time.Now()
	}
	b.versioning = state
	b.persist()
	return nil
}

// Setting returns the document of a sub-resource.
func (b *Bucket) Setting(name string) ([]byte, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	doc, found := b.settings[name]
	return doc, found
}

// SettingsOf lists the ids of a kind of settings of which there are several.
func (b *Bucket) SettingsOf(kind string) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var ids []string
	for name := range b.settings {
		if id, found := strings.CutPrefix(name, kind+"/"); found {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// SetSetting stores the document of a sub-resource; nil removes it.
func (b *Bucket) SetSetting(name string, doc []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.persist()
	if doc == nil {
		delete(b.settings, name)
		return
	}
	b.settings[name] = doc
}

// BlocksCustomerKeys says whether the bucket refuses objects that are encrypted
// with keys of the customer (S3 User Guide, Blocking or unblocking SSE-C).
func (b *Bucket) BlocksCustomerKeys() bool {
	doc, _ := b.Setting("encryption")
	return bytes.Contains(doc, []byte("<EncryptionType>SSE-C<"))
}

// OwnerOf returns whose a version is: without ACLs the bucket's owner has all
// that lies in it, whoever wrote it and when (S3 User Guide, Controlling
// ownership of objects).
func (b *Bucket) OwnerOf(v *Version) string {
	if v.Owner == "" || b.EnforcesOwner() {
		return b.Owner
	}
	return v.Owner
}

// Tags returns the bucket's tags.
func (b *Bucket) Tags() []Tag {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.tags
}

// SetTags replaces the bucket's tags; none removes them.
func (b *Bucket) SetTags(tags []Tag) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tags = slices.Clone(tags)
	b.persist()
}

// UpdateTags changes the bucket's tags by a copy of what they are; the change
// may refuse.
func (b *Bucket) UpdateTags(change func([]Tag) ([]Tag, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	tags, err := change(slices.Clone(b.tags))
	if err != nil {
		return err
	}
	b.tags = tags
	b.persist()
	return nil
}

// Policy returns the bucket policy, as it was put and parsed, or nil.
func (b *Bucket) Policy() ([]byte, *policy.Document) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.policyText, b.policy
}

// SetPolicy replaces the bucket policy; nil removes it.
func (b *Bucket) SetPolicy(text []byte, parsed *policy.Document) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.policyText, b.policy = text, parsed
	b.persist()
}

// clone copies a version deeply enough that changing the copy changes
// nothing that a reader of the original sees.
func (v *Version) clone() *Version {
	c := *v
	c.Headers = maps.Clone(v.Headers)
	c.Meta = maps.Clone(v.Meta)
	c.Tags = slices.Clone(v.Tags)
	c.Targets = slices.Clone(v.Targets)
	c.ACL = slices.Clone(v.ACL)
	c.Annotations = slices.Clone(v.Annotations)
	return &c
}
