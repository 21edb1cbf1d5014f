// Package notify is what S3 tells queues, topics and functions of the events in
// a bucket, by the bucket's notification configuration. Those services are not
// here: the messages go to a log.
package notify

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"bothways/aws/sandbox/store"
)

// Event is something that happened in a bucket.
type Event struct {
	// Name is that of the event's type, for example "s3:ObjectCreated:Put".
	Name   string
	Bucket *store.Bucket
	Key    string
	// VersionID is "" where the bucket was never versioned, ETag where there is
	// no content.
	VersionID, ETag string
	// Size is the content's in bytes, -1 where there is none.
	Size int64
	At   time.Time
	// Cause is the request that it comes from; nil stands for S3 itself.
	Cause *Cause
	// Replication says more of a replication, nil of anything else.
	Replication *Replication
}

// Cause is a request that has led to an event.
type Cause struct {
	// PrincipalID is the unique id of who sent it, "" of nobody known.
	PrincipalID       string
	SourceIP          string
	RequestID, HostID string
}

// Replication is what the event of a replication says besides.
type Replication struct {
	RuleID, Destination string // a bucket
	Marker              bool
	// Requested is when the version was written at its origin.
	Requested time.Time
	// Reason is why it failed, "" if it did not.
	Reason string
	// Threshold is how long a replication may take, 0 where that is not told;
	// Took is how long it took, 0 if it has not ended.
	Threshold, Took time.Duration
}

// Log writes messages, one a line. A nil Log writes none.
type Log struct {
	mu     sync.Mutex
	to     io.Writer
	failed error
}

// NewLog makes a log that writes to w.
func NewLog(w io.Writer) *Log { return &Log{to: w} }

// Tell writes a message for each of the bucket's notifications that asks for
// the event. A failure to write is kept for Err.
func (l *Log) Tell(e Event) {
	if l == nil || e.Bucket == nil {
		return
	}
	doc, found := e.Bucket.Setting("notification")
	if !found {
		return
	}
	for _, id := range asking(doc, e.Name, e.Key) {
		line, err := json.Marshal(messageOf(e, id))
		l.write(append(line, '\n'), err)
	}
}

func (l *Log) write(line []byte, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		_, err = l.to.Write(line)
	}
	if err != nil && l.failed == nil {
		l.failed = fmt.Errorf("writing event notifications: %w", err)
	}
}

// Err returns the first failure to write.
func (l *Log) Err() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}
