package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// truth writes what really happened, for those who check measurements.
type truth struct {
	mu     sync.Mutex
	to     io.Writer
	failed error
}

// write adds a line for a replica. A failure to write is reported when the
// sandbox is closed.
func (t *truth) write(d Delivery) {
	if d.Marker {
		return // no replica that could be read
	}
	line, err := json.Marshal(struct {
		Bucket      string    `json:"bucket"`
		Key         string    `json:"key"`
		VersionID   string    `json:"version_id"`
		CommittedAt time.Time `json:"committed_at"`
		VisibleAt   time.Time `json:"visible_at"`
	}{d.ToBucket, d.Key, d.VersionID, d.CommittedAt.UTC(), d.VisibleAt.UTC()})
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		_, err = t.to.Write(append(line, '\n'))
	}
	if err != nil && t.failed == nil {
		t.failed = fmt.Errorf("writing the truth about replicas: %w", err)
	}
}

func (t *truth) err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}
