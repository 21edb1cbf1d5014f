// Package backfill puts right what an audit found missing, as a plan that is
// reviewed first: for each direction a manifest of exactly the versions that are
// missing and a job of S3 Batch Replication that carries it out, and, where that
// was agreed to, copies in place and delete markers. Then it looks at exactly
// those versions again, says what is left and why, and takes away what it made.
package backfill

import (
	"fmt"
	"iter"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// Audit is what the rows come from.
type Audit struct {
	RunID    string    `json:"run_id"`
	Pair     pair.Pair `json:"pair"`
	Prefix   string    `json:"prefix,omitempty"`
	Finished time.Time `json:"finished,omitzero"`
	Complete bool      `json:"complete"`
	Why      string    `json:"why,omitempty"` // it is not
}

// Asked is what a backfill is to do.
type Asked struct {
	Audit Audit
	// Rows are the audit's differences. They are gone through more than once. nil:
	// there is no audit, and only what an earlier run left is finished.
	Rows iter.Seq2[difference.Difference, error]
	// Unfinished agrees to the rows of an audit that did not come to its end.
	Unfinished bool
	// Copies agrees to writing again, as new versions, what Batch refuses.
	Copies bool
	// Winner chooses what a key gets where the sides serve different content, and
	// agrees to writing it again as a new version.
	Winner inplace.Winner
	// Markers agrees to hiding on one side what the other side's delete markers hide.
	Markers bool
	// Buckets are those of others that take manifests and reports, by the side
	// whose region they are in. Where there is none bothways makes one.
	Buckets map[pair.SideName]string
	// Tell hears how many versions were looked at so far before the plan; nil: nobody does.
	Tell func(looked int64)
	// PartSize bounds what is kept of a manifest in memory, in bytes; 0 is usual.
	// MostTasks splits manifests; 0 is what a job can have.
	PartSize  int64
	MostTasks int64
}

// UnfitError says that an audit's rows are not for this backfill, and what helps.
type UnfitError struct{ Why string }

func (e *UnfitError) Error() string { return e.Why }

// old is the age from which an audit says more of the past than of now.
const old = 24 * time.Hour

// check says whether the rows may be used for a pair, at a time.
func (a Asked) check(p pair.Pair) error {
	switch {
	case a.Rows == nil:
		return nil
	case a.Audit.Pair.ID() != p.ID():
		return &UnfitError{fmt.Sprintf("audit %s is of another pair, A %s and B %s: give one of these buckets", a.Audit.RunID, a.Audit.Pair.A, a.Audit.Pair.B)}
	case a.Audit.Pair.A != p.A:
		return &UnfitError{fmt.Sprintf("audit %s has A and B the other way round (A %s, B %s): give them as it has them", a.Audit.RunID, a.Audit.Pair.A, a.Audit.Pair.B)}
	case !a.Audit.Complete && !a.Unfinished:
		why := a.Audit.Why
		if why == "" {
			why = "it was cut off"
		}
		return &UnfitError{fmt.Sprintf("audit %s did not come to its end (%s), so what it has not looked at is not known to be there. Go on with it, or say --unfinished to put right what it found so far", a.Audit.RunID, why)}
	}
	return nil
}

// age words how old an audit is.
func (a Audit) age(now time.Time) string {
	return wording.Duration(now.Sub(a.Finished).Round(time.Minute))
}
