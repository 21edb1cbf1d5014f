// Package store holds what the sandbox's S3 holds: buckets in one namespace,
// object versions and delete markers in their order, multipart uploads, and
// bodies in memory or in temporary files.
package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/sandbox/state"
)

// What the store refuses. The API turns these into S3's codes.
var (
	ErrNoSuchBucket       = errors.New("no such bucket")
	ErrBucketExists       = errors.New("bucket exists")
	ErrNameBusy           = errors.New("bucket just deleted")
	ErrNotEmpty           = errors.New("bucket not empty")
	ErrNoSuchKey          = errors.New("no such key")
	ErrNoSuchVersion      = errors.New("no such version")
	ErrNoSuchUpload       = errors.New("no such upload")
	ErrReplicationPresent = errors.New("a replication configuration is present")
	ErrObjectLockPresent  = errors.New("an Object Lock configuration is present")
)

// Store is the namespace of all buckets of all regions and accounts.
type Store struct {
	Bodies *BodyStore
	// Settling and Order are set before the store is used.
	Settling Settling
	Order    Order

	log   *state.Log // nil keeps nothing
	seed  uint64
	count atomic.Uint64 // of ids made

	mu      sync.RWMutex
	buckets map[string]*Bucket
	freed   map[string]time.Time // names of deleted buckets that are not free yet
	lost    map[goneRecord]bool  // of the log, without their bytes
}

// New makes an empty store whose ids depend on seed.
func New(bodies *BodyStore, seed uint64) *Store {
	return &Store{Bodies: bodies, seed: seed, buckets: map[string]*Bucket{}, freed: map[string]time.Time{}, lost: map[goneRecord]bool{}}
}

// Bucket returns the named bucket.
func (s *Store) Bucket(name string) (*Bucket, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, found := s.buckets[name]
	return b, found
}

// Create makes a bucket. Where the name is taken it returns that bucket and
// ErrBucketExists, and ErrNameBusy for one that was deleted a moment ago.
func (s *Store) Create(name, region, owner string) (*Bucket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, found := s.buckets[name]; found {
		return b, ErrBucketExists
	}
	if freed, found := s.freed[name]; found {
		if time.Since(freed) < s.Settling.NameFree {
			return nil, ErrNameBusy
		}
		delete(s.freed, name)
	}
	b := s.newBucket(name, region, owner)
	s.buckets[name] = b
	b.persist()
	return b, nil
}

func (s *Store) newBucket(name, region, owner string) *Bucket {
	return &Bucket{
		Name: name, Region: region, Owner: owner, Created: time.Now(), store: s,
		objects: map[string]*object{}, uploads: map[string]*Upload{}, settings: map[string][]byte{},
	}
}

// Delete removes an empty bucket; its unfinished multipart uploads go with it.
func (s *Store) Delete(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, found := s.buckets[name]
	if !found {
		return ErrNoSuchBucket
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.empty() {
		return ErrNotEmpty
	}
	b.gone = true
	for _, u := range b.uploads {
		u.release()
	}
	b.uploads = nil
	delete(s.buckets, name)
	s.log.Append(entryBucketGone, name)
	if s.Settling.NameFree > 0 {
		s.freed[name] = time.Now()
	}
	return nil
}

// Buckets lists all buckets.
func (s *Store) Buckets() []*Bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.buckets))
}

// Owned lists the buckets of an account by name.
func (s *Store) Owned(owner string) []*Bucket {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var owned []*Bucket
	for _, b := range s.buckets {
		if b.Owner == owner {
			owned = append(owned, b)
		}
	}
	slices.SortFunc(owned, func(a, b *Bucket) int { return strings.Compare(a.Name, b.Name) })
	return owned
}

// versionAlphabet is that of real version ids, which need no escaping in a
// query.
var versionAlphabet = base64.NewEncoding(
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._")

// newID makes an id of 32 characters that no other call gets, and that bears
// the mark by which Issued knows it.
func (s *Store) newID() string {
	var material [24]byte
	binary.LittleEndian.PutUint64(material[0:], s.seed)
	binary.LittleEndian.PutUint64(material[8:], s.count.Add(1))
	binary.LittleEndian.PutUint64(material[16:], uint64(time.Now().UnixNano()))
	sum := sha256.Sum256(material[:])
	return MarkedID([idMark]byte(sum[:idMark]))
}

// MarkedID makes the version id of 18 bytes that are this version's alone.
func MarkedID(bytes [idMark]byte) string {
	var id [24]byte
	copy(id[:], bytes[:])
	copy(id[idMark:], markOf(bytes[:]))
	return versionAlphabet.EncodeToString(id[:])
}

// BytesOfID returns the bytes that a version id was made of, false for one that
// no sandbox made.
func BytesOfID(id string) (bytes [idMark]byte, issued bool) {
	var raw [24]byte
	if len(id) != versionAlphabet.EncodedLen(len(raw)) {
		return bytes, false
	}
	if _, err := versionAlphabet.Decode(raw[:], []byte(id)); err != nil {
		return bytes, false
	}
	copy(bytes[:], raw[:])
	return bytes, string(raw[idMark:]) == string(markOf(bytes[:]))
}

// idMark is where in the bytes of an id its mark begins.
const idMark = 18

// markOf returns what marks an id as one that a sandbox made.
func markOf(id []byte) []byte {
	var marked [len("version") + idMark]byte
	copy(marked[copy(marked[:], "version"):], id)
	sum := sha256.Sum256(marked[:])
	return sum[:24-idMark]
}

// Issued says whether a version id is one that a sandbox made at some time, be
// the version gone or not. As with S3's, nobody can make one up.
func Issued(id string) bool {
	if id == NullID {
		return true
	}
	_, issued := BytesOfID(id)
	return issued
}
