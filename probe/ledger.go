package probe

import (
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/aws/pair"
)

// Object is a version that a probe wrote. Cleaning up touches these and
// nothing else.
type Object struct {
	Direction pair.Direction // its origin is the direction's start
	Key       string
	VersionID string // empty while the upload's answer is missing
	SizeBytes int64
}

// record is what the run knows about an object that it has not yet removed.
type record struct {
	Object
	uploadID    string // an open multipart upload
	completing  bool   // its completion was asked for, so there may be a version
	originGone  bool   // the origin's version is deleted
	goneAt      time.Time
	replicaGone bool // the replica is deleted, or can never arrive
}

// ledger lists what was written and is not yet removed.
type ledger struct {
	mu      sync.Mutex
	records map[string]record // by key
}

func newLedger() *ledger { return &ledger{records: map[string]record{}} }

// change applies an edit to the record of a key, made if it is new.
func (l *ledger) change(key string, edit func(*record)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.records[key]
	edit(&entry)
	l.records[key] = entry
}

func (l *ledger) get(key string) record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records[key]
}

func (l *ledger) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.records, key)
}

// open lists what is still there, in the order of the keys.
func (l *ledger) open() []record {
	l.mu.Lock()
	defer l.mu.Unlock()
	records := make([]record, 0, len(l.records))
	for _, entry := range l.records {
		records = append(records, entry)
	}
	slices.SortFunc(records, func(a, b record) int { return strings.Compare(a.Key, b.Key) })
	return records
}
