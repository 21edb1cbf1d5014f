// Package drill rehearses the loss of one side of a pair. It checks, measures
// the steady state, makes the fault, sees by canaries what it does, fails over,
// puts everything back and proves that it did. What it meets lies in its events,
// from which alone every figure is reckoned (packages canary, steady and
// objective); it draws nothing.
//
// Whatever ends a drill before its end, it puts back what it changed before it
// returns. Where that can't be done either, the next command finds what is left
// by its marks (package opened).
package drill

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bothways/aws/drill/alarm"
	"bothways/aws/drill/objective"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

// Fault is what a drill does to a pair and takes back. All of its methods may be
// called again after any of them failed or was interrupted.
type Fault interface {
	// Check says what would keep it from working. It changes nothing.
	Check(ctx context.Context) ([]record.Finding, error)
	// Changes says in words what it will change in AWS, for whoever agrees to it.
	Changes() []string
	// Lines undo it with the AWS CLI alone.
	Lines() []string
	// Begin makes it so.
	Begin(ctx context.Context, emit pair.Emit) error
	// End takes it back, as far as it was made, and returns when that is seen.
	End(ctx context.Context, emit pair.Emit) error
	// Remove takes away all that it made in AWS.
	Remove(ctx context.Context, emit pair.Emit) error
	// Left names what of that is still there.
	Left(ctx context.Context) ([]string, error)
}

// Radius is what somebody agrees to before a drill arms itself.
type Radius struct {
	Scope    record.Scope
	Changes  []string // in AWS, in words
	Lines    []string // undo them without bothways
	Findings []record.Finding
	Cost     record.Cost // at most
	// Typed is what has to be typed to agree: the pair's name.
	Typed string
}

// Words say the radius line by line.
func (r Radius) Words() []string {
	prefix := "every key of both buckets"
	if r.Scope.Prefix != "" {
		prefix = "keys that start with " + r.Scope.Prefix
	}
	lines := []string{
		fmt.Sprintf("Side %s (%s) is taken to be lost, for at most %s.", r.Scope.Lost, r.Scope.Pair.Side(r.Scope.Lost), wording.Duration(r.Scope.Box)),
		fmt.Sprintf("It concerns %s. Accounts: %s.", prefix, accounts(r.Scope)),
	}
	if r.Scope.Kind == record.Alarm {
		lines = []string{
			fmt.Sprintf("An object of the drill's own fails to replicate, for at most %s, until an alarm rings.", wording.Duration(r.Scope.Box)),
			fmt.Sprintf("It concerns keys that start with %s. Accounts: %s.", r.Scope.Pair.AlarmPrefix(r.Scope.Drill), accounts(r.Scope)),
		}
	}
	if r.Cost.Dollars > 0 {
		lines = append(lines, fmt.Sprintf("It costs at most %s at list prices of %s, without %s.", cost.Sum(r.Cost.Dollars), r.Cost.PricesAsOf, strings.Join(r.Cost.Unpriced, "; and without ")))
	}
	if len(r.Changes) == 0 {
		lines = append(lines, "Nothing in AWS is changed but canaries of its own, which it removes.")
	}
	for _, c := range r.Changes {
		lines = append(lines, "It changes: "+strings.TrimSuffix(c, ".")+".")
	}
	for _, one := range objective.Uncompared(r.Scope) {
		lines = append(lines, strings.ToUpper(one[:1])+one[1:]+".")
	}
	return lines
}

func accounts(s record.Scope) string {
	if s.Accounts[pair.A] == s.Accounts[pair.B] {
		return s.Accounts[pair.A]
	}
	return s.Accounts[pair.A] + " and " + s.Accounts[pair.B]
}

// Config is a drill that is about to run.
type Config struct {
	Scope record.Scope
	World survey.World
	// Clients are what canaries are written and asked for with: those of a side
	// that is cut off go through the fault.
	Clients probe.Clients
	// Probe is the measurement of the canaries, but for what the scope says.
	Probe probe.Config
	Fault Fault
	// Alarm is the fault of a drill of an alarm, again.
	Alarm *alarm.Fault
	// Heard returns when somebody says that an alarm rang, with how in words.
	Heard func(ctx context.Context) (how string, err error)
	// Carries are the headers that objects of ours need on each side.
	Carries map[pair.SideName]upload.Headers
	// Compare audits the scope's prefix.
	Compare func(ctx context.Context, m record.Moment) (record.Compared, error)
	// Confirm returns nil where somebody agreed.
	Confirm func(ctx context.Context, r Radius) error
	// Decide returns when somebody decides to fail over, with how in words.
	Decide func(ctx context.Context) (how string, err error)
	// Remarks are what somebody types while the drill goes on, for its report; nil
	// is nobody.
	Remarks <-chan string
	// Ready are findings of checks that were made before.
	Ready []record.Finding
}

// UnhealthyError says that the pair is in no state for a drill.
type UnhealthyError struct{ Why string }

func (e *UnhealthyError) Error() string { return "no drill: " + e.Why }

// ErrUnconfirmed is what Confirm returns where nobody agreed. Whether the canaries
// are gone is for the result to say.
var ErrUnconfirmed = errors.New("nobody agreed to it: nothing was changed but canaries")

// errBox ends what goes on when the time box does.
var errBox = errors.New("the time box ended")

// Run carries a drill out. Its result is emitted and returned, whichever way it
// ended; the error says why it is not the whole of it. A panic goes on to the caller
// once everything is put back.
func Run(ctx context.Context, cfg Config, emit pair.Emit) (record.Result, error) {
	if err := cfg.Scope.Check(); err != nil {
		return record.Result{}, err
	}
	r := &run{Config: cfg, out: emit}
	remarked := func() {}
	defer func() {
		if fault := recover(); fault != nil {
			r.rescuing = true
			remarked()
			r.rescue(ctx, fault)
			panic(fault)
		}
	}()
	r.emit(cfg.Scope)
	remarked = r.remarking()
	err := r.forward(ctx)
	r.aside(ctx, err)
	remarked()
	return r.end(), err
}

// forward goes from state to state as long as nothing turns the drill aside.
func (r *run) forward(ctx context.Context) error {
	for _, s := range record.States(r.Scope.Kind) {
		if s == record.Restoring { // from here on everything is taken back, see aside
			return nil
		}
		if err := r.enter(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// enter brings the drill into a state.
func (r *run) enter(ctx context.Context, s record.State) error {
	r.emit(r.change(s, false, ""))
	r.state = s
	why, err := r.work(ctx, s)
	if err != nil {
		return err
	}
	done := r.change(s, true, why)
	if s == record.Converged { // what is measured from then on counts from what the journal says
		r.converged = done.At
	}
	r.emit(done)
	r.reached = s
	return nil
}

// work is what brings a state about, and says what was seen.
func (r *run) work(ctx context.Context, s record.State) (string, error) {
	switch s {
	case record.Draft:
		return "", nil
	case record.Checked:
		return r.check(ctx)
	case record.Baseline:
		return r.baseline(ctx)
	case record.Armed:
		return r.arm(ctx)
	case record.Isolating:
		return r.isolate(ctx)
	case record.Isolated:
		return r.isolated(ctx)
	case record.FailedOver:
		return r.failOver(ctx)
	case record.Frozen:
		return r.freeze(ctx)
	case record.Restoring:
		return r.restore(ctx)
	case record.Draining:
		return r.drain(ctx)
	case record.Converged:
		return r.converge(ctx)
	case record.FailedBack:
		return r.failBack(ctx)
	case record.Cleaned:
		return r.clean(ctx)
	case record.Reported:
		if !r.Scope.Kind.Writes() { // which has nothing to clean
			r.readAgain(ctx)
		}
		return "", nil
	}
	return "", fmt.Errorf("there is no state %q", s)
}
