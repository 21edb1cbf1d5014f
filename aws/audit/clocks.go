package audit

import (
	"fmt"
	"time"

	"bothways/aws/audit/listing"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

const (
	// clocksApart is how far the servers' clocks may differ, and computerApart how
	// far this computer's from them: S3 takes requests that are at most 15 minutes
	// old (Amazon S3 API Reference, RequestTimeTooSkewed).
	clocksApart   = 5 * time.Minute
	computerApart = 15 * time.Minute
)

// ClocksError says that clocks differ by which it is told what is too young to be
// missed: an audit would leave out what is missing, and call the rest fine.
type ClocksError struct {
	Sides    map[pair.SideName]time.Time
	Computer time.Time
}

func (e *ClocksError) Error() string {
	at := func(t time.Time) string { return t.UTC().Format(time.DateTime) }
	a, b := e.Sides[pair.A], e.Sides[pair.B]
	apart, between := a.Sub(b).Abs(), "Those of the sides"
	for _, side := range pair.Sides() {
		if off := e.Sides[side].Sub(e.Computer).Abs(); a.Sub(b).Abs() <= clocksApart && off > apart {
			apart, between = off, "This computer's and those of the sides"
		}
	}
	return fmt.Sprintf("the clocks differ: side A's says %s UTC, side B's %s UTC, this computer's %s UTC. %s are %s apart, so that what is too young to be missed can't be told. "+
		"Set this computer's clock, or leave out what changes the date of answers on the way, then audit again",
		at(a), at(b), at(e.Computer), between, wording.Duration(apart.Round(time.Second)))
}

// clocks is an error where the servers' clocks, as their answers are dated, are too
// far apart, or too far from this computer's. Answers without a date say nothing.
func clocks(pages []listing.Page, now time.Time) error {
	told := &ClocksError{Sides: map[pair.SideName]time.Time{}, Computer: now}
	for i, side := range pair.Sides() {
		if pages[i].Date.IsZero() {
			return nil
		}
		told.Sides[side] = pages[i].Date
	}
	a, b := told.Sides[pair.A], told.Sides[pair.B]
	if a.Sub(b).Abs() > clocksApart || a.Sub(now).Abs() > computerApart || b.Sub(now).Abs() > computerApart {
		return told
	}
	return nil
}
