package fis

import (
	"encoding/json"
	"slices"

	"bothways/aws/sandbox/state"
)

// The kinds of entries that the service keeps in a log.
const (
	entryTemplate     = "fis-template"
	entryTemplateGone = "fis-template-gone"
	entryExperiment   = "fis-experiment"
	entryLever        = "fis-lever"
)

// Dump writes down all that there is. Nothing may change meanwhile.
func (a *API) Dump(write func(kind string, value any)) {
	a.forget()
	for _, t := range a.templates {
		write(entryTemplate, t)
	}
	for _, e := range a.experiments {
		write(entryExperiment, &e.Experiment)
	}
	for _, lever := range a.levers {
		write(entryLever, lever)
	}
}

// Replay takes in an entry of a log and reports whether it is one of FIS. It is
// for experiments that do not run yet.
func (a *API) Replay(kind string, value json.RawMessage) (mine bool, err error) {
	switch kind {
	case entryTemplate:
		err = state.Take(value, func(record Template) error {
			if i := slices.IndexFunc(a.templates, func(t *Template) bool { return t.ID == record.ID }); i >= 0 {
				a.templates[i] = &record
				return nil
			}
			a.templates = append(a.templates, &record)
			return nil
		})
	case entryTemplateGone:
		err = state.Take(value, func(id string) error {
			a.templates = slices.DeleteFunc(a.templates, func(t *Template) bool { return t.ID == id })
			return nil
		})
	case entryExperiment:
		err = state.Take(value, func(record Experiment) error {
			fresh := &experiment{Experiment: record}
			if i := slices.IndexFunc(a.experiments, func(e *experiment) bool { return e.ID == record.ID }); i >= 0 {
				a.experiments[i] = fresh
				return nil
			}
			a.experiments = append(a.experiments, fresh)
			return nil
		})
	case entryLever:
		err = state.Take(value, func(lever Lever) error {
			a.levers[place{lever.Account, lever.Region}] = lever
			return nil
		})
	default:
		return false, nil
	}
	return true, err
}

// Persist has all changes from now on written to a log, which has what is there
// already, and lets the experiments that were read from one go on: what is
// paused ends when it would have ended without the restart, by the clock.
func (a *API) Persist(l *state.Log) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = l
	for _, e := range slices.Clone(a.experiments) {
		a.resume(e)
	}
}

// resume plans the next step of an experiment where it was cut off.
func (a *API) resume(e *experiment) {
	switch e.State.Status {
	case Pending:
		a.after(e, untilInitiating, a.initiate)
	case Initiating:
		a.after(e, untilRunning, a.run)
	case Running:
		for name, run := range e.Runs {
			if run.Status == Running {
				a.hold(e, name)
			}
		}
		if !a.rings(e) && !slices.ContainsFunc(e.statuses(), func(s Status) bool { return s == Running }) {
			a.step(&e.timer, 0, func() { a.begin(e) })
		}
	case Stopping:
		a.after(e, untilStopped, func(e *experiment) {
			a.runs(e, Stopped, "Action was stopped.", nil)
			a.set(e, Stopped, "Experiment stopped by user.", nil)
		})
	case Completed, Stopped, Failed, Cancelled, Skipped:
	}
}

// statuses are those of the actions.
func (e *Experiment) statuses() (all []Status) {
	for _, run := range e.Runs {
		all = append(all, run.Status)
	}
	return all
}
