package probe

import "time"

// since is an instant in milliseconds from the run's start, on the monotonic
// clock.
func (r *run) since(t time.Time) float64 { return milliseconds(t.Sub(r.began)) }

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
		return time.Duration(ms * float64(time.Millisecond))
	}
	return at.Sub(began)
}

// SleptEvent says that time was lost while probes were in flight: this computer
// slept, its clock was set and nothing told that from sleep, or this process
// stood still. The probes that it may falsify end as suspended. On the run's
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

// suspended says whether lost time falsifies what was measured in a period, and
// tells of every loss once.
func (r *run) suspended(s period) bool {
	lost, news := r.clock.lostBetween(s)
	for _, j := range news {
		r.emit(SleptEvent{
			At: j.after, SinceStartMS: r.since(j.after),
			UnseenMS: milliseconds(j.after.Sub(j.before)), LostMS: milliseconds(j.drift),
		})
	}
	return lost
}
