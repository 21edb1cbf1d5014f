package probe

import "bothways/aws/pair"

// Level ranks a notice.
type Level string

// The levels of a notice.
const (
	Info    Level = "info"
	Warning Level = "warning"
)

// NoticeEvent says once what keeps polls from proving anything, or what the
// reader of the samples should know: expired credentials, a missing right, an
// endpoint that answers for another bucket.
type NoticeEvent struct {
	Level Level         `json:"level"`
	Side  pair.SideName `json:"side,omitempty"`
	Text  string        `json:"text"`
}

// EventName implements pair.Event.
func (NoticeEvent) EventName() string { return "notice" }

// LeftObject is one version that may still lie in a bucket.
type LeftObject struct {
	Side      pair.SideName `json:"side"`
	Bucket    string        `json:"bucket"`
	Key       string        `json:"key"`
	VersionID string        `json:"version_id"`
	Why       string        `json:"why"`
}

// LeftEvent lists what a run could not clean up, or could not be sure of: a
// replica may arrive after its origin was deleted. It is a run's last event,
// and missing when nothing is left.
type LeftEvent struct {
	Objects []LeftObject `json:"objects"`
}

// EventName implements pair.Event.
func (LeftEvent) EventName() string { return "left" }
