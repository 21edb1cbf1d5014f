package session

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// LockNote is worth a word of the lock that a run took, or could not take. It
// comes before the run's Recording, and no journal has it.
type LockNote struct {
	Stale *journal.Holder // the run that died and left it behind, or nil
	Err   error           // why there is no lock, or nil
}

// EventName implements pair.Event.
func (LockNote) EventName() string { return "lock" }

// String says it in a sentence, without a full stop.
func (n LockNote) String() string {
	if n.Err != nil {
		return "nothing keeps a second bothways from changing this pair at the same time: " + n.Err.Error()
	}
	return fmt.Sprintf("the lock of this pair was left behind by a run that died (process %d, %s, since %s); this run has taken it over",
		n.Stale.PID, n.Stale.Command, n.Stale.Since.Local().Format(time.DateTime))
}

// ProbingError says that a probe of the pair goes on in another process, so
// that the pair must not be changed.
type ProbingError struct{ Run journal.Opening }

func (e *ProbingError) Error() string {
	return fmt.Sprintf("a probe of this pair is running on this computer (run %s, since %s): wait until it ends, or end it with Ctrl-C where it runs, which removes its objects; then run this again",
		e.Run.RunID, e.Run.StartedAt.Local().Format(time.DateTime))
}

// ChangingError says that another process changes the pair, so that a probe
// would measure something that is neither before nor after.
type ChangingError struct{ Holder journal.Holder }

func (e *ChangingError) Error() string {
	command := e.Holder.Command
	if command == "" {
		command = "unknown"
	}
	return fmt.Sprintf("another bothways on this computer (process %d, %s, since %s) is changing this pair right now: probe it when that has ended",
		e.Holder.PID, command, e.Holder.Since.Local().Format(time.DateTime))
}

// hold keeps other instances from changing a pair, as lock does, and lets probes of
// it go on: what a backfill replicates is load beside theirs, and no change of the
// rules.
func (s *Session) hold(access account.Access, plan plan.Plan, command string, face pair.Emit) (release func(), err error) {
	plan.Steps = nil
	return s.lock(access, plan, command, face)
}

// lock keeps other instances from changing the plan's pair until release is
// called. It fails where another instance changes the pair, or measures what
// the plan would change. Nobody else is in a private sandbox.
func (s *Session) lock(access account.Access, plan plan.Plan, command string, face pair.Emit) (release func(), err error) {
	if access.Sandbox {
		return func() {}, nil
	}
	l, err := journal.Acquire(s.locks(), lockName(plan), command)
	if _, held := errors.AsType[*journal.HeldError](err); held {
		return nil, err
	}
	// Only now: a probe that begins at this moment sees the lock.
	if probing := s.probing(plan); probing != nil {
		if err == nil {
			_ = l.Release() // the system frees it at the latest with this process
		}
		return nil, probing
	}
	if err != nil {
		face(LockNote{Err: err})
		return func() {}, nil
	}
	if l.Stale != nil && l.Stale.PID != 0 {
		face(LockNote{Stale: l.Stale})
	}
	return func() { _ = l.Release() }, nil // the system frees it at the latest with this process
}

// lockName is the same for both orders of the sides.
func lockName(plan plan.Plan) string {
	accounts := []string{plan.Accounts[pair.A], plan.Accounts[pair.B]}
	slices.Sort(accounts)
	return strings.Join(append([]string{plan.Pair.ID()}, slices.Compact(accounts)...), "-")
}

// probing returns an error where a probe of the plan's pair goes on in another
// process and the plan would change what it measures.
func (s *Session) probing(plan plan.Plan) error {
	if !disturbs(plan) {
		return nil
	}
	if run := journal.Probing(s.runs, plan.Pair, s.own.has); run != nil {
		return &ProbingError{*run}
	}
	return nil
}

// disturbs says whether a plan changes more than a canary does.
func disturbs(plan plan.Plan) bool {
	for _, st := range plan.Steps {
		switch st.Change {
		case step.Nothing, step.Prove, step.Wait:
		default:
			return true
		}
	}
	return false
}

// changing returns an error where another process changes the pair right now.
// A probe does not know the accounts, which are part of a lock's name.
func (s *Session) changing(access account.Access, p pair.Pair) error {
	if access.Sandbox {
		return nil
	}
	found, _ := filepath.Glob(filepath.Join(s.locks(), p.ID()+"-*.lock")) // its only error is a bad pattern
	for _, path := range found {
		if holder, held := journal.HeldBy(s.locks(), strings.TrimSuffix(filepath.Base(path), ".lock")); held {
			return &ChangingError{holder}
		}
	}
	return nil
}
