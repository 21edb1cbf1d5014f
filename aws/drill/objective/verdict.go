package objective

import (
	"fmt"
	"slices"
	"time"

	"bothways/aws/drill/record"
	"bothways/probe/wording"
)

// Held is a figure beside its target.
type Held int

// How a figure stands to its target.
const (
	NoTarget   Held = iota
	Met             // the whole interval is within it
	Missed          // the whole interval is beyond it
	CantBeTold      // the target lies within the interval
)

// Against holds an interval, in milliseconds, against a target; 0 is none.
func Against(lowMS, highMS float64, target time.Duration) Held {
	ms := float64(target) / float64(time.Millisecond)
	switch {
	case target == 0:
		return NoTarget
	case highMS <= ms:
		return Met
	case lowMS > ms:
		return Missed
	}
	return CantBeTold
}

// Reached are the facts that a verdict goes by.
type Reached struct {
	Stopped string // why the drill was turned aside before its end, or ""
	Error   string // what did not work, or ""
	// Unisolated: the fault never showed within the time box.
	Unisolated bool
	RPO, RTO   Held
	Converged  bool // both sides held the same, twice
	// Restored: both configurations equal what they were. Unread: at least one could
	// not be read, so that whether they do is not known.
	Restored, Unread bool
	// Retagged: a bucket's tags are not what they were. TagsUnread: a drill that
	// changed them could not read them before or after, so that it is not known.
	Retagged, TagsUnread bool
	// Slower names directions that are shown to be slower after than before.
	Slower []string
	Left   []string
	// Silent names alarms that did not ring, or of which that is not known.
	Silent []string
}

// Judge says how a drill ended, its reasons worst first.
func Judge(r Reached) (record.Verdict, record.Undo, []string) {
	undo := record.Complete
	var why []string
	if !r.Restored || r.Retagged || r.TagsUnread || len(r.Left) > 0 {
		undo = record.Incomplete
		switch {
		case r.Restored:
		case r.Unread:
			why = append(why, "whether replication is set up as it was is not known: a configuration could not be read")
		default:
			why = append(why, "replication is not set up as it was")
		}
		switch {
		case r.Retagged:
			why = append(why, "the tags of a bucket are not what they were")
		case r.TagsUnread:
			why = append(why, "whether the buckets' tags are what they were is not known: they could not be read both times")
		}
		if len(r.Left) > 0 {
			why = append(why, fmt.Sprintf("%s left behind", wording.Count(len(r.Left), "thing")))
		}
	}
	verdict := record.Passed
	worse := func(v record.Verdict, reason string) {
		order := []record.Verdict{record.Passed, record.Failed, record.Stopped, record.Errored}
		if slices.Index(order, v) > slices.Index(order, verdict) {
			verdict = v
		}
		why = append(why, reason)
	}
	if r.Error != "" {
		worse(record.Errored, r.Error)
	}
	if r.Stopped != "" {
		worse(record.Stopped, r.Stopped)
	}
	if r.Unisolated {
		worse(record.Failed, "isolation was not reached within the time box")
	}
	for _, name := range r.Silent {
		worse(record.Failed, "the alarm "+name+" was not seen to ring")
	}
	for _, one := range []struct {
		held Held
		name string
	}{{r.RPO, "RPO"}, {r.RTO, "RTO"}} {
		switch one.held {
		case Missed:
			worse(record.Failed, "the target for the "+one.name+" was missed")
		case CantBeTold:
			worse(record.Failed, "the "+one.name+" may have missed its target: the interval holds both")
		case NoTarget, Met:
		}
	}
	if verdict == record.Passed || verdict == record.Failed {
		if !r.Converged {
			worse(record.Failed, "the two sides did not come to hold the same again")
		}
		for _, d := range r.Slower {
			worse(record.Failed, d+" is slower than before")
		}
	}
	return verdict, undo, why
}
