package fis

import (
	"maps"
	"slices"
	"time"
)

// step runs a function with the lock held after a while, unless the service is
// closed or another was planned in its place. The lock is held.
func (a *API) step(at **time.Timer, d time.Duration, run func()) {
	if *at != nil {
		(*at).Stop()
	}
	var mine *time.Timer
	mine = time.AfterFunc(d, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.closed || *at != mine {
			return
		}
		a.running.Add(1)
		defer a.running.Done()
		run()
	})
	*at = mine
}

// after plans the next step of an experiment.
func (a *API) after(e *experiment, d time.Duration, next func(*experiment)) {
	a.step(&e.timer, a.scaled(d), func() { next(e) })
}

// set changes the status of an experiment, and keeps it. The lock is held.
func (a *API) set(e *experiment, status Status, reason string, failure *Failure) {
	e.State = State{Status: status, Reason: reason, Error: failure}
	if status.Ended() {
		if e.Ended = time.Now(); status == Completed {
			e.Ended = e.lastEnd(e.Ended)
		}
		e.stopTimers()
	}
	a.log.Append(entryExperiment, &e.Experiment)
}

// initiate follows pending. An experiment that was started while the safety
// lever was engaged is cancelled (AWS FIS User Guide, Safety levers).
func (a *API) initiate(e *experiment) {
	if a.levers[place{e.Account, e.Region}].engaged() {
		a.runs(e, Cancelled, "Experiment was cancelled.", nil)
		a.set(e, Cancelled, "Experiment cancelled: the safety lever is engaged.", nil)
		return
	}
	a.set(e, Initiating, "Experiment is initiating.", nil)
	a.after(e, untilRunning, a.run)
}

// run resolves the targets and begins the actions.
func (a *API) run(e *experiment) {
	may, failure := a.assume(e)
	if failure == nil {
		failure = a.resolve(e, may)
	}
	if failure != nil {
		a.fail(e, failure)
		return
	}
	a.set(e, Running, "Experiment is running.", nil)
	if a.rings(e) {
		return
	}
	a.begin(e)
}

// begin begins the actions that wait for nothing, and ends an experiment whose
// actions have all ended.
func (a *API) begin(e *experiment) {
	for more := true; more; {
		more = false
		for _, name := range slices.Sorted(maps.Keys(e.Plan.Actions)) {
			if !e.ready(name) {
				continue
			}
			more = true
			if failure := a.act(e, name); failure != nil {
				a.mark(e, name, Failed, failure.reason)
				a.fail(e, failure)
				return
			}
		}
	}
	for _, run := range e.Runs {
		if !run.Status.Ended() {
			a.log.Append(entryExperiment, &e.Experiment)
			return
		}
	}
	a.set(e, Completed, "Experiment completed.", nil)
}

// ready says whether an action is to begin now.
func (e *experiment) ready(name string) bool {
	if e.State.Status != Running || e.Runs[name].Status != Pending {
		return false
	}
	for _, before := range e.Plan.Actions[name].StartAfter {
		if !e.Runs[before].Status.Ended() {
			return false
		}
	}
	return true
}

// mark changes the status of an action.
func (a *API) mark(e *experiment, name string, status Status, reason string) {
	run, now := e.Runs[name], time.Now()
	run.Status, run.Reason = status, reason
	if status.Ended() && !run.Begun.IsZero() {
		run.Ended = now
	}
	e.Runs[name] = run
}

// runs changes the status of all actions that have not ended: those that have
// begun to one, the others to Cancelled.
func (a *API) runs(e *experiment, begun Status, reason string, lift func(name string)) {
	for name, run := range e.Runs {
		switch {
		case run.Status.Ended():
		case run.Begun.IsZero():
			a.mark(e, name, Cancelled, "Action was cancelled.")
		default:
			a.mark(e, name, begun, reason)
			if lift != nil {
				lift(name)
			}
		}
	}
}

// act begins an action, or passes it over.
func (a *API) act(e *experiment, name string) *Failure {
	if e.Plan.Options.ActionsMode == "skip-all" {
		a.mark(e, name, Skipped, "Action was skipped: the actions mode is skip-all.")
		return nil
	}
	buckets := e.buckets(e.Plan.Actions[name].Targets[targetKey])
	if len(buckets) == 0 { // with emptyTargetResolutionMode skip
		a.mark(e, name, Skipped, "Action was skipped: target resolution returned empty set.")
		return nil
	}
	order, _ := e.Plan.Actions[name].order(name) // it was checked with the template
	if failure := a.mayPause(e, name, buckets, order); failure != nil {
		return failure
	}
	now := time.Now()
	run := e.Runs[name]
	run.State = State{Status: Running, Reason: "Action is running."}
	run.Begun, run.Until = now, now.Add(a.scaled(order.lasts))
	e.Runs[name] = run
	a.hold(e, name)
	return nil
}

// lastEnd is when the last action ended, and otherwise if none has begun.
func (e *Experiment) lastEnd(otherwise time.Time) (last time.Time) {
	for _, run := range e.Runs {
		if run.Ended.After(last) {
			last = run.Ended
		}
	}
	if last.IsZero() {
		return otherwise
	}
	return last
}

// complete ends an action whose time is over.
func (a *API) complete(e *experiment, name string) {
	if e.Runs[name].Status != Running {
		return
	}
	a.lift(e, name)
	a.mark(e, name, Completed, "Action was completed.")
	run := e.Runs[name]
	run.Ended = run.Until // it may have passed while nothing ran
	e.Runs[name] = run
	a.begin(e)
}

// fail ends an experiment, and whatever of it runs.
func (a *API) fail(e *experiment, why *Failure) {
	why.Account = e.Account
	a.runs(e, Stopped, "Action was stopped.", func(name string) { a.lift(e, name) })
	a.set(e, Failed, why.reason, why)
}

// stop ends an experiment early: its actions at once, and itself a little later.
func (a *API) stop(e *experiment, why string) {
	if e.State.Status == Stopping || e.State.Status.Ended() {
		return
	}
	a.runs(e, Stopping, "Action is stopping.", func(name string) { a.lift(e, name) })
	a.set(e, Stopping, "Stopping Experiment.", nil)
	a.after(e, untilStopped, func(e *experiment) {
		a.runs(e, Stopped, "Action was stopped.", nil)
		a.set(e, Stopped, why, nil)
	})
}

// rings stops an experiment of which a stop condition is met, and otherwise
// looks again a little later. An alarm that is gone stops it, too, which is
// undocumented.
func (a *API) rings(e *experiment) bool {
	watched := false
	for _, c := range e.Plan.StopConditions {
		if c.Source != fromAlarm || a.InAlarm == nil {
			continue
		}
		watched = true
		if rings, found := a.InAlarm(e.Account, e.Region, c.Value); rings || !found {
			a.stop(e, "Experiment halted by stop condition.")
			return true
		}
	}
	if watched {
		a.step(&e.alarms, a.scaled(lookAtAlarms), func() {
			if e.State.Status == Running {
				a.rings(e)
			}
		})
	}
	return false
}
