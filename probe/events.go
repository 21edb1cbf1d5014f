package probe

import (
	"math"
	"time"

	"bothways/aws/pair"
	"bothways/probe/polling"
)

// Outcome is how a probe ended.
type Outcome string

// The outcomes, in the words of the JSON lines.
const (
	Replicated  Outcome = "replicated"  // the replica was read: the bracket holds the instant
	GaveUp      Outcome = "gave_up"     // not there within the limit: right-censored, never dropped
	Failed      Outcome = "failed"      // the upload failed, S3 reported FAILED, or no rule covered it: no measurement
	Interrupted Outcome = "interrupted" // the run was stopped first: right-censored
	Suspended   Outcome = "suspended"   // this computer slept meanwhile: not a measurement
)

// Censored says whether the probe only shows that it took longer than the
// bracket's lower end.
func (o Outcome) Censored() bool { return o == GaveUp || o == Interrupted }

// RunEvent opens a probe run: what was asked for. One a run, first.
type RunEvent struct {
	RunID     string       `json:"run_id"`
	Pair      pair.Pair    `json:"pair"`
	Sizes     []int64      `json:"sizes_bytes"`
	Rounds    int          `json:"rounds"` // 0: until stopped, or for ForMS
	ForMS     int64        `json:"for_ms,omitempty"`
	EveryMS   int64        `json:"every_ms"`
	LimitMS   int64        `json:"limit_ms"`
	TargetMS  int64        `json:"target_ms,omitempty"` // what the times are held against
	Pace      polling.Pace `json:"pace"`
	Seed      uint64       `json:"seed"`
	MaxRate   int          `json:"max_rate,omitempty"` // requests a second
	StartedAt time.Time    `json:"started_at"`
}

// Planned counts the probes that the run was to start; 0: it had no end.
func (e RunEvent) Planned() int {
	return polling.Schedule{
		Sizes: e.Sizes, Rounds: e.Rounds,
		For: time.Duration(e.ForMS) * time.Millisecond, Every: time.Duration(e.EveryMS) * time.Millisecond,
	}.Planned()
}

// EventName implements pair.Event.
func (RunEvent) EventName() string { return "probe" }

// RTTEvent reports the smallest round-trip time seen to a side's region
// during warm-up, in milliseconds, over N HEADs.
type RTTEvent struct {
	Side  pair.SideName `json:"side"`
	MinMS float64       `json:"min_ms"`
	N     int           `json:"n"`
}

// EventName implements pair.Event.
func (RTTEvent) EventName() string { return "rtt" }

// StartedEvent is a probe's intent, emitted before its upload begins, so that
// the object can be found again whatever happens.
type StartedEvent struct {
	Key       string         `json:"key"`
	Direction pair.Direction `json:"direction"`
	SizeBytes int64          `json:"size_bytes"`
	Round     int            `json:"round"` // from 1
	PlannedAt time.Time      `json:"planned_at"`
	At        time.Time      `json:"at"`
	// SinceStartMS is At on the run's own clock: milliseconds from RunEvent's
	// StartedAt, monotonic, so that a wall clock that is set moves nothing.
	// All events that have it count so. 0: not known, as in older journals.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
}

// EventName implements pair.Event.
func (StartedEvent) EventName() string { return "started" }

// PostedEvent says that the upload is acknowledged: the clock of the reported
// duration starts at PostedAt.
type PostedEvent struct {
	Key       string         `json:"key"`
	Direction pair.Direction `json:"direction"`
	SizeBytes int64          `json:"size_bytes"`
	VersionID string         `json:"version_id"`
	PostedAt  time.Time      `json:"posted_at"`
	// SinceStartMS is PostedAt in milliseconds from the run's start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
	UploadMS     float64 `json:"upload_ms"` // as that of a Sample
}

// EventName implements pair.Event.
func (PostedEvent) EventName() string { return "posted" }

// Sample is the result of one probe. Every probe that was started yields
// exactly one. Times are milliseconds from PostedAt on one monotonic clock.
type Sample struct {
	Direction pair.Direction `json:"direction"`
	SizeBytes int64          `json:"size_bytes"`
	Key       string         `json:"key"`
	VersionID string         `json:"version_id"`
	Round     int            `json:"round"`
	// PlannedAt is the start that the schedule wanted. Who asks how long a
	// write takes from the moment it was due counts from here.
	PlannedAt time.Time `json:"planned_at,omitzero"`
	// PostedAt is the first byte of the answer to PutObject, or the end of the
	// answer to CompleteMultipartUpload (S3 begins that answer before the
	// object is there). It is the zero of DurationMS and BracketMS. Where the
	// upload did not succeed it is the instant when that was known.
	PostedAt time.Time `json:"posted_at"`
	// SinceStartMS is PostedAt in milliseconds from the run's start, on the
	// same clock as the durations; 0: not known, as in older journals.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
	// DurationMS is the bracket's midpoint, but no later than the poll that
	// found the replica was sent, nor than the run's limit; of a held answer
	// the bracket's upper end, or that limit; of a censored outcome its lower
	// end: it took longer than that.
	DurationMS float64 `json:"duration_ms"`
	// BracketMS is (last miss sent, first hit received]; for a censored
	// outcome both are the last miss sent.
	BracketMS [2]float64 `json:"bracket_ms"`
	// CommitBracketMS is the strict bound from commit to visible: its upper
	// end counts from the last byte of the request instead.
	CommitBracketMS [2]float64 `json:"commit_bracket_ms"`
	// CorrectedMS estimates the time from commit to visible: DurationMS and
	// half a round trip to the origin, for the way back of the upload's
	// answer, within CommitBracketMS and the run's limit. Of a censored outcome
	// it is a lower end too.
	CorrectedMS float64 `json:"corrected_ms,omitempty"`
	// LeftCensored: no poll missed before the hit, so the bracket starts at 0
	// ("at most").
	LeftCensored bool `json:"left_censored"`
	// Held: the answer that showed the replica took far longer than a round
	// trip. Some stores keep a HEAD waiting until the object is whole; then it
	// is there when the answer comes, and not halfway between that and the
	// last miss. Nothing proves it of one answer, so its end is a bound.
	Held      bool `json:"held,omitempty"`
	HEADs     int  `json:"heads"`               // all polls, unknown ones included
	Unknowns  int  `json:"unknowns"`            // polls that proved nothing: neither hit nor miss
	Throttled int  `json:"throttled,omitempty"` // of the unknowns: the side asked for fewer requests
	// UploadMS is from the start to the acknowledgement. Of a multipart upload
	// it holds what its requests waited for their turn in the run's rate.
	UploadMS float64 `json:"upload_ms"`
	LateMS   float64 `json:"late_ms"` // start after the planned instant, a wait for credentials included
	// Late flags a start that was more than LateAfter behind its plan.
	Late bool `json:"late,omitempty"`
	// Unconfirmed: the other side lists the version and lets it be read, but
	// does not show the status REPLICA, so nothing says that it is a replica.
	Unconfirmed bool    `json:"unconfirmed,omitempty"`
	Outcome     Outcome `json:"outcome"`
	Detail      string  `json:"detail,omitempty"` // why, where the outcome is not replicated
	// Completed is the second end point, filled in by readers of a whole run:
	// it comes later, as a CompletedEvent of the same key.
	Completed *Completion `json:"completed,omitempty"`
}

// AtMost says whether of an arrival only the bracket's upper end is known, so
// that no point within stands for it.
func (s Sample) AtMost() bool { return s.Outcome == Replicated && (s.LeftCensored || s.Held) }

// LateAfter is how much later than planned a probe may start unflagged.
const LateAfter = 250 * time.Millisecond

// EventName implements pair.Event.
func (Sample) EventName() string { return "sample" }

// Completion is when a probe's origin showed that it is replicated, by HEADs
// of the origin at a lower rate than those of the replica. Times are
// milliseconds from the sample's PostedAt.
type Completion struct {
	// DurationMS and BracketMS are as those of a Sample: (last status that was
	// not COMPLETED asked for, first COMPLETED received].
	DurationMS   float64    `json:"duration_ms"`
	BracketMS    [2]float64 `json:"bracket_ms"`
	LeftCensored bool       `json:"left_censored"` // COMPLETED at the first look
	HEADs        int        `json:"heads"`         // of the origin
	Unknowns     int        `json:"unknowns"`
	// Outcome is replicated where COMPLETED was seen; gave_up, failed,
	// interrupted and suspended are as those of a Sample.
	Outcome Outcome `json:"outcome"`
	Detail  string  `json:"detail,omitempty"`
}

// CompletedEvent is the second end point of a probe. Every probe that was
// posted yields one, after its sample.
type CompletedEvent struct {
	Key       string         `json:"key"`
	Direction pair.Direction `json:"direction"`
	SizeBytes int64          `json:"size_bytes"`
	// SinceStartMS is the sample's PostedAt, the zero of these times, in
	// milliseconds from the run's start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
	Completion
}

// EventName implements pair.Event.
func (CompletedEvent) EventName() string { return "completed" }

// BiasEvent says how much shorter than from commit to visible each direction
// reads from where this process runs: half a round trip to the side that is
// written to, because the clock starts when the upload's answer arrives. The
// way of a poll and the way of its answer cancel out in the bracket's middle.
type BiasEvent struct {
	AtoBMS float64 `json:"a_to_b_ms"`
	BtoAMS float64 `json:"b_to_a_ms"`
	// DifferenceMS is how much slower A → B seems than it is, held against
	// B → A: the false asymmetry that CorrectedMS is free of.
	DifferenceMS float64 `json:"difference_ms"`
}

// EventName implements pair.Event.
func (BiasEvent) EventName() string { return "bias" }

// StallEvent says that nothing has arrived for unusually long while probes
// wait, or, with Stalled false, that something arrived again. A stall that
// lasts to the run's end is told a second time there, with its whole length.
type StallEvent struct {
	Direction pair.Direction `json:"direction"`
	Stalled   bool           `json:"stalled"`
	QuietMS   float64        `json:"quiet_ms"` // since the last arrival, or since the first of those that wait was posted
	InFlight  int            `json:"in_flight"`
	OldestMS  float64        `json:"oldest_ms"` // age of the oldest in flight
	At        time.Time      `json:"at"`
	// SinceStartMS is At in milliseconds from the run's start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
}

// EventName implements pair.Event.
func (StallEvent) EventName() string { return "stall" }

// Content is what comparing checksums on both sides says.
type Content string

// The results of comparing checksums.
const (
	SameContent    Content = "same"
	OtherContent   Content = "different"
	UnknownContent Content = "unknown" // one side shows no checksum of the other's kind
)

// LoopEvent is the loop check of one replicated sample: the object reads
// COMPLETED at its origin, REPLICA at the other side, one version on each: it
// did not come back.
type LoopEvent struct {
	Key       string         `json:"key"`
	Direction pair.Direction `json:"direction"`
	Origin    string         `json:"origin"`  // x-amz-replication-status there
	Replica   string         `json:"replica"` // x-amz-replication-status there
	// OriginVersions and ReplicaVersions count versions and markers of the
	// key on each side.
	OriginVersions  int  `json:"origin_versions"`
	ReplicaVersions int  `json:"replica_versions"`
	OK              bool `json:"ok"`
	// Content compares the checksums that both sides show; Checksum names the
	// kinds that agree, such as CRC64NVME.
	Content  Content `json:"content,omitempty"`
	Checksum string  `json:"checksum,omitempty"`
	// Unknown: something could not be asked, so nothing is claimed.
	Unknown bool   `json:"unknown,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

// EventName implements pair.Event.
func (LoopEvent) EventName() string { return "loop" }

// CleanedEvent says whether a probe's versions were deleted on both sides.
type CleanedEvent struct {
	Key    string `json:"key"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// EventName implements pair.Event.
func (CleanedEvent) EventName() string { return "cleaned" }

// SinceStart is when the upload was acknowledged, from the run's start on. Only
// samples of journals that lack it are placed by the wall clock, by which the
// run began at began.
func (s Sample) SinceStart(began time.Time) time.Duration {
	return sinceStart(s.SinceStartMS, s.PostedAt, began)
}

// SinceStart is when the event happened, from the run's start on, as that of a
// Sample.
func (e StallEvent) SinceStart(began time.Time) time.Duration {
	return sinceStart(e.SinceStartMS, e.At, began)
}

func sinceStart(ms float64, at, began time.Time) time.Duration {
	if ms > 0 {
		return Duration(ms)
	}
	return at.Sub(began)
}

// SleptEvent says that time was lost while probes were in flight: this computer
// slept, or its clock was set and nothing told that from sleep. In earlier
// versions also that this process stood still, which loses none. The probes that it may falsify end as suspended. On the run's
// own clock, which stands still during sleep, it takes next to no time.
type SleptEvent struct {
	At time.Time `json:"at"` // when it was noticed
	// SinceStartMS is At in milliseconds from the run's start.
	SinceStartMS float64 `json:"since_start_ms,omitzero"`
	// UnseenMS is how long before that nothing was looked at: it happened in
	// that time.
	UnseenMS float64 `json:"unseen_ms"`
	// LostMS is by how much the wall clock ran ahead of the run's; about 0
	// where only this process stood still.
	LostMS float64 `json:"lost_ms"`
}

// EventName implements pair.Event.
func (SleptEvent) EventName() string { return "slept" }

// Duration is a number of milliseconds, as events have them, rounded to the
// nanosecond and kept within what a duration can hold.
func Duration(ms float64) time.Duration {
	return time.Duration(math.Round(min(ms, math.MaxInt64/2e6) * float64(time.Millisecond)))
}
