package figures

import (
	"fmt"
	"slices"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

func (f *facts) execution() Execution {
	e := Execution{
		States: []StateTimes{}, Instants: append([]record.Instant{}, f.Instants...), Calls: f.calls(), Steps: f.steps(), Experiments: f.experiments(),
		Statuses: append([]record.ObjectStatus{}, f.Statuses...), Canaries: []Written{}, Deviations: []Said{}, Remarks: []Said{}, Sleeps: len(f.Sleeps),
	}
	for _, s := range record.States(f.scope.Kind) {
		e.States = append(e.States, f.state(s))
	}
	for _, d := range pair.Directions() {
		e.Canaries = append(e.Canaries, f.written(d))
	}
	for _, n := range f.Notes {
		said := Said{Text: n.Text, By: n.By, At: &n.At}
		if n.Kind == record.Deviation {
			e.Deviations = append(e.Deviations, said)
		} else {
			e.Remarks = append(e.Remarks, said)
		}
	}
	return e
}

// state is when a state was entered and reached, the first time.
func (f *facts) state(s record.State) StateTimes {
	out := StateTimes{State: s}
	for _, c := range f.Changes {
		if c.State != s {
			continue
		}
		at, ms := c.At, some(c.SinceStartMS)
		switch {
		case c.Reached && out.ReachedAt == nil:
			out.ReachedAt, out.ReachedMS, out.Why = &at, ms, c.Why
		case !c.Reached && out.EnteredAt == nil:
			out.EnteredAt, out.EnteredMS = &at, ms
		}
	}
	return out
}

// calls joins each request with its answer: the next of the same request.
func (f *facts) calls() []Call {
	all := []Call{}
	for i, c := range f.Calls {
		at := c.At
		if c.Begins {
			all = append(all, Call{Service: c.Service, Operation: c.Operation, Side: c.Side, Target: c.Target, SentAt: &at, Outcome: "unknown"})
			continue
		}
		j := slices.IndexFunc(all, func(one Call) bool {
			return one.Answered == nil && one.Service == c.Service && one.Operation == c.Operation && one.Side == c.Side && one.Target == c.Target
		})
		if j < 0 { // its beginning is damaged, or was not written
			all = append(all, Call{Service: c.Service, Operation: c.Operation, Side: c.Side, Target: c.Target})
			j = len(all) - 1
		}
		all[j].Answered, all[j].RequestID, all[j].Outcome = &f.Calls[i].At, c.RequestID, c.Outcome
	}
	return all
}

func (f *facts) steps() []Step {
	all := []Step{}
	for _, s := range f.Steps {
		one := Step{ID: s.ID, Status: s.Status, Detail: s.Detail}
		if i := slices.IndexFunc(all, func(x Step) bool { return x.ID == s.ID }); i >= 0 {
			all[i] = one
			continue
		}
		all = append(all, one)
	}
	return all
}

func (f *facts) experiments() []record.Experiment {
	all := []record.Experiment{}
	for _, e := range f.Experiments {
		if i := slices.IndexFunc(all, func(x record.Experiment) bool { return x.ID == e.ID }); i >= 0 {
			all[i] = e
			continue
		}
		all = append(all, e)
	}
	return all
}

func (f *facts) restoration() Restoration {
	r := Restoration{Configurations: []Configuration{}, Roles: []Role{}, Left: []string{}, Objects: []string{}, Lines: []string{}}
	chosen := Chosen(f.Trail)
	for i, c := range f.Configurations {
		one := Configuration{Side: c.Side, Moment: c.Moment, SHA256: c.SHA256, Hashed: f.hashed(c), At: c.At}
		if chosen[Place{c.Side, c.Moment}] == i {
			one.File = Place{c.Side, c.Moment}.File()
		}
		r.Configurations = append(r.Configurations, one)
	}
	equal, tags, tagged := true, true, true
	for _, side := range pair.Sides() {
		before, is := f.configuration(side, record.Before)
		after, was := f.configuration(side, record.After)
		if !is || !was || before.SHA256 == "" || before.SHA256 != after.SHA256 {
			equal = false
		}
		tagged = tagged && before.Tags != "" && after.Tags != ""
		tags = tags && before.Tags == after.Tags
	}
	r.Equal = equal
	f.roles(&r)
	if tagged {
		r.TagsEqual = &tags
	}
	if f.Result != nil {
		r.Undo = string(f.Result.Undo)
		r.Left = append(r.Left, f.Result.Left...)
	}
	for _, o := range f.Left {
		r.Objects = append(r.Objects, fmt.Sprintf("%s %s %s", o.Side, o.Key, o.VersionID))
	}
	if f.Lines != nil {
		r.Lines = append(r.Lines, f.Lines.CLI...)
	}
	return r
}

func (f *facts) configuration(side pair.SideName, m record.Moment) (record.Configuration, bool) {
	i, found := Chosen(f.Trail)[Place{side, m}]
	if !found {
		return record.Configuration{}, false
	}
	return f.Configurations[i], true
}

// deviations are those that the journal shows by itself.
func (f *facts) deviations(r *Report) []Said {
	all := []Said{}
	say := func(at *time.Time, format string, values ...any) {
		all = append(all, Said{Text: fmt.Sprintf(format, values...), At: at})
	}
	if f.scope.Anyway {
		say(nil, "the drill was asked for although something was not healthy")
	}
	for _, s := range r.Execution.States {
		switch {
		case s.EnteredAt != nil && s.ReachedAt == nil:
			say(s.EnteredAt, "the state %s was entered and not reached", s.State)
		case s.EnteredAt == nil && s.State != record.Draft:
			say(nil, "the state %s was never entered", s.State)
		}
	}
	for _, i := range r.Results.Fault.Isolations {
		switch {
		case i.Seen:
		case f.over():
			say(nil, "%s: isolation was not reached, or not seen", i.Direction.Arrow())
		default:
			say(nil, "%s: isolation was not seen before the journal ends", i.Direction.Arrow())
		}
	}
	if n := len(f.Sleeps); n > 0 {
		say(&f.Sleeps[0].At, "this computer slept, or its clock was set, %d times: canaries under way then are no measurement", n)
	}
	if f.Runs > 1 {
		say(nil, "the canaries are %d measurements: only the first is read", f.Runs)
	}
	for _, c := range r.Restoration.Configurations {
		if c.Hashed == "wrong" {
			say(&c.At, "the hash of the configuration of side %s %s the fault is not that of its document", c.Side, c.Moment)
		}
	}
	if t := r.Restoration.TagsEqual; t != nil && !*t {
		say(nil, "the tags of a bucket are not what they were")
	}
	for _, l := range f.toldOtherwise(r) {
		say(nil, "%s", l)
	}
	if v := r.Verdict; v.Recorded != "" && v.Recorded != v.Reckoned {
		say(nil, "the drill said %s of itself, and its figures say %s", v.Recorded, v.Reckoned)
	}
	return all
}

// toldOtherwise says where the drill's own figures and those of the report, which
// may know more of what was under way, have nothing in common.
func (f *facts) toldOtherwise(r *Report) (all []string) {
	if f.Achieved == nil {
		return nil
	}
	apart := func(name string, told record.Interval, low, high float64) {
		const rounding = 1e-3 // lengths are whole nanoseconds
		if low > told.HighMS+rounding || high < told.LowMS-rounding {
			all = append(all, "the drill reckoned another "+name+" at its own end than this report does")
		}
	}
	for _, told := range f.Achieved.Loss {
		for _, l := range r.Results.RPO.ByCanaries {
			if l.Direction == told.Direction {
				apart("RPO "+l.Direction.Arrow(), told.Interval, l.LowMS, l.HighMS)
			}
		}
	}
	if rto := r.Results.RTO; f.Achieved.Recovery != nil && rto.LowMS != nil && rto.HighMS != nil {
		apart("RTO", *f.Achieved.Recovery, *rto.LowMS, *rto.HighMS)
	}
	return all
}
