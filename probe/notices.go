package probe

import (
	"strings"

	"bothways/aws/pair"
	"bothways/probe/wording"
)

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
	// Access is set where the notice is that the side's credentials have to be
	// renewed, or that they were.
	Access AccessChange `json:"access,omitempty"`
}

// AccessChange is what became of a side's credentials.
type AccessChange string

// The changes of access.
const (
	AccessLost     AccessChange = "lost"
	AccessRegained AccessChange = "regained"
)

// EventName implements pair.Event.
func (NoticeEvent) EventName() string { return "notice" }

// LeftObject is one version, or one unfinished multipart upload, that may
// still lie in a bucket.
type LeftObject struct {
	Side   pair.SideName `json:"side"`
	Bucket string        `json:"bucket"`
	Key    string        `json:"key"`
	// VersionID is empty for an upload, and where the answer that would have
	// named the version was lost.
	VersionID string `json:"version_id"`
	UploadID  string `json:"upload_id,omitempty"` // of an unfinished upload, which is no version
	Why       string `json:"why"`
	// Refused says that removing it was tried and failed; otherwise it may not
	// even be there.
	Refused bool `json:"refused,omitempty"`
}

// LeftText counts what is left: "2 versions and 1 unfinished upload".
func LeftText(objects []LeftObject) string {
	uploads := 0
	for _, o := range objects {
		if o.UploadID != "" {
			uploads++
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{len(objects) - uploads, "version"}, {uploads, "unfinished upload"}} {
		if part.n > 0 {
			parts = append(parts, wording.Count(part.n, part.what))
		}
	}
	return strings.Join(parts, " and ")
}

// LeftEvent lists what a run could not clean up, or could not be sure of: a
// replica may arrive after its origin was deleted. It is one of a run's last
// events, and missing when nothing is left.
type LeftEvent struct {
	Objects []LeftObject `json:"objects"`
}

// Refused are those that could not be removed.
func (e LeftEvent) Refused() []LeftObject {
	var refused []LeftObject
	for _, o := range e.Objects {
		if o.Refused {
			refused = append(refused, o)
		}
	}
	return refused
}

// EventName implements pair.Event.
func (LeftEvent) EventName() string { return "left" }
