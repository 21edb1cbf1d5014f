package sandbox

import (
	"fmt"

	"bothways/aws/sandbox/store"
)

// Outage cuts a region off until restore is called: requests to it are
// answered with 503, and what is to be replicated from or to it stays PENDING
// and is delivered afterwards, with delays drawn anew.
func (s *Sandbox) Outage(region string) (restore func()) {
	return s.engine.Outage(region)
}

// Reserve takes a bucket name for another account, as the shared namespace of
// the real S3 is full of them.
func (s *Sandbox) Reserve(bucket, region string) error {
	if _, err := s.store.Create(bucket, region, "999999999999"); err != nil {
		return fmt.Errorf("reserving bucket %s: %w", bucket, err)
	}
	return nil
}

// FailureReason says why a version's replication failed, in the words of the
// S3 User Guide's list of failure reasons; "" if it did not. S3 itself tells
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
