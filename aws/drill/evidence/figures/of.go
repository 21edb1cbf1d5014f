package figures

import (
	"time"

	"bothways/aws/drill/evidence/trail"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// Of reckons the report of what a journal says. writtenBy is the version of
// bothways that does so.
func Of(t *trail.Trail, writtenBy string) Report {
	f := newFacts(t)
	r := Report{
		Schema: Schema, Drill: f.identification(writtenBy), Scope: f.scoped(), People: f.people(), Plan: f.plan(), Execution: f.execution(),
		Results: f.results(), Restoration: f.restoration(), Findings: f.findings(), Cost: f.cost(),
		Signing: map[string]*string{"operator": nil, "observer": nil, "decision_maker": nil, "risk_owner": nil},
	}
	r.Verdict = f.verdict(&r)
	r.Journal = f.journal(&r)
	r.Execution.Deviations = append(r.Execution.Deviations, f.deviations(&r)...)
	return r
}

// facts are a journal's, with what is reckoned more than once.
type facts struct {
	*trail.Trail
	scope    record.Scope // empty where the journal has none
	began    time.Time    // the canaries' clock
	canaries [2][]canaryOf
	refused  [2]int
	fault    span
	cut      *float64
}

// span is from one instant to another, as far as they are known.
type span struct{ begin, end *float64 }

func newFacts(t *trail.Trail) *facts {
	f := &facts{Trail: t}
	if t.Scope != nil {
		f.scope = *t.Scope
	}
	if t.Run != nil {
		f.began = t.Run.StartedAt
	}
	f.gather()
	f.fault = span{f.instant(record.FaultBegins, nil), f.instant(record.FaultEnds, nil)}
	f.cut = f.instant(record.TheCut, nil)
	return f
}

// instant is when something was, for a direction where it is of that one alone;
// nil where the journal does not say.
func (f *facts) instant(what record.InstantOf, d *pair.Direction) *float64 {
	var found *float64
	for _, i := range f.Instants {
		if i.What != what {
			continue
		}
		if d != nil && i.Direction != nil && *i.Direction == *d {
			return &i.SinceStartMS
		}
		if i.Direction == nil && found == nil {
			found = &i.SinceStartMS
		}
	}
	return found
}

func (f *facts) identification(writtenBy string) Identification {
	i := Identification{
		ID: f.scope.Drill, Title: f.scope.Title, Kind: string(f.scope.Kind), TestType: testType(f.scope.Kind), Scenario: f.scope.Scenario, Reference: f.scope.Reference,
		WrittenBy: writtenBy, Started: f.scope.StartedAt, Notes: []string{},
	}
	if i.Scenario == "" {
		i.Scenario = scenario(f.scope)
	}
	if o := f.Opening; o != nil {
		i.RunID, i.Tool, i.Access, i.Simulated = o.RunID, "bothways "+o.Version, o.Access, o.Sandbox
		i.Notes = append(i.Notes, o.Notes...)
		if i.Started.IsZero() {
			i.Started = o.StartedAt
		}
	}
	for _, c := range f.Changes {
		if i.ID == "" {
			i.ID = c.Drill
		}
		if c.At.After(i.Ended) {
			i.Ended = c.At
		}
	}
	if f.Result != nil && f.Result.At.After(i.Ended) {
		i.Ended = f.Result.At
	}
	if last := f.lastMS(); last > 0 {
		i.LengthMS = &last
	}
	return i
}

// lastMS is the last instant on the canaries' clock.
func (f *facts) lastMS() float64 {
	last := 0.0
	for _, c := range f.Changes {
		last = max(last, c.SinceStartMS)
	}
	for _, d := range pair.Directions() {
		for _, c := range f.canaries[d] {
			last = max(last, c.PostedMS, c.LowMS)
			if c.arrived() {
				last = max(last, c.HighMS)
			}
		}
	}
	return last
}

func (f *facts) scoped() Scope {
	s := f.scope
	out := Scope{
		Pair: s.Pair, Prefix: s.Prefix, Lost: string(s.Lost), Outage: string(s.Outage), BoxMS: inMS(s.Box), EveryMS: inMS(s.Every), Least: s.Least,
		DrainMS: inMS(s.Drain), Conflicts: s.Conflicts, ThirdParties: thirdParties(s.Kind), Anyway: s.Anyway, Masked: f.End != nil && f.End.Masked,
	}
	out.Failing, out.Alarms, out.ByHand = []pair.Direction{}, append([]string{}, s.Alarms...), s.ByHand
	if s.Kind == record.Alarm {
		out.Failing = s.Failing()
	}
	if s.Lost != "" {
		out.Survivor = string(s.Survivor())
	}
	for _, side := range pair.Sides() {
		at := s.Pair.Side(side)
		out.Sides = append(out.Sides, Side{Side: side, Region: at.Region, Bucket: at.Bucket, Account: s.Accounts[side], Caller: s.Callers[side]})
	}
	return out
}

func (f *facts) people() People {
	p := People{Operator: f.scope.People.Operator, Observer: f.scope.People.Observer, Decision: f.scope.People.Decision, TargetsBy: f.scope.Targets.By}
	if f.Agreed != nil {
		p.Typed, p.AgreedAt = f.Agreed.Typed, stamp(f.Agreed.At)
	}
	return p
}

func (f *facts) findings() []Finding {
	all := make([]Finding, 0, len(f.Findings))
	for n, found := range f.Findings {
		all = append(all, Finding{
			Number: n + 1, Severity: string(found.Level), State: string(found.State), Side: string(found.Side), Title: found.Title, Text: found.Text, Todo: found.Todo,
		})
	}
	return all
}

func (f *facts) cost() Cost {
	c := Cost{Canaries: f.Usage}
	for i := range f.Costs {
		if f.Costs[i].Estimated {
			c.Estimated = &f.Costs[i]
		} else {
			c.Counted = &f.Costs[i]
		}
	}
	return c
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func known(ms float64) *float64 { return &ms }

// some is nil for the instant 0, which stands for one that is not known.
func some(ms float64) *float64 {
	if ms == 0 {
		return nil
	}
	return &ms
}

func target(d time.Duration) *float64 {
	if d == 0 {
		return nil
	}
	return known(inMS(d))
}
