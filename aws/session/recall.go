package session

import (
	"errors"
	"fmt"
	"time"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
)

// recall reads what this computer's journals know of a pair, and returns what
// adds it to a plan: a run that ended without an outcome, or a journal that
// can't be understood, which keeps the plan from running.
func (s *Session) recall(p pair.Pair) func(*plan.Plan) {
	earlier, err := journal.Last(s.runs, p)
	strange := journal.Strange(s.runs)
	return func(plan *plan.Plan) {
		if len(strange) > 0 {
			plan.Warn("passed over in the folder of runs, because it is no regular file: "+survey.Named(strange),
				"No run of bothways is kept in such a thing, and opening it could wait for ever. Move it out of "+s.runs+" to be rid of this.")
		}
		if held, ok := journal.HeldBy(s.locks(), lockName(*plan)); ok {
			plan.Warn((&journal.HeldError{Holder: held}).Error(), "What is shown here may change at any moment, and nothing can be changed from here until then.")
			return
		}
		if running := s.probing(*plan); running != nil {
			plan.Warn(running.Error(), "What it measures would be neither the pair before nor after, so nothing is changed from here until then.")
		}
		var broken *journal.BrokenError
		switch {
		case errors.As(err, &broken):
			plan.Block("a journal of an earlier run can't be understood: "+err.Error(),
				"What that run intended is unknown, so nothing is changed. What stands in AWS is found by its marks: move the file away, and plan again: mv "+
					account.Quote(broken.Path)+" "+account.Quote(broken.Path+".unreadable"))
		case err != nil: // what the journal is for is lost, the plan isn't
			plan.Warn("what earlier runs did can't be read: "+err.Error(), "The plan knows only what AWS says, which is enough.")
		case earlier != nil:
			plan.BesidePrefix(runName(earlier), earlier.Pair.Options.Prefix)
			if !earlier.Ended() {
				remind(plan, earlier)
			}
		}
	}
}

func runName(earlier *journal.Earlier) string {
	return fmt.Sprintf("an earlier %s (run %s, begun %s)", earlier.Command, earlier.RunID, earlier.StartedAt.Local().Format(time.DateTime))
}

// remind adds what is known of a run that ended without an outcome.
func remind(proposed *plan.Plan, earlier *journal.Earlier) {
	name := runName(earlier)
	for _, side := range pair.Sides() {
		was, is := earlier.Accounts[side], proposed.Accounts[side]
		if earlier.Pair.A != proposed.Pair.A {
			was = earlier.Accounts[side.Other()]
		}
		if was != "" && is != "" && was != is {
			proposed.OfAnotherAccount(name, side, was)
			return
		}
	}
	proposed.Recall(plan.Unfinished{Name: name, Pair: earlier.Pair, InFlight: earlier.InFlight(), Torn: earlier.Torn})
}

// LastSetUp returns the pair as the newest run on this computer knew it that
// carried a plan out for the two sides under the same prefix, where that was a
// set-up. With other options a set-up would change what stands.
func (s *Session) LastSetUp(p pair.Pair) (was pair.Pair, known bool) {
	last, err := journal.Last(s.runs, p)
	if err != nil || last == nil || last.Purpose != string(pair.SetUp) ||
		last.Pair.A != p.A || last.Pair.B != p.B || last.Pair.Options.Prefix != p.Options.Prefix {
		return pair.Pair{}, false
	}
	return last.Pair, true
}
