package replicate

import (
	"time"

	"bothways/aws/sandbox/store"
)

// Threshold is the only one that Replication Time Control has (S3 User Guide,
// Using S3 Replication Time Control).
const Threshold = 15 * time.Minute

// Event names, as S3 sends them (S3 User Guide, Receiving replication failure
// events with Amazon S3 Event Notifications).
const (
	OperationFailed          = "s3:Replication:OperationFailedReplication"
	OperationMissedThreshold = "s3:Replication:OperationMissedThreshold"
	OperationAfterThreshold  = "s3:Replication:OperationReplicatedAfterThreshold"
	OperationNotTracked      = "s3:Replication:OperationNotTracked"
)

// Event is what S3 tells of a replication besides the status. Failures, and
// what is not tracked any more because its origin was deleted, are reported for
// rules with metrics, thresholds for rules with Replication Time Control; there
// is no event of success.
type Event struct {
	Name           string
	Bucket, Region string // the origin's
	Destination    string // bucket
	RuleID         string
	Key, VersionID string
	Reason         string // of a failure
	Marker         bool   // a delete marker
	CommittedAt    time.Time
	At             time.Time
}

func (t *task) tell(name, reason string) {
	if t.engine.Event == nil || t.rule == nil {
		return
	}
	needed := t.rule.Destination.TimeControl
	if name == OperationFailed || name == OperationNotTracked {
		needed = t.rule.Destination.Metrics
	}
	if !needed {
		return
	}
	t.engine.Event(Event{
		Name: name, Bucket: t.from.Name, Region: t.from.Region, Destination: t.to, RuleID: t.rule.ID,
		Key: t.key, VersionID: t.id, Reason: reason, Marker: t.marker, CommittedAt: t.committed, At: time.Now(),
	})
}

// missThreshold runs when the threshold of Replication Time Control passes.
func (t *task) missThreshold() {
	v, err := t.from.Find(t.key, t.id)
	if err != nil {
		return // deleted for good meanwhile
	}
	if target, found := v.Target(t.to); found && target.Status == store.Pending {
		t.late = true
		t.tell(OperationMissedThreshold, "")
	}
}
