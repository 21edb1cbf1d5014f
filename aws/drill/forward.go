package drill

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/drill/steady"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

// steadyMost is how long a steady state may take to be measured.
const steadyMost = 5 * time.Minute

// baseline starts the canaries and waits for enough of them in each direction.
func (r *run) baseline(ctx context.Context) (string, error) {
	if err := r.watch(ctx); err != nil {
		return "", err
	}
	if err := r.addWitnesses(ctx); err != nil {
		return "", err
	}
	arrived, err := r.enough(ctx, 0)
	if err != nil {
		return "", err
	}
	if arrived != "" && !r.Scope.Anyway {
		return "", &UnhealthyError{"the steady state was not reached within " + wording.Duration(steadyMost) + ": " + arrived}
	}
	r.testify(ctx, record.Before)
	if over := OverTarget(r.herd.taken(), r.Scope.Targets.RPO); len(over) > 0 {
		r.find(record.Finding{
			Level: record.Blocks, Title: "the steady state does not hold the target for the RPO of " + wording.Duration(r.Scope.Targets.RPO), Text: strings.Join(over, "; "),
			Todo: "find what slows replication, or set another target",
		})
		if !r.Scope.Anyway {
			return "", &UnhealthyError{"the steady state does not hold the target for the RPO: " + strings.Join(over, "; ")}
		}
	}
	return steadyWords(r.herd.taken()), nil
}

// OverTarget says of each direction whose steady state is slower than a target that
// it is: what is lost in a fault is at least as old as what is usually on its way. 0
// is no target.
func OverTarget(samples []probe.Sample, target time.Duration) (over []string) {
	for _, d := range pair.Directions() {
		if p95, n := steady.P95(samples, d); target > 0 && p95 > target {
			over = append(over, fmt.Sprintf("%s took up to %s in 95 of 100, of %d", d.Arrow(), wording.Duration(p95), n))
		}
	}
	return over
}

// enough waits until as many canaries of each direction arrived as a steady state
// takes, of those acknowledged from an instant on. Where that takes too long it
// says how many did.
func (r *run) enough(ctx context.Context, fromMS float64) (short string, err error) {
	limited, cancel := context.WithTimeoutCause(ctx, steadyMost, errLong)
	defer cancel()
	missing := func() (short []string) {
		for _, d := range pair.Directions() {
			if n := r.herd.arrived(d, fromMS); n < r.Scope.Least {
				short = append(short, fmt.Sprintf("%d of %d canaries %s arrived", n, r.Scope.Least, d.Arrow()))
			}
		}
		return short
	}
	err = r.wait(limited, func() bool { return len(missing()) == 0 })
	if err != nil && context.Cause(limited) == errLong && ctx.Err() == nil { //nolint:errorlint // a cause of our own
		return strings.Join(missing(), ", "), nil
	}
	return "", err
}

// steadyWords say what 99 of 100 canaries took at most.
func steadyWords(samples []probe.Sample) string {
	words := make([]string, 0, 2)
	for _, d := range pair.Directions() {
		words = append(words, fmt.Sprintf("%s at most %s in 99 of 100", d.Arrow(), wording.Duration(steady.P99(samples, d))))
	}
	return strings.Join(words, ", ")
}

// arm asks for the agreement, and saves what undoes the drill without us.
func (r *run) arm(ctx context.Context) (string, error) {
	radius := Radius{Scope: r.Scope, Changes: r.Fault.Changes(), Lines: r.Fault.Lines(), Typed: Name(r.Scope.Pair)}
	estimate := Estimate(r.Scope, r.Probe)
	radius.Cost = estimate
	r.emit(estimate)
	r.emit(record.Lines{Drill: r.Scope.Drill, CLI: radius.Lines})
	if err := r.Confirm(ctx, radius); err != nil {
		return "", err
	}
	r.emit(record.Agreed{Drill: r.Scope.Drill, Typed: radius.Typed, Shown: radius.Words(), At: time.Now()})
	return "agreed to", nil
}

// Name is what is typed to agree to a drill of a pair.
func Name(p pair.Pair) string { return p.A.Bucket + "/" + p.B.Bucket }

// isolate makes the fault. The time box counts from here.
func (r *run) isolate(ctx context.Context) (string, error) {
	r.box, r.unbox = context.WithTimeoutCause(ctx, r.Scope.Box, errBox)
	r.touched = true
	began := time.Now()
	if r.herd != nil {
		r.herd.suffers()
	} else {
		r.emitting.Lock()
		r.start = began
		r.emitting.Unlock()
	}
	if err := r.Fault.Begin(r.box, r.emit); err != nil {
		return "", err
	}
	if r.Scope.Kind == record.Pause { // what is made before both directions pause is no part of the fault
		began = time.Now()
	}
	r.began = began
	r.emit(r.instant(record.FaultBegins, began))
	return "", nil
}

func (r *run) instant(what record.InstantOf, at time.Time) record.Instant {
	return record.Instant{What: what, At: at, SinceStartMS: r.ms(at)}
}

const (
	// inARow is how many canaries have to be held, one after the other, for a
	// direction to count as isolated.
	inARow = 20
	// timesP99 is how many times the steady state's p99 each has to be overdue.
	timesP99 = 3
	// notices is how many failed writes in a row are noticed.
	notices = 3
)

// isolated waits until the fault is seen.
func (r *run) isolated(context.Context) (string, error) {
	if r.Scope.Kind == record.Alarm {
		if err := r.makeFail(r.box); err != nil {
			return "", err
		}
		return r.failedWords(), r.listen(r.box)
	}
	if r.Scope.Kind == record.Cut {
		d := r.Scope.Endangered()
		err := r.wait(r.box, func() bool { return r.herd.trouble(d) > 0 })
		return "the first write to side " + string(r.Scope.Lost) + " failed, or took far longer than before", err
	}
	samples := r.herd.taken()
	rows := map[pair.Direction]record.Isolation{}
	err := r.wait(r.box, func() bool {
		all := true
		for _, d := range pair.Directions() {
			rows[d] = r.herd.row(d, r.began, timesP99*steady.P99(samples, d))
			all = all && rows[d].Seen
		}
		return all
	})
	for _, d := range pair.Directions() {
		row := rows[d]
		row.At = time.Now()
		row.SinceStartMS = r.ms(row.At)
		r.emit(row)
	}
	return fmt.Sprintf("%d canaries in a row did not arrive in either direction", inARow), err
}

func (h *herd) row(d pair.Direction, since time.Time, olderThan time.Duration) record.Isolation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.flock.Row(d, since, olderThan, inARow)
}

// freeze fixes the instant as of which the loss is told, once the fault has been
// held for as long as it was to be, and counts it.
func (r *run) freeze(context.Context) (string, error) {
	if r.Scope.Hold > 0 {
		until := r.began.Add(r.Scope.Hold)
		if err := r.wait(r.box, func() bool { return !time.Now().Before(until) }); err != nil {
			return "", err
		}
	}
	r.froze = r.began // who is cut off writes nothing more
	if r.Scope.Kind == record.Pause {
		r.froze = time.Now()
	}
	r.emit(r.instant(record.TheCut, r.froze))
	if _, err := r.configurations(r.box, record.During); err != nil {
		r.find(record.Finding{Level: record.Notes, Title: "the configurations could not be read during the fault", Text: apierror.Describe(err)})
	}
	r.testify(r.box, record.During)
	if r.Scope.Kind == record.Pause {
		if _, err := r.compare(r.box, record.During); err != nil {
			return "", err
		}
	}
	return "", nil
}
