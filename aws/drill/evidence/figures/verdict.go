package figures

import (
	"slices"

	"bothways/aws/drill/objective"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// verdict judges the drill again by the report's own figures.
func (f *facts) verdict(r *Report) Verdict {
	v := Verdict{Why: []string{}, WhyNow: []string{}, Slower: []string{}, Silent: []string{}, Unknown: []string{}}
	reached := objective.Reached{
		RPO: held(r.Results.RPO.Held), RTO: held(r.Results.RTO.Held), Converged: f.convergedMS() != nil && r.Results.Convergence.Twice,
		Restored: r.Restoration.Equal && (r.Restoration.RolesEqual == nil || *r.Restoration.RolesEqual),
	}
	for _, side := range pair.Sides() {
		_, read := f.configuration(side, record.After)
		reached.Unread = reached.Unread || !read
	}
	switch f.scope.Kind {
	case record.Readiness:
		reached.Converged, reached.Restored = true, true // nothing is changed
	case record.Alarm:
		reached.Converged = true // nothing is held up but one canary
	case record.Cut, record.Pause:
	}
	if f.instant(record.FaultBegins, nil) == nil && len(f.Calls) == 0 {
		reached.Restored = true // nothing was changed
	}
	tags, touched := r.Restoration.TagsEqual, f.instant(record.FaultBegins, nil) != nil || len(f.Calls) > 0
	reached.Retagged = touched && tags != nil && !*tags
	reached.TagsUnread = touched && tags == nil && f.scope.Kind == record.Pause
	for _, b := range r.Results.FailBack {
		if b.Slower {
			reached.Slower = append(reached.Slower, b.Direction.Arrow())
		}
	}
	for _, a := range r.Results.Alarms {
		if !a.Rang {
			reached.Silent = append(reached.Silent, a.Name)
		}
	}
	for _, i := range r.Results.Fault.Isolations { // of a fault that was killed nobody knows what it would have come to
		reached.Unisolated = reached.Unisolated || !i.Seen && f.over()
	}
	if f.Result != nil {
		v.Recorded = string(f.Result.Verdict)
		v.Why = append(v.Why, f.Result.Why...)
		v.Unknown = append(v.Unknown, f.Result.Unknown...)
		reached.Left, reached.Stopped, reached.Error = f.Result.Left, f.Result.Stopped, f.Result.Error
	} else {
		reached.Error = "the journal ends before the drill does"
	}
	verdict, _, why := objective.Judge(reached)
	v.Reckoned, v.WhyNow = string(verdict), append(v.WhyNow, why...)
	v.Unisolated, v.Converged, v.Restored = reached.Unisolated, reached.Converged, reached.Restored && !reached.Retagged && !reached.TagsUnread
	v.Silent = append(v.Silent, reached.Silent...)
	v.Slower = append(v.Slower, reached.Slower...)
	return v
}

// over says whether the journal goes on to the fault's end.
func (f *facts) over() bool { return f.Result != nil || f.fault.end != nil }

// held is what heldWords says.
func held(words string) objective.Held {
	all := []objective.Held{objective.Met, objective.Missed, objective.CantBeTold}
	if i := slices.IndexFunc(all, func(h objective.Held) bool { return heldWords(h) == words }); i >= 0 {
		return all[i]
	}
	return objective.NoTarget
}

// journal says what the report stands on, and what is missing in it.
func (f *facts) journal(r *Report) Journal {
	j := Journal{Lines: f.Count, Torn: f.Torn, Damaged: append([]int{}, f.Damaged...), Others: f.Others, Missing: []string{}}
	if f.End != nil {
		j.Lines, j.Original = f.End.Lines, f.End.Original
	}
	kind := f.scope.Kind
	lacks := func(missing bool, what string) {
		if missing {
			j.Missing = append(j.Missing, what)
		}
	}
	faulty := kind == record.Cut || kind == record.Pause
	lacks(f.Opening == nil, "the opening: which run it was, by which version")
	lacks(f.Scope == nil, "the scope: what was drilled, and against which targets")
	lacks(faulty && f.Run == nil, "the canaries' measurement")
	lacks(kind.ChangesAWS() && f.Agreed == nil, "what was agreed to")
	lacks(kind.ChangesAWS() && f.Lines == nil, "the lines that undo it without bothways")
	for _, m := range []record.Moment{record.Before, record.After} {
		for _, side := range pair.Sides() {
			_, there := f.configuration(side, m)
			lacks(faulty && !there, "the configuration of side "+string(side)+" "+string(m)+" the fault")
		}
	}
	lacks(faulty && f.fault.begin == nil, "the instant at which the fault begins")
	lacks(faulty && f.cut == nil, "the instant of the cut: there is no RPO without it")
	lacks(faulty && f.fault.end == nil, "the instant at which the fault ends: there is no convergence without it")
	lacks(faulty && len(f.Recoveries) == 0, "the steps of the fail-over: there is no RTO without them")
	lacks(faulty && !hasMoment(f.Comparisons, record.Before), "an audit before the fault")
	lacks(faulty && !hasMoment(f.Comparisons, record.After), "an audit after the fault")
	lacks(kind == record.Alarm && len(f.Alarms) == 0, "what became of the alarm")
	lacks(f.Result == nil, "the drill's result")
	lacks(faulty && f.Usage == nil, "what the canaries cost")
	lacks(kind.ChangesAWS() && len(f.Costs) == 0, "what the drill cost")
	flying := 0
	for _, c := range r.Execution.Canaries {
		flying += c.Flying
	}
	lacks(f.Implausible > 0, "samples whose times can't be, which are left out")
	lacks(flying > 0, "the end of canaries that were in flight when it ends")
	return j
}

func hasMoment(all []record.Compared, m record.Moment) bool {
	return slices.ContainsFunc(all, func(c record.Compared) bool { return c.Moment == m })
}
