package cause

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// state is what HEAD of a version says of its being there.
type state int

const (
	unasked state = iota
	there         // HEAD answered with it
	marker        // it is a delete marker there: 405 (S3 API reference, HeadObject)
	absent        // 404
	refused       // 403: whether it is there is not known
	sealed        // 400: it is under a key of its writer (SSE-C)
	silent        // no answer, or none that tells anything
)

// fact is what one side said of a version.
type fact struct {
	state state
	// why is the answer in words, where it tells nothing.
	why string
	at  time.Time // when it was asked, by S3's clock where it told

	status     string // of replication
	encryption string // "", AES256, aws:kms, aws:kms:dsse
	kmsKey     string
	class      string // "" is STANDARD
	archived   bool   // it has to be restored before it can be read
	restored   bool   // there is a copy out of the archive
	tagCount   int
	lock       string // Object Lock, in words, or ""
	// sums are the checksums by their algorithms; composite says that they are
	// of the parts' checksums. sumsUnread is why there are none.
	sums       map[string]string
	composite  bool
	sumsUnread string

	metadata map[string]string // a user's own, and the headers that are kept with an object

	// What is asked for only where something hangs on it.
	tags         []types.Tag
	tagsUnread   string
	parts        []int64 // the sizes of the parts, in bytes
	partsUnread  string
	versions     []difference.Entry // of the key on this side
	versionsMore bool
	versionsWhy  string       // why they are not known, or ""
	about        surroundings // of a marker
	heir         *heir        // of a version that the other side lost
}

func (f fact) found() bool { return f.state == there }

// status are those of the origin (PENDING, COMPLETED, FAILED) and of a replica.
const (
	pending  = string(types.ReplicationStatusPending)
	failed   = string(types.ReplicationStatusFailed)
	replica  = string(types.ReplicationStatusReplica)
	complete = string(types.ReplicationStatusCompleted)
)

func (f fact) isKMS() bool {
	return f.encryption == string(types.ServerSideEncryptionAwsKms) || f.encryption == string(types.ServerSideEncryptionAwsKmsDsse)
}

// encryptionWords say how it is encrypted.
func (f fact) encryptionWords() string {
	switch {
	case f.encryption == "":
		return "not encrypted"
	case f.kmsKey != "":
		return "under the KMS key " + f.kmsKey
	case f.isKMS():
		return "under a KMS key"
	}
	return "under S3's own keys"
}

// facts are what both sides said.
type facts map[pair.SideName]fact

// since is the other versions of a key that are newer than one: the time from
// which it was noncurrent, as far as they tell; zero: it is current, or was.
func (f fact) since(e difference.Entry) (noncurrent time.Time, newer int) {
	for _, v := range f.versions {
		if v.VersionID == e.VersionID || !v.Modified.After(e.Modified) {
			continue
		}
		newer++
		if noncurrent.IsZero() || v.Modified.Before(noncurrent) {
			noncurrent = v.Modified
		}
	}
	return noncurrent, newer
}
