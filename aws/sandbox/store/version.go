package store

import (
	"time"

	"bothways/aws/sandbox/replicate/rules"
)

// NullID is the version id of what was written while versioning was not
// enabled.
const NullID = "null"

// Version is one version of an object, or a delete marker. A version that can
// be reached from a bucket is never changed: Bucket.Update puts a changed copy
// in its place, so readers need no lock.
type Version struct {
	Key string
	ID  string
	// Ordinal counts the versions written to this key in this bucket, from 1.
	Ordinal  uint64
	Modified time.Time // the creation time, kept by replicas
	Marker   bool      // a delete marker: nothing below holds
	Body     *Body
	Size     int64
	ETag     string // without quotes
	// Headers holds what S3 stores and gives back as it is: Content-Type,
	// Cache-Control and the like, by canonical name.
	Headers      map[string]string
	Meta         map[string]string // user metadata without the x-amz-meta- prefix
	StorageClass string            // "" means STANDARD
	Encryption   Encryption
	Tags         []Tag
	Checksum     Checksum
	Parts        []Part // of a multipart upload, in order
	Lock         Lock
	Restored     Restored
	// Owner is the account that the version belongs to, "" for the bucket's
	// owner.
	Owner string
	// ACL holds the grants, nil for full control of the owner alone.
	ACL []Grant `json:",omitempty"`
	// Annotations are those attached to it, by name.
	Annotations []Annotation `json:"-"`
	// Replica says that replication wrote it.
	Replica bool
	// Targets are where it is to be replicated to.
	Targets []Target
}

// Encryption is how the version is said to be encrypted at rest.
type Encryption struct {
	Algorithm string // AES256, aws:kms …
	KMSKeyID  string
	BucketKey bool
	// CustomerKeyMD5 is the MD5 of the customer's key in base64, "" if S3 or
	// KMS holds the key. With it there is no Algorithm.
	CustomerKeyMD5 string `json:",omitempty"`
}

// IsKMS says whether a key of KMS encrypts.
func (e Encryption) IsKMS() bool { return e.Algorithm == "aws:kms" || e.Algorithm == "aws:kms:dsse" }

// Lock is what Object Lock holds against deleting the version.
type Lock struct {
	Mode      string // GOVERNANCE, COMPLIANCE, or "" for no retention
	Until     time.Time
	LegalHold bool
	HoldSet   bool // that a legal hold was ever set, be it to off
}

// Hold returns the status of the legal hold.
func (l Lock) Hold() string {
	if l.LegalHold {
		return "ON"
	}
	return "OFF"
}

// Restored is when an archived version is within reach for a while.
type Restored struct{ From, Until time.Time }

// Covers says whether the version is within reach at that instant.
func (r Restored) Covers(t time.Time) bool { return !t.Before(r.From) && t.Before(r.Until) }

// Tag is a key and a value.
type Tag struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

// Checksum is the additional checksum of a version or part.
type Checksum struct {
	Algorithm string // CRC32, CRC32C, CRC64NVME, SHA1, SHA256; "" if none
	Value     string // base64, with "-N" if composite
	Type      string // FULL_OBJECT or COMPOSITE
}

// Part is one part of a version that a multipart upload made.
type Part struct {
	Number   int
	Size     int64
	Checksum Checksum
}

// Status is where the replication of a version stands, in the words of the
// x-amz-replication-status header (S3 User Guide, Getting replication status
// information).
type Status string

// The statuses.
const (
	Pending   Status = "PENDING"
	Completed Status = "COMPLETED"
	Failed    Status = "FAILED"
	Replica   Status = "REPLICA"
)

// Target is one destination of a version's replication.
type Target struct {
	Bucket string // the name
	RuleID string
	Status Status // PENDING, COMPLETED or FAILED
	Reason string // of FAILED: S3's failure reason, which no HEAD shows
	// Edit says that what is PENDING is a change of metadata of a version
	// that the destination has already.
	Edit bool
	// Batch says that a task of S3 Batch Replication made it PENDING.
	Batch bool `json:",omitempty"`
	// Rule is the rule as it was when the version was written; nil after a
	// restart if there is no rule of that id any more.
	Rule *rules.Rule `json:"-"`
}

// Status sums up the targets: FAILED if any failed, COMPLETED only when all
// are done, "" if the version was never eligible.
func (v *Version) Status() Status {
	sum := Status("")
	for _, t := range v.Targets {
		switch {
		case t.Status == Failed:
			return Failed
		case t.Status == Pending:
			sum = Pending
		case sum == "":
			sum = Completed
		}
	}
	if v.Replica && (sum == "" || sum == Completed) {
		return Replica
	}
	return sum
}

// IsNull says whether the version has the null id.
func (v *Version) IsNull() bool { return v.ID == NullID }

// SetTarget adds a target or replaces the one of the same bucket. It is for
// use within Bucket.Update.
func (v *Version) SetTarget(t Target) {
	for i := range v.Targets {
		if v.Targets[i].Bucket == t.Bucket {
			v.Targets[i] = t
			return
		}
	}
	v.Targets = append(v.Targets, t)
}

// Target returns the target of that bucket.
func (v *Version) Target(bucket string) (Target, bool) {
	for _, t := range v.Targets {
		if t.Bucket == bucket {
			return t, true
		}
	}
	return Target{}, false
}
