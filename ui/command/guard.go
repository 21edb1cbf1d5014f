package command

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication"
)

// recall reads what this computer's journals know of a pair, and returns what
// adds it to a plan: a run that ended without an outcome, or a journal that
// can't be understood, which keeps the plan from running.
func (a *app) recall(p pair.Pair) func(*replication.Plan) {
	dir := journal.Folder(a.process.getenv)
	earlier, err := journal.Last(dir, p)
	return func(plan *replication.Plan) {
		if held, ok := journal.HeldBy(a.lockFolder(), lockName(*plan)); ok {
			plan.Warn((&journal.HeldError{Holder: held}).Error(), "What is shown here may change at any moment, and nothing can be changed from here until then.")
			return
		}
		if running := a.probing(*plan); running != nil {
			plan.Warn(running.Error(), "What it measures would be neither the pair before nor after, so nothing is changed from here until then.")
		}
		var broken *journal.BrokenError
		switch {
		case errors.As(err, &broken):
			plan.Block("a journal of an earlier run can't be understood: "+err.Error(),
				"What that run intended is unknown, so nothing is changed. What stands in AWS is found by its marks: move the file away, and plan again: mv "+
					replication.Quote(broken.Path)+" "+replication.Quote(broken.Path+".unreadable"))
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
func remind(plan *replication.Plan, earlier *journal.Earlier) {
	name := runName(earlier)
	for _, side := range pair.Sides() {
		was, is := earlier.Accounts[side], plan.Accounts[side]
		if earlier.Pair.A != plan.Pair.A {
			was = earlier.Accounts[side.Other()]
		}
		if was != "" && is != "" && was != is {
			plan.OfAnotherAccount(name, side, was)
			return
		}
	}
	plan.Recall(replication.Unfinished{Name: name, Pair: earlier.Pair, InFlight: earlier.InFlight(), Places: earlier.Places, Torn: earlier.Torn})
}

// lockFolder is where locks lie, or "".
func (a *app) lockFolder() string {
	dir := journal.Folder(a.process.getenv)
	if dir == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(dir), "locks")
}

// lock keeps other instances from changing the plan's pair until release is
// called. It fails where another instance changes the pair, or measures what
// the plan would change. note is something worth a word: that there is no lock, or that one
// was taken over from a run that died.
func (a *app) lock(plan replication.Plan, command string) (release func(), note string, err error) {
	free := func() {}
	if err := a.probing(plan); err != nil {
		return free, "", err
	}
	l, err := journal.Acquire(a.lockFolder(), lockName(plan), command)
	var held *journal.HeldError
	switch {
	case errors.As(err, &held):
		return free, "", err
	case err != nil:
		return free, "nothing keeps a second bothways from changing this pair at the same time: " + err.Error(), nil
	case l.Stale != nil && l.Stale.PID != 0:
		note = fmt.Sprintf("the lock of this pair was left behind by a run that died (process %d, %s, since %s); this run has taken it over",
			l.Stale.PID, l.Stale.Command, l.Stale.Since.Local().Format(time.DateTime))
	}
	return func() { _ = l.Release() }, note, nil // the system frees it at the latest with this process
}

// lockName is the same for both orders of the sides.
func lockName(plan replication.Plan) string {
	accounts := []string{plan.Accounts[pair.A], plan.Accounts[pair.B]}
	slices.Sort(accounts)
	return strings.Join(append([]string{plan.Pair.ID()}, slices.Compact(accounts)...), "-")
}
