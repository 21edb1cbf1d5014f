package backfill

import (
	"time"

	"bothways/aws/pair"
)

// Planned opens a backfill in its journal: what it stands on.
type Planned struct {
	Pair     pair.Pair                `json:"pair"`
	Accounts map[pair.SideName]string `json:"accounts"`
	Audit    Audit                    `json:"audit"`
}

// EventName implements pair.Event.
func (Planned) EventName() string { return "backfill" }

// Durable says that the line must be on the disk before the first step.
func (Planned) Durable() bool { return true }

// Job says which job carries a direction out, as soon as that is known.
type Job struct {
	Direction pair.Direction `json:"direction"`
	ID        string         `json:"job_id"`
	// Found says that an earlier run had asked for it.
	Found bool `json:"found,omitempty"`
	// Cancel is the line that ends it.
	Cancel string `json:"cancel"`
}

// EventName implements pair.Event.
func (Job) EventName() string { return "backfill_job" }

// Durable says that it must be on the disk before the run goes on.
func (Job) Durable() bool { return true }

// Progress is where a direction's job stands.
type Progress struct {
	Direction pair.Direction `json:"direction"`
	JobID     string         `json:"job_id"`
	// State is one of S3's: New, Preparing, Ready, Active, Suspended, Paused …
	State  string `json:"state"`
	Done   int64  `json:"done"` // tasks that succeeded
	Failed int64  `json:"failed"`
	Total  int64  `json:"total"` // 0: not known yet
	// PerSecond are tasks a second, since the job began to work.
	PerSecond float64       `json:"tasks_per_second"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	// Left is the projected time to the end; negative: it can't be told yet.
	Left time.Duration `json:"left_ns"`
	Note string        `json:"note,omitempty"` // what it waits for
}

// EventName implements pair.Event.
func (Progress) EventName() string { return "backfill_progress" }

// Copy is a version that is written again in place, or a delete marker that is
// placed: before the call, and after it with what came of it.
type Copy struct {
	Side      pair.SideName `json:"side"`
	Key       string        `json:"key"`
	VersionID string        `json:"version_id,omitempty"` // that is copied
	Marker    bool          `json:"marker,omitempty"`
	Begins    bool          `json:"begins,omitempty"`
	Made      string        `json:"made,omitempty"` // the version ID of the copy, or of the marker
	Lost      string        `json:"lost,omitempty"` // what the copy does not have
	Why       string        `json:"why,omitempty"`  // it was not done
}

// EventName implements pair.Event.
func (Copy) EventName() string { return "backfill_copy" }

// Durable says that the intent must be on the disk before its call.
func (c Copy) Durable() bool { return c.Begins }

// Left is a version that is not put right, with why and what helps.
type Left struct {
	Number    int64           `json:"number"` // counts from 1
	Direction *pair.Direction `json:"direction,omitempty"`
	Key       string          `json:"key"`
	VersionID string          `json:"version_id,omitempty"`
	// Reason is why nothing was done about it, or "" where it was tried.
	Reason Reason `json:"reason,omitempty"`
	Code   string `json:"code,omitempty"` // of the job's report
	Words  string `json:"words"`
	Todo   string `json:"todo"`
}

// EventName implements pair.Event.
func (Left) EventName() string { return "backfill_left" }

// Result closes a backfill.
type Result struct {
	// Tried counts what was to be put right, There what is there by now, and
	// Pending what is still on its way.
	Tried   int64 `json:"tried"`
	There   int64 `json:"there"`
	Pending int64 `json:"pending"`
	// Missing were tried and are not there.
	Missing int64 `json:"missing"`
	// Differ are there and hold something else than where they come from.
	Differ int64 `json:"differ,omitempty"`
	// Unlike are there, while the sides serve different versions of their keys.
	Unlike int64 `json:"unlike,omitempty"`
	// Blind of those that are there have the same size, and no ETag or checksum
	// tells whether they hold the same.
	Blind int64 `json:"blind,omitempty"`
	// Stood are those that needed nothing any more when the backfill was planned.
	Stood int64 `json:"stood,omitempty"`
	// Unknown could not be looked at.
	Unknown int64 `json:"unknown,omitempty"`
	// Untried are differences that were left alone, by their reason.
	Untried map[Reason]int64 `json:"untried,omitempty"`
	// Copied are versions that were written again in place, Marked delete markers
	// that were placed.
	Copied int64 `json:"copied,omitempty"`
	Marked int64 `json:"marked,omitempty"`
	// Gone are versions that are on neither side any more.
	Gone int64 `json:"gone,omitempty"`
	// At is when the last of them was looked at.
	At time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Result) EventName() string { return "backfill_result" }

// Durable says that it must be on the disk.
func (Result) Durable() bool { return true }

// Left is how many of those that were to be put right are not.
func (r Result) Left() int64 { return r.Pending + r.Missing + r.Differ + r.Unlike + r.Unknown }

// Alone counts the differences that were left alone.
func (r Result) Alone() int64 {
	var sum int64
	for _, n := range r.Untried {
		sum += n
	}
	return sum
}
