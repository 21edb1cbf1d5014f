package figures

import (
	"cmp"
	"math"
	"slices"

	"bothways/aws/drill/canary"
	"bothways/aws/drill/objective"
	"bothways/aws/drill/record"
	"bothways/aws/drill/steady"
	"bothways/aws/pair"
	"bothways/probe/stats"
)

func (f *facts) results() Results {
	r := Results{
		Fault: f.faulted(), RPO: f.rpo(), RTO: f.rto(), Backlog: f.backlog(), Convergence: f.convergence(), Integrity: f.Comparisons, Conflicts: f.Conflicts,
		Backfill: Backfill{Method: "none: what a fault of this kind holds, S3 replicates by itself once it ends"}, Alarms: f.alarms(), Recorded: f.Achieved,
		Baseline: []stats.SummaryEvent{}, After: []stats.SummaryEvent{}, FailBack: []FailBack{}, Within: []Within{},
	}
	f.steady(&r)
	for _, c := range f.Conflicts {
		r.Same.Keys++
		switch {
		case c.Same == nil:
			r.Same.Unknown++
		case *c.Same:
			r.Same.Same++
		default:
			r.Same.Differ++
		}
	}
	for _, l := range f.Loops {
		switch {
		case l.OK:
			r.Loops.Held++
		case l.Unknown:
			r.Loops.Unknown++
		default:
			r.Loops.Broken++
		}
	}
	return r
}

// steady fills in the tables of the steady state before and after.
func (f *facts) steady(r *Results) {
	if f.fault.begin == nil {
		if len(f.Samples) > 0 { // it never came to a fault: all is baseline
			r.Baseline = summaries(steady.After(f.Samples, f.began, 0))
		}
		return
	}
	before := steady.Before(f.Samples, f.began, *f.fault.begin)
	r.Baseline = summaries(before)
	r.Within = f.within()
	converged := f.convergedMS()
	if converged == nil {
		return
	}
	after := steady.After(f.Samples, f.began, *converged)
	r.After = summaries(after)
	for _, d := range pair.Directions() {
		e := stats.CompareRuns(before, after, d, stats.Once).Event()
		e.Direction = &d
		r.FailBack = append(r.FailBack, FailBack{VerdictEvent: e, Slower: steady.Slower(before, after, d)})
	}
}

// summaries are those of each direction, and of each size where there are several.
func summaries(c *stats.Collector) []stats.SummaryEvent {
	if len(c.Sizes()) < 2 {
		return []stats.SummaryEvent{c.Direction(pair.AtoB).Event(), c.Direction(pair.BtoA).Event()}
	}
	return c.SummaryEvents()
}

// within holds the baseline's canaries against the target for the RPO.
func (f *facts) within() []Within {
	all := []Within{}
	goal := inMS(f.scope.Targets.RPO)
	if goal == 0 {
		return all
	}
	for _, d := range pair.Directions() {
		w := Within{Direction: d, TargetMS: goal}
		for _, c := range f.canaries[d] {
			if c.Unusable || c.PostedMS >= *f.fault.begin {
				continue
			}
			w.N++
			low, high := min(c.LowMS, *f.fault.begin)-c.PostedMS, c.HighMS-c.PostedMS
			if c.HighMS > *f.fault.begin {
				high = math.Inf(1)
			}
			switch {
			case high <= goal:
				w.Within++
			case low >= goal:
				w.Over++
			default:
				w.Unknown++
			}
		}
		if w.N > 0 && w.Within == w.N {
			w.MissBound = known(objective.MissBound(w.N))
		}
		all = append(all, w)
	}
	return all
}

func (f *facts) rpo() RPO {
	out := RPO{
		CutMS: f.cut, ByCanaries: []Loss{}, CloudWatch: append([]record.Metric{}, f.Metrics...), ByAudit: []Counted{}, Held: heldWords(objective.NoTarget),
		Reasons: map[string]string{},
	}
	for _, c := range f.Comparisons {
		if c.Moment != record.During {
			continue
		}
		for _, d := range pair.Directions() {
			out.ByAudit = append(out.ByAudit, Counted{
				Direction: d, Versions: c.Missing[d].Versions, Bytes: c.Missing[d].Bytes, BeganMS: some(c.BeganMS), EndedMS: some(c.SinceStartMS), Whole: c.Whole,
			})
		}
	}
	if len(out.CloudWatch) == 0 {
		out.Reasons["by_cloudwatch"] = "nothing of CloudWatch is in the journal: metrics are off on the rules, or were not asked for"
	}
	if len(out.ByAudit) == 0 {
		out.Reasons["by_audit"] = "no audit was made while the fault lasted"
	}
	if f.cut == nil {
		out.Reasons["by_canaries"] = "no cut is in the journal"
		return out
	}
	for _, d := range pair.Directions() {
		at := *f.cut
		if own := f.instant(record.TheCut, &d); own != nil {
			at = *own
		}
		out.ByCanaries = append(out.ByCanaries, f.loss(d, at))
		if f.scope.Kind.NoRPO() == "" && d == f.scope.Endangered() {
			l := out.ByCanaries[len(out.ByCanaries)-1]
			out.Held = heldWords(objective.Against(l.LowMS, l.HighMS, f.scope.Targets.RPO))
		}
	}
	return out
}

func (f *facts) loss(d pair.Direction, atMS float64) Loss {
	found := objective.LossAt(f.plain(d), atMS)
	l := Loss{
		Direction: d, Endangered: f.scope.Lost != "" && d == f.scope.Endangered(), LowMS: found.LowMS, HighMS: found.HighMS, N: found.N,
		Certain: len(found.Certain), Possible: len(found.Possible), Holes: len(found.Holes), Keys: []LostKey{},
	}
	l.BytesLow, l.BytesHigh = found.Bytes()
	l.BytesHigh += l.BytesLow
	hole := map[string]bool{}
	for _, c := range found.Holes {
		hole[c.Key] = true
	}
	put := func(certain bool) func(canary.Canary) {
		return func(c canary.Canary) {
			l.Keys = append(l.Keys, LostKey{Key: c.Key, Version: c.VersionID, PostedMS: c.PostedMS, Certain: certain, Hole: certain && hole[c.Key]})
		}
	}
	each(found.Certain, put(true))
	each(found.Possible, put(false))
	slices.SortStableFunc(l.Keys, func(a, b LostKey) int { return cmp.Compare(a.PostedMS, b.PostedMS) })
	if len(l.Keys) > 0 {
		l.Oldest = l.Keys[0].Key
	}
	return l
}

func (f *facts) rto() RTO {
	out := RTO{Phases: []Phase{}, Held: heldWords(objective.NoTarget)}
	if f.fault.begin == nil || len(f.Recoveries) == 0 {
		return out
	}
	got := objective.Recovery(*f.fault.begin, f.Recoveries)
	for i, s := range got.Steps {
		out.Phases = append(out.Phases, Phase{Step: s.Step, LowMS: s.LowMS, HighMS: s.HighMS, How: s.How, Key: f.Recoveries[i].Key})
	}
	out.LowMS, out.Whole = &got.LowMS, got.Whole
	if got.Whole {
		out.HighMS = &got.HighMS
		out.Held = heldWords(objective.Against(got.LowMS, got.HighMS, f.scope.Targets.RTO))
	}
	return out
}

func (f *facts) alarms() []Alarm {
	all := make([]Alarm, 0, len(f.Alarms))
	for _, a := range f.Alarms {
		one := Alarm{Name: a.Alarm, Side: string(a.Side), How: a.How, Rang: a.Rang, At: stamp(a.At), Updated: stamp(a.Updated), Reason: a.Reason, Unknown: a.Unknown, LowMS: known(a.LowMS - a.FromMS)}
		if a.Rang {
			one.HighMS = known(a.HighMS - a.FromMS)
		}
		all = append(all, one)
	}
	return all
}

// heldWords are how a figure stands to its target, as the report has it.
func heldWords(h objective.Held) string {
	switch h {
	case objective.Met:
		return "met"
	case objective.Missed:
		return "missed"
	case objective.CantBeTold:
		return "cannot_be_told"
	case objective.NoTarget:
	}
	return "no_target"
}

func each[E any](all []E, do func(E)) {
	for _, one := range all {
		do(one)
	}
}
