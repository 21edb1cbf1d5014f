package sandbox

import (
	"errors"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/store"
)

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
