package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/state"
)

// The kinds of entries that the store keeps in a log.
const (
	entryBucket      = "bucket"
	entryBucketGone  = "bucket-gone"
	entryVersion     = "version"
	entryVersionGone = "version-gone"
	entryUpload      = "upload"
	entryPart        = "upload-part"
	entryUploadGone  = "upload-gone"
	entryIDs         = "ids"
	entryBody        = "body"
	entryHardDeleted = "hard-deleted"
)

type bucketRecord struct {
	Name, Region, Owner  string
	Created, VersionedAt time.Time
	Versioning           Versioning        `json:",omitempty"`
	Settings             map[string]string `json:",omitempty"`
	Tags                 []Tag             `json:",omitempty"`
	Replication          string            `json:",omitempty"`
	Policy               string            `json:",omitempty"`
}

type versionRecord struct {
	Bucket string
	Version
	Pieces []pieceRecord `json:",omitempty"`
}

// pieceRecord is a run of a body's bytes: a file of the body store, or the bytes.
type pieceRecord struct {
	File string `json:",omitempty"`
	Size int64  `json:",omitempty"`
	Data []byte `json:",omitempty"`
	// Sums tell whether the bytes are still those that were written.
	Sums sums `json:",omitempty"`
}

type goneRecord struct {
	Bucket, Key, ID string
	Hard            bool `json:",omitempty"` // somebody deleted it by its id
}

// Persist has all changes from now on written to a log. What is there already
// must be in it, and the body store must be durable.
func (s *Store) Persist(l *state.Log) {
	s.log = l
	s.Bodies.log = l
}

// Dump writes all that is there. Nothing may change meanwhile.
func (s *Store) Dump(write func(kind string, value any)) {
	write(entryIDs, s.count.Load())
	for _, name := range slices.Sorted(maps.Keys(s.buckets)) {
		b := s.buckets[name]
		write(entryBucket, b.record())
		b.dumpHardDeleted(write)
		for _, key := range slices.Sorted(maps.Keys(b.objects)) {
			for _, v := range b.objects[key].versions {
				write(entryVersion, recordOf(b, v))
				b.dumpAnnotations(v, write)
			}
		}
		for _, u := range b.uploads {
			write(entryUpload, uploadRecord{b.Name, *u})
			for _, p := range u.parts {
				write(entryPart, partRecordOf(b, u, p))
			}
		}
	}
}

func (b *Bucket) record() bucketRecord {
	r := bucketRecord{
		Name: b.Name, Region: b.Region, Owner: b.Owner, Created: b.Created, VersionedAt: b.versionedAt,
		Versioning: b.versioning, Tags: b.tags, Policy: string(b.policyText), Settings: map[string]string{},
	}
	for name, doc := range b.settings {
		r.Settings[name] = string(doc)
	}
	if len(b.replication) > 0 {
		if last := b.replication[len(b.replication)-1].configuration; last != nil {
			r.Replication = string(last.Document())
		}
	}
	return r
}

func recordOf(b *Bucket, v *Version) versionRecord {
	r := versionRecord{Bucket: b.Name, Version: *v}
	r.Body = nil
	r.Pieces = v.Body.records()
	return r
}

// records writes down the pieces of a body; nil has none.
func (b *Body) records() (records []pieceRecord) {
	if b == nil {
		return nil
	}
	for _, p := range b.pieces {
		if p.path == "" {
			known := p.sums // those of a body that was damaged on disk stay
			if known == nil {
				known = sumsOf(p.data)
			}
			records = append(records, pieceRecord{Data: p.data, Sums: known})
		} else {
			records = append(records, pieceRecord{File: p.name(), Size: p.size, Sums: p.sums})
		}
	}
	return records
}

// persist and persistVersion log a change; the lock is held.
func (b *Bucket) persist() {
	if b.store.log != nil {
		b.store.log.Append(entryBucket, b.record())
	}
}

func (b *Bucket) persistVersion(v *Version) {
	if b.store.log != nil {
		b.store.log.Append(entryVersion, recordOf(b, v))
	}
}

// Replay takes in an entry of a log and reports whether it is one of the
// store's. It is for a store that nobody uses yet.
func (s *Store) Replay(kind string, value json.RawMessage) (mine bool, err error) {
	switch kind {
	case entryIDs:
		var count uint64
		err = json.Unmarshal(value, &count)
		s.count.Add(count)
	case entryBody:
		err = state.Take(value, func(file string) error {
			s.Bodies.named[file] = true
			return nil
		})
	case entryBucket:
		err = state.Take(value, s.replayBucket)
	case entryBucketGone:
		err = state.Take(value, func(name string) error {
			delete(s.buckets, name)
			maps.DeleteFunc(s.lost, func(v goneRecord, _ bool) bool { return v.Bucket == name })
			return nil
		})
	case entryVersion:
		s.count.Add(1) // at least as many ids have been made
		err = state.Take(value, s.replayVersion)
	case entryVersionGone:
		err = state.Take(value, func(gone goneRecord) error {
			hard := gone.Hard
			gone.Hard = false // lost is a set of versions
			s.forget(gone)
			if b := s.buckets[gone.Bucket]; b != nil && hard {
				b.remember(gone.Key, gone.ID)
			}
			return nil
		})
	case entryHardDeleted:
		err = state.Take(value, s.replayHardDeleted)
	case entryAnnotation:
		err = state.Take(value, s.replayAnnotation)
	case entryAnnotationGone:
		err = state.Take(value, s.replayAnnotationGone)
	case entryUpload:
		s.count.Add(2) // an upload id takes two
		err = state.Take(value, s.replayUpload)
	case entryPart:
		err = state.Take(value, s.replayPart)
	case entryUploadGone:
		err = state.Take(value, s.replayUploadGone)
	default:
		return false, nil
	}
	return true, err
}

func (s *Store) replayBucket(r bucketRecord) error {
	b := s.buckets[r.Name]
	if b == nil {
		b = s.newBucket(r.Name, r.Region, r.Owner)
		s.buckets[r.Name] = b
	}
	b.Created, b.versionedAt, b.versioning, b.tags = r.Created, r.VersionedAt, r.Versioning, r.Tags
	clear(b.settings)
	for name, doc := range r.Settings {
		b.settings[name] = []byte(doc)
	}
	b.policyText, b.policy, b.replication = nil, nil, nil
	if r.Policy != "" {
		parsed, err := policy.Parse(r.Policy, policy.Resource)
		if err != nil {
			return fmt.Errorf("policy of bucket %s: %w", r.Name, err)
		}
		b.policyText, b.policy = []byte(r.Policy), parsed
	}
	if r.Replication != "" {
		c, err := rules.Parse([]byte(r.Replication))
		if err == nil {
			err = c.Check(r.Name)
		}
		if err != nil {
			return fmt.Errorf("replication of bucket %s: %w", r.Name, err)
		}
		b.replication = []configured{{r.Created, c}}
	}
	return nil
}

func (s *Store) replayVersion(r versionRecord) error {
	b := s.buckets[r.Bucket]
	if b == nil {
		return fmt.Errorf("a version in bucket %s, which is not there", r.Bucket)
	}
	v := r.Version
	if before := s.replayed(r.Bucket, r.Key, r.ID); before != nil && before.Ordinal == v.Ordinal {
		v.Annotations = before.Annotations // it is the same one, changed
	}
	s.forget(goneRecord{Bucket: r.Bucket, Key: r.Key, ID: r.ID})
	if !v.Marker {
		body, err := s.Bodies.adopt(r.Pieces)
		if errors.Is(err, errNoPiece) {
			s.lost[goneRecord{Bucket: r.Bucket, Key: r.Key, ID: r.ID}] = true // unless the log says later that it is gone
			return nil
		}
		if err != nil {
			return err
		}
		v.Body = body
	}
	o := b.object(v.Key)
	b.insert(o, &v)
	o.written = max(o.written, v.Ordinal)
	return nil
}

// Lost names the versions that the log has and whose bytes are not there, as
// BUCKET/KEY with the version's ID. It is complete once the log was replayed.
func (s *Store) Lost() (names []string) {
	for v := range s.lost {
		names = append(names, fmt.Sprintf("%s/%s, version %s", v.Bucket, v.Key, v.ID))
	}
	slices.Sort(names)
	return names
}

// forget drops a version, if it is there.
func (s *Store) forget(gone goneRecord) {
	delete(s.lost, gone)
	b := s.buckets[gone.Bucket]
	if b == nil {
		return
	}
	if o := b.objects[gone.Key]; o != nil {
		if i := o.index(gone.ID); i >= 0 {
			written := o.written
			b.remove(gone.Key, o, i)
			o.written = written
		}
	}
}

func pending(targets []Target) bool {
	return slices.ContainsFunc(targets, func(t Target) bool { return t.Status == Pending })
}

// Pending calls with each version that is still to be replicated, or has an
// annotation that is.
func (s *Store) Pending(call func(*Bucket, *Version)) {
	for _, name := range slices.Sorted(maps.Keys(s.buckets)) {
		b := s.buckets[name]
		for _, o := range b.objects {
			for _, v := range o.versions {
				if pending(v.Targets) || slices.ContainsFunc(v.Annotations, func(a Annotation) bool { return pending(a.Targets) }) {
					call(b, v)
				}
			}
		}
	}
}

func (p *piece) name() string { return p.path[strings.LastIndexAny(p.path, `/\`)+1:] }
