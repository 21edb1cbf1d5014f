package generate

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"time"

	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// version is one version of an object, in the object's bucket.
type version struct {
	*object
	number int
	hash   uint64
}

func (o *object) version(number int) version {
	return version{o, number, mix(o.hash + uint64(number)<<1)}
}

// isPlanted says whether the version is the one that a difference is about; odd,
// whether it is otherwise here.
func (v version) isPlanted() bool { return v.planted != nil && v.number == v.planted.version }
func (v version) odd() bool       { return v.isPlanted() && v.bucket == v.planted.odd }

func (v version) is(kind string) bool { return v.isPlanted() && v.planted.kind == kind }

// share says whether what a hash was made for is among a share of all.
func share(hash uint64, of float64) bool {
	return of > 0 && float64(hash>>11)/(1<<53) < of
}

func (v version) null() bool {
	if v.planted != nil {
		return v.kind.null && v.isPlanted()
	}
	return v.number == 1 && share(mix(v.object.hash^1), v.family.Nulls)
}

func (v version) marker() bool {
	if v.planted != nil && v.kind.swapped > 0 && v.number >= v.count-v.kind.swapped {
		return v.planted.kind == "conflict_deleted" && v.number == v.count-1
	}
	if v.isPlanted() {
		return v.kind.marker
	}
	return share(mix(v.hash^2), v.family.Markers)
}

// writtenOnItsOwn says that each side has written the version by itself.
func (v version) writtenOnItsOwn() bool {
	return v.is("null_later") || v.is("null_other")
}

// origin returns the bucket that the version was written in.
func (v version) origin() int {
	switch {
	case v.planted != nil && v.kind.swapped > 0 && v.number == v.count:
		return v.planted.odd
	case v.planted != nil && (v.isPlanted() || v.kind.swapped > 0 && v.number == v.count-1):
		return v.planted.origin
	}
	return int(mix(v.hash^3) % uint64(len(v.set.buckets)))
}

// modified returns when the version was written: the versions of a key lie in as
// many equal parts of the time from the oldest age to the youngest.
func (v version) modified() time.Time {
	const seconds = 9
	if v.isPlanted() && v.kind.newest {
		return v.set.at.Add(-time.Duration(1+v.hash%seconds) * time.Second)
	}
	if v.planted != nil && v.kind.swapped == 1 && v.number == v.count {
		return v.object.version(v.number - 1).modified().Add(time.Second)
	}
	oldest, youngest := time.Duration(v.family.Oldest), time.Duration(v.family.Youngest)
	part := (oldest - youngest) / time.Duration(v.count)
	within := time.Duration(v.hash % uint64(part/2))
	if v.isPlanted() && v.kind.null {
		within = part / 4
		if v.writtenOnItsOwn() && v.odd() {
			within = part / 2
		}
	}
	age := oldest - part*time.Duration(v.number-1) - within
	return v.set.at.Add(-age).Truncate(time.Second)
}

// id returns the version id, which holds the number.
func (v version) id() string {
	if v.null() {
		return store.NullID
	}
	salt := uint64(0)
	if v.is("marker_other_id") && v.odd() {
		salt = 1 << 63
	}
	var bytes [18]byte
	binary.LittleEndian.PutUint64(bytes[0:], mix(v.object.hash^uint64(v.number)^salt))
	binary.LittleEndian.PutUint64(bytes[8:], mix(v.hash^4^salt))
	binary.LittleEndian.PutUint16(bytes[16:], uint16(v.hash))
	return store.MarkedID(bytes)
}

// numberOf reads the number of a version from its id.
func (o *object) numberOf(id string) (number int, issued bool) {
	bytes, issued := store.BytesOfID(id)
	held := unmix(binary.LittleEndian.Uint64(bytes[:])) ^ o.hash
	held &^= 1 << 63
	return int(min(held, math.MaxInt32)), issued
}

// content returns the bytes of the version.
func (v version) content() content {
	sizes := v.family.Sizes
	size := int64(sizes[mix(v.hash^5)%uint64(len(sizes))])
	own := mix(v.hash ^ 6)
	if v.planted != nil && size < signature {
		size = fallback
	}
	if v.odd() {
		switch v.planted.kind {
		case "different", "null_other":
			own = mix(own)
		case "size":
			if size = oddSize; v.sameSize(sizes) {
				size = fallback
			}
		}
	}
	return content{size, own}
}

// sameSize says whether the version has oddSize by the document.
func (v version) sameSize(sizes []int) bool {
	return sizes[mix(v.hash^5)%uint64(len(sizes))] == oddSize
}

func (v version) kms() bool {
	return v.isPlanted() && v.kind.kms || v.is("reencrypted") && v.odd()
}

func (v version) etag() string {
	if !v.kms() {
		return v.set.digests.etag(v.content())
	}
	var raw [16]byte // no MD5
	binary.LittleEndian.PutUint64(raw[0:], mix(v.hash^7))
	binary.LittleEndian.PutUint64(raw[8:], mix(v.hash^8))
	return hex.EncodeToString(raw[:])
}

func (v version) class() string {
	if v.isPlanted() && v.kind.class != "" {
		return v.kind.class
	}
	return storageclass.Kept(v.family.Class)
}

// list fills in what listings tell.
func (v version) list(into *store.Version) {
	into.Key, into.ID, into.Modified = v.key, v.id(), v.modified()
	if into.Marker = v.marker(); into.Marker {
		return
	}
	into.Size, into.ETag, into.StorageClass = v.content().size, v.etag(), v.class()
	into.Checksum = store.Checksum{Algorithm: checksumName, Type: "FULL_OBJECT"}
}

// rest fills in what listings do not tell.
func (v version) rest(into *store.Version) {
	v.replicated(into)
	if into.Marker {
		return
	}
	bytes := v.content()
	into.Body = store.NewBody(bytes, bytes.size)
	into.Checksum.Value = bytes.checksum()
	into.Headers = map[string]string{"Content-Type": "binary/octet-stream"}
	into.Encryption = store.Encryption{Algorithm: "AES256"}
	if v.kms() {
		into.Encryption.Algorithm = "aws:kms"
	}
}

// replicated fills in where the replication of the version stands.
func (v version) replicated(into *store.Version) {
	from := v.origin()
	if v.writtenOnItsOwn() {
		return
	}
	if v.bucket != from {
		into.Replica = true
		return
	}
	for i, to := range v.set.buckets {
		if i == from {
			continue
		}
		target := store.Target{Bucket: to.Name, RuleID: "generated", Status: store.Completed}
		if v.isPlanted() && i == v.planted.odd && v.kind.missing == other && !v.arrived {
			if target.Status = v.kind.status; target.Status == "" {
				continue
			}
			if target.Status == store.Failed {
				target.Reason = "DstPutObjectNotPermitted"
			}
		}
		into.Targets = append(into.Targets, target)
	}
}
