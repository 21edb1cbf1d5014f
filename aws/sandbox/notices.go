package sandbox

import (
	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/replicate"
)

// tell returns the function that events of replication are told to, nil if
// nobody asks.
func (s *Sandbox) tell() func(Event) {
	told := s.options.OnEvent
	if s.notices == nil {
		return told
	}
	return func(e Event) {
		s.notices.Tell(s.noticeOf(e))
		if told != nil {
			told(e)
		}
	}
}

// noticeOf writes an event of replication as a notification. Its bucket is nil
// where there is none any more.
func (s *Sandbox) noticeOf(e Event) notify.Event {
	notice := notify.Event{
		Name: e.Name, Key: e.Key, VersionID: e.VersionID, Size: -1, At: e.At,
		Replication: &notify.Replication{
			RuleID: e.RuleID, Destination: e.Destination, Marker: e.Marker, Requested: e.CommittedAt, Reason: e.Reason,
		},
	}
	switch e.Name {
	case replicate.OperationAfterThreshold:
		notice.Replication.Threshold, notice.Replication.Took = replicate.Threshold, e.At.Sub(e.CommittedAt)
	case replicate.OperationMissedThreshold:
		notice.Replication.Threshold = replicate.Threshold
	}
	if b, found := s.store.Bucket(e.Bucket); found {
		notice.Bucket = b
		if v, err := b.Find(e.Key, e.VersionID); err == nil && !v.Marker {
			notice.Size, notice.ETag = v.Size, v.ETag
		}
	}
	return notice
}
