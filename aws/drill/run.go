package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/drill/objective"
	"bothways/aws/drill/record"
	"bothways/aws/drill/steady"
	"bothways/aws/pair"
)

// run is the state of one drill.
type run struct {
	Config
	state, reached record.State
	touched        bool // the fault was begun
	unended        bool // it could not be taken back
	unconfirmed    bool // nobody agreed
	rescuing       bool // on the way out of a panic

	emitting sync.Mutex
	out      pair.Emit

	herd      *herd     // nil before canaries are asked for
	meter     meter     // of what it takes
	witnesses []witness // objects whose status is asked for
	ringing   *ringing  // nil in a drill of no alarm, and before its objects
	start     time.Time // of the drill's clock where there is no herd; zero before

	facts     objective.Reached
	untold    []string // what is not known, though it was asked
	recovery  []record.Recovery
	before    map[pair.SideName]record.Configuration
	objects   []*object         // of this drill, beside its canaries
	conflicts []record.Conflict // keys that both sides changed
	began     time.Time         // of the fault; zero before
	froze     time.Time         // the instant as of which the loss is told
	ended     time.Time         // of the fault
	converged time.Time
	box       context.Context // ends with the time box, once the fault began
	unbox     context.CancelFunc
}

// emit hands events on, one at a time.
func (r *run) emit(e pair.Event) {
	r.emitting.Lock()
	defer r.emitting.Unlock()
	r.out(e)
	r.meter.hear(e)
}

func (r *run) change(s record.State, reached bool, why string) record.Change {
	c := record.Change{Drill: r.Scope.Drill, State: s, Reached: reached, Why: why, At: time.Now()}
	c.SinceStartMS = r.ms(c.At)
	return c
}

// ms is an instant from the canaries' start, 0 before they do.
func (r *run) ms(at time.Time) float64 {
	switch {
	case r.herd != nil && r.herd.runs():
		return r.herd.ms(at)
	case r.start.IsZero():
		return 0
	}
	return float64(at.Sub(r.start)) / float64(time.Millisecond)
}

func (r *run) find(f record.Finding) {
	f.State = r.state
	if f.Unknown {
		r.untold = append(r.untold, f.Title)
	}
	r.emit(f)
}

// deviate writes down that something went otherwise than planned.
func (r *run) deviate(text string) {
	now := time.Now()
	r.emit(record.Note{Kind: record.Deviation, Text: text, At: now, SinceStartMS: r.ms(now)})
}

// note remembers what turned the drill aside, the first of each kind.
func (r *run) note(ctx context.Context, err error) {
	switch {
	case err == nil:
		return
	case errors.Is(err, errBox) || r.boxed():
		if r.Scope.Kind == record.Pause && (r.state == record.Isolated || r.state == record.Isolating) {
			r.facts.Unisolated = true
		} else if r.Scope.Kind == record.Alarm && r.facts.Error == "" {
			r.facts.Error = "no object could be made to fail within the time box: whether an alarm rings is not known"
		} else if r.facts.Stopped == "" {
			r.facts.Stopped = "the time box ended while " + doing(r.state)
			r.deviate(r.facts.Stopped)
		}
		return
	case errors.Is(err, ErrUnconfirmed):
		r.unconfirmed, r.facts.Stopped = true, err.Error()
		return
	case errors.Is(ctx.Err(), context.Canceled) && r.facts.Stopped == "":
		r.facts.Stopped = fmt.Sprintf("it was stopped while %s", doing(r.state))
		r.deviate(r.facts.Stopped)
		return
	case r.facts.Error == "":
		r.facts.Error = apierror.Describe(err)
	}
	if _, told := errors.AsType[*UnhealthyError](err); told {
		return
	}
	r.find(record.Finding{Level: record.Warns, Title: "this did not work while " + doing(r.state), Text: apierror.Describe(err)})
}

// boxed says whether the time box ended while the drill was within it: what goes on
// then may say so in words of its own.
func (r *run) boxed() bool {
	within := !r.state.Before(record.Isolating) && r.state.Before(record.Restoring)
	return within && r.box != nil && errors.Is(context.Cause(r.box), errBox)
}

// doing says a state as what goes on in it.
func doing(s record.State) string {
	switch s {
	case record.Draft, record.Checked:
		return "the pair was being checked"
	case record.Baseline:
		return "the steady state was being measured"
	case record.Armed:
		return "it was being agreed to"
	case record.Isolating, record.Isolated:
		return "the fault was being made"
	case record.FailedOver:
		return "it failed over"
	case record.Frozen:
		return "what was lost was being counted"
	case record.Restoring:
		return "the fault was being undone"
	case record.Draining:
		return "what was held was arriving"
	case record.Converged:
		return "both sides were being compared"
	case record.FailedBack:
		return "the steady state was being measured again"
	case record.Cleaned, record.Reported:
		return "it cleaned up"
	}
	return "it was going on"
}

// end judges the drill.
func (r *run) end() record.Result {
	facts := r.facts
	facts.Restored = facts.Restored || !r.touched
	unknown := slices.Concat(objective.Uncompared(r.Scope), r.untold)
	if r.unconfirmed && len(facts.Left) == 0 {
		facts.Stopped += ", which are removed"
	}
	if r.Scope.Kind == record.Readiness || r.Scope.Kind == record.Alarm {
		facts.Converged = true
	}
	if r.herd != nil && r.herd.runs() {
		r.achieved(&facts)
	}
	if r.touched || r.herd != nil {
		r.emit(r.counted())
	}
	verdict, undo, why := objective.Judge(facts)
	result := record.Result{Drill: r.Scope.Drill, Verdict: verdict, Undo: undo, Why: why, Stopped: facts.Stopped, Error: facts.Error, Unknown: unknown, Left: facts.Left, At: time.Now()}
	r.emit(result)
	return result
}

// achieved holds what the canaries show against the targets.
func (r *run) achieved(facts *objective.Reached) {
	figures := record.Achieved{Drill: r.Scope.Drill}
	if !r.froze.IsZero() {
		ways := []pair.Direction{r.Scope.Endangered()}
		if r.Scope.Kind == record.Pause {
			ways = pair.Directions()
		}
		for _, d := range ways {
			l := objective.LossAt(r.herd.all(d), r.ms(r.froze))
			figures.Loss = append(figures.Loss, record.LossOf{
				Direction: d, Interval: record.Interval{LowMS: l.LowMS, HighMS: l.HighMS}, N: l.N, Certain: len(l.Certain), Possible: len(l.Possible), Holes: len(l.Holes),
			})
			if r.Scope.Kind.NoRPO() == "" {
				facts.RPO = objective.Against(l.LowMS, l.HighMS, r.Scope.Targets.RPO)
				if l.N == 0 && r.Scope.Targets.RPO > 0 {
					facts.RPO = objective.CantBeTold
				}
			}
		}
	}
	if !r.began.IsZero() {
		if got := objective.Recovery(r.ms(r.began), r.recovery); got.Whole {
			figures.Recovery = &record.Interval{LowMS: got.LowMS, HighMS: got.HighMS}
			facts.RTO = objective.Against(got.LowMS, got.HighMS, r.Scope.Targets.RTO)
		}
	}
	r.emit(figures)
	if !r.converged.IsZero() {
		samples := r.herd.taken()
		before := steady.Before(samples, r.herd.began(), r.ms(r.began))
		after := steady.After(samples, r.herd.began(), r.ms(r.converged))
		for _, d := range pair.Directions() {
			if v := steady.Slower(before, after, d); v {
				facts.Slower = append(facts.Slower, d.Arrow())
			}
		}
	}
}

// wait returns when done says so, looking after every event of a canary and at
// least once a second; or when the context ends, with its cause.
func (r *run) wait(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if done() {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-r.herd.gone:
			return r.without()
		case <-r.herd.news:
		case <-tick.C:
		}
	}
}

// without is why canaries are no longer written. A panic of theirs goes on here,
// where everything is put back on its way out.
func (r *run) without() error {
	if !r.rescuing {
		r.herd.caught.Repanic()
	}
	return fmt.Errorf("the canaries ended: %w", r.herd.err)
}
