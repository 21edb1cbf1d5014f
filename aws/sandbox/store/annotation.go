package store

import (
	"slices"
	"strings"
	"time"
)

// Annotation is a named text that is attached to one version of an object (S3
// User Guide, Annotating your objects). It has no versions of its own, and the
// object's ETag is not about it. Like a version it is never changed: Annotate
// puts another one in its place.
type Annotation struct {
	Name     string
	Payload  []byte // in memory, shared by all that are copies of each other
	ETag     string // without quotes
	Modified time.Time
	Checksum Checksum
	// Replica says that replication wrote it; Targets are where it is to be
	// replicated to, each annotation by itself.
	Replica bool     `json:",omitempty"`
	Targets []Target `json:",omitempty"`
}

// MostAnnotations is how many annotations a version can have (S3 User Guide,
// Annotation limits).
const MostAnnotations = 1000

// Status sums up the targets, as a version's.
func (a *Annotation) Status() Status {
	return (&Version{Replica: a.Replica, Targets: a.Targets}).Status()
}

// Annotation returns the annotation of that name.
func (v *Version) Annotation(name string) (Annotation, bool) {
	at, found := v.findAnnotation(name)
	if !found {
		return Annotation{}, false
	}
	return v.Annotations[at], true
}

func (v *Version) findAnnotation(name string) (at int, found bool) {
	return slices.BinarySearchFunc(v.Annotations, name, func(a Annotation, name string) int { return strings.Compare(a.Name, name) })
}

// setAnnotation puts one among the others, which are in the order of their
// names. The version is a copy of the caller's.
func (v *Version) setAnnotation(a Annotation) {
	at, found := v.findAnnotation(a.Name)
	if found {
		v.Annotations[at] = a
		return
	}
	v.Annotations = slices.Insert(v.Annotations, at, a)
}

// Annotate attaches an annotation to a version, in place of one of the same
// name, and returns the version. The check may refuse; decide says where the
// annotation is to be replicated to. Both may be nil.
func (b *Bucket) Annotate(key, id string, a Annotation, check func(*Version) error, decide func(*Version) []Target) (*Version, error) {
	return b.reannotate(key, id, func(v *Version) error {
		if check != nil {
			if err := check(v); err != nil {
				return err
			}
		}
		if decide != nil {
			a.Targets = decide(v)
		}
		v.setAnnotation(a)
		b.store.log.Append(entryAnnotation, annotationRecord{b.Name, key, v.ID, a})
		return nil
	})
}

// Unannotate removes an annotation for good, if it is there. The check may
// refuse.
func (b *Bucket) Unannotate(key, id, name string, check func(*Version) error) (*Version, error) {
	return b.reannotate(key, id, func(v *Version) error {
		if err := check(v); err != nil {
			return err
		}
		at, found := v.findAnnotation(name)
		if found {
			v.Annotations = slices.Delete(v.Annotations, at, at+1)
			b.store.log.Append(entryAnnotationGone, annotationGoneRecord{b.Name, key, v.ID, name})
		}
		return nil
	})
}

// SetAnnotationTarget says where the replication of an annotation to a bucket
// stands, unless it was overwritten since it was written.
func (b *Bucket) SetAnnotationTarget(key, id, name string, written time.Time, target Target) error {
	_, err := b.reannotate(key, id, func(v *Version) error {
		at, found := v.findAnnotation(name)
		if !found || !v.Annotations[at].Modified.Equal(written) {
			return ErrNoSuchVersion
		}
		a := v.Annotations[at]
		whole := Version{Targets: slices.Clone(a.Targets)}
		whole.SetTarget(target)
		a.Targets = whole.Targets
		v.Annotations[at] = a
		b.store.log.Append(entryAnnotation, annotationRecord{b.Name, key, v.ID, a})
		return nil
	})
	return err
}

// reannotate puts a copy of a version with other annotations in its place, whose
// change keeps what it changes itself.
func (b *Bucket) reannotate(key, id string, change func(*Version) error) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.replace(key, id, change)
}

// The log has annotations apart from their versions: a version with a thousand of
// them is written down as often as its metadata change.
const (
	entryAnnotation     = "annotation"
	entryAnnotationGone = "annotation-gone"
)

type annotationRecord struct {
	Bucket, Key, ID string
	Annotation
}

type annotationGoneRecord struct{ Bucket, Key, ID, Name string }

// dumpAnnotations writes down those of a version.
func (b *Bucket) dumpAnnotations(v *Version, write func(kind string, value any)) {
	for _, a := range v.Annotations {
		write(entryAnnotation, annotationRecord{b.Name, v.Key, v.ID, a})
	}
}

// replayAnnotation takes in an annotation. A version that is not there is one
// whose bytes are lost.
func (s *Store) replayAnnotation(r annotationRecord) error {
	if v := s.replayed(r.Bucket, r.Key, r.ID); v != nil {
		v.setAnnotation(r.Annotation)
	}
	return nil
}

func (s *Store) replayAnnotationGone(r annotationGoneRecord) error {
	if v := s.replayed(r.Bucket, r.Key, r.ID); v != nil {
		if at, found := v.findAnnotation(r.Name); found {
			v.Annotations = slices.Delete(v.Annotations, at, at+1)
		}
	}
	return nil
}

// replayed returns a version of a store that nobody uses yet, nil if it is not
// there.
func (s *Store) replayed(bucket, key, id string) *Version {
	b := s.buckets[bucket]
	if b == nil {
		return nil
	}
	v, err := b.find(key, id)
	if err != nil {
		return nil
	}
	return v
}
