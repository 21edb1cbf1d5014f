// Package canary follows the canaries of a drill: what was written in each
// direction, what arrived, and what the rest shows. The canaries are the probes
// of one measurement that goes on over the whole drill, so that each of its
// phases is read from the same record.
package canary

import (
	"cmp"
	"math"
	"slices"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// Canary is one object that was acknowledged on its origin. Times are
// milliseconds from the canaries' start, on one monotonic clock.
type Canary struct {
	Direction pair.Direction
	Key       string
	VersionID string
	Bytes     int64
	PostedMS  float64 // the answer to its upload began
	// It is there since a moment in (LowMS, HighMS]: absent when asked at the
	// former, there when answered at the latter. HighMS is +Inf as long as nothing
	// showed it.
	LowMS, HighMS float64
	// Ended says that nobody asks for it any more.
	Ended bool
	// Unusable: this computer slept meanwhile, or S3 said that its replication
	// failed; Why says which.
	Unusable bool
	Why      string
}

// Missing is how a canary stood at an instant.
type Missing int

// What is known of a canary at an instant.
const (
	There Missing = iota
	Absent
	Unknown
)

// At says what is known of the canary at an instant.
func (c Canary) At(ms float64) Missing {
	switch {
	case c.HighMS <= ms:
		return There
	case c.LowMS >= ms && c.LowMS > c.PostedMS:
		return Absent
	}
	return Unknown
}

// FromSample is the canary of a probe that ended, and whether it was written at
// all. began is when the measurement did.
func FromSample(s probe.Sample, began time.Time) (Canary, bool) {
	if s.VersionID == "" && s.Outcome == probe.Failed {
		return Canary{}, false // its upload failed
	}
	posted := milliseconds(s.SinceStart(began))
	c := Canary{
		Direction: s.Direction, Key: s.Key, VersionID: s.VersionID, Bytes: s.SizeBytes, PostedMS: posted,
		LowMS: posted + s.BracketMS[0], HighMS: math.Inf(1), Ended: true, Why: s.Detail,
	}
	switch s.Outcome {
	case probe.Replicated:
		c.HighMS = posted + s.BracketMS[1]
	case probe.Failed, probe.Suspended:
		c.Unusable = true
	case probe.GaveUp, probe.Interrupted:
	}
	return c, true
}

// Flock is the canaries of a drill so far.
type Flock struct {
	began    time.Time
	lastMiss func(key string) time.Time
	flying   map[string]Canary
	landed   []Canary
	// refused counts the uploads of each direction that failed.
	refused [2]int
}

// NewFlock follows the probes of a measurement. lastMiss says when the last poll
// that missed was sent, see probe.Runner.
func NewFlock(lastMiss func(key string) time.Time) *Flock {
	return &Flock{lastMiss: lastMiss, flying: map[string]Canary{}}
}

// Take takes one event of the measurement.
func (f *Flock) Take(e pair.Event) {
	switch e := e.(type) {
	case probe.RunEvent:
		f.began = e.StartedAt
	case probe.PostedEvent:
		ms := e.SinceStartMS
		f.flying[e.Key] = Canary{
			Direction: e.Direction, Key: e.Key, VersionID: e.VersionID, Bytes: e.SizeBytes, PostedMS: ms, LowMS: ms, HighMS: math.Inf(1),
		}
	case probe.Sample:
		delete(f.flying, e.Key)
		if c, written := FromSample(e, f.began); written {
			f.landed = append(f.landed, c)
		} else {
			f.refused[e.Direction]++
		}
	}
}

// Began is when the canaries' clock starts; zero before.
func (f *Flock) Began() time.Time { return f.began }

// MS is an instant in milliseconds from the canaries' start.
func (f *Flock) MS(at time.Time) float64 { return milliseconds(at.Sub(f.began)) }

// Refused counts a direction's uploads that failed.
func (f *Flock) Refused(d pair.Direction) int { return f.refused[d] }

// All are a direction's canaries in the order in which they were acknowledged.
func (f *Flock) All(d pair.Direction) []Canary {
	var all []Canary
	for _, c := range f.landed {
		if c.Direction == d {
			all = append(all, c)
		}
	}
	for key, c := range f.flying {
		if c.Direction == d {
			all = append(all, f.known(key, c))
		}
	}
	slices.SortFunc(all, func(a, b Canary) int { return cmp.Or(cmp.Compare(a.PostedMS, b.PostedMS), cmp.Compare(a.Key, b.Key)) })
	return all
}

// Waiting counts the canaries of both directions that were acknowledged by an
// instant, and that nothing shows on the other side yet.
func (f *Flock) Waiting(untilMS float64) (n int) {
	for _, c := range f.landed {
		if c.PostedMS <= untilMS && math.IsInf(c.HighMS, 1) && !c.Unusable {
			n++
		}
	}
	for _, c := range f.flying {
		if c.PostedMS <= untilMS {
			n++
		}
	}
	return n
}

// known remembers the latest miss: the measurement forgets it a little before
// the sample comes.
func (f *Flock) known(key string, c Canary) Canary {
	if missed := f.lastMiss(key); !missed.IsZero() {
		c.LowMS = max(c.LowMS, f.MS(missed))
		f.flying[key] = c
	}
	return c
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
