package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/store"
)

// HardDeleted says whether a version was deleted by its id.
func (s *Sandbox) HardDeleted(bucket, key, versionID string) bool {
	b, found := s.store.Bucket(bucket)
	return found && b.HardDeleted(key, versionID)
}

// FailureReason says why a version's replication failed, in the words of the
// S3 User Guide's list of failure reasons; "" if it did not. S3 itself reports
// it in event notifications only.
func (s *Sandbox) FailureReason(bucket, key, versionID string) string {
	b, found := s.store.Bucket(bucket)
	if !found {
		return ""
	}
	v, err := b.Find(key, versionID)
	if err != nil {
		return ""
	}
	for _, t := range v.Targets {
		if t.Status == store.Failed {
			return t.Reason
		}
	}
	return ""
}

// Expire does what a lifecycle rule does to the newest version of a key when
// its time has come, and reports whether it did: it puts a delete marker,
// which is never replicated. A version whose replication is PENDING or FAILED
// is left alone (S3 User Guide, Lifecycle and other bucket configurations).
func (s *Sandbox) Expire(bucket, key string) bool {
	b, found := s.store.Bucket(bucket)
	if !found {
		return false
	}
	_, err := b.Delete(key, func(newest *store.Version) error {
		if newest == nil || newest.Marker || newest.Status() == store.Pending || newest.Status() == store.Failed {
			return errNotDue
		}
		return nil
	}, nil)
	return err == nil
}

var errNotDue = errors.New("lifecycle leaves this version alone")

// Outage cuts a region off until restore is called.
func (s *Sandbox) Outage(region string) (restore func()) {
	return s.engine.Obstruct(replicate.Obstacle{Region: region})
}

// CutDirection stops replication from one region to another until restore.
func (s *Sandbox) CutDirection(from, to string) (restore func()) {
	return s.engine.Obstruct(replicate.Obstacle{From: from, To: to})
}

// Committed returns when the newest version of a key was written, which lists
// and headers tell to the second alone.
func (s *Sandbox) Committed(bucket, key string) time.Time {
	b, _ := s.store.Bucket(bucket)
	v, err := b.Find(key, "")
	if err != nil {
		return time.Time{}
	}
	return v.Modified
}

// Grow puts an object of many bytes, which share those of one MiB.
func (s *Sandbox) Grow(bucket, key string, size int64) {
	b, _ := s.store.Bucket(bucket)
	write := func(n int64) *store.Body {
		body, err := s.bodies.Write(bytes.NewReader(make([]byte, n)), io.Discard)
		if err != nil {
			panic(err)
		}
		return body
	}
	const piece = 1 << 20
	one, parts := write(piece), []*store.Body{write(size % piece)}
	for range size / piece {
		parts = append(parts, one)
	}
	if _, err := b.Commit(&store.Version{Key: key, Size: size, Body: store.Join(parts)}, nil, nil); err != nil {
		panic(err)
	}
}

// Fill puts so many empty objects into a bucket at once.
func (s *Sandbox) Fill(bucket string, objects int) {
	b, _ := s.store.Bucket(bucket)
	body, err := s.bodies.Write(bytes.NewReader(nil), io.Discard)
	if err != nil {
		panic(err)
	}
	for i := range objects {
		if _, err := b.Commit(&store.Version{Key: fmt.Sprintf("k%06d", i), Body: body.Retain()}, nil, nil); err != nil {
			panic(err)
		}
	}
}
