package rehearse

import (
	"slices"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// course is what is known of a drill, of its events alone.
type course struct {
	scope   record.Scope
	state   record.State // that was entered last; "" before the first
	changes []record.Change
	lanes   map[pair.Direction]record.Backlog
	found   []record.Finding
	rows    map[pair.Direction]record.Isolation

	recovery   []record.Recovery
	began, end time.Time // of the fault; zero where it is not known
	compared   []record.Compared
	configs    []record.Configuration
	conflicts  []record.Conflict
	rang       []record.Rang
	failed     time.Time // when the first object that was made to fail was seen to
	metrics    []record.Metric
	notes      []record.Note
	cost       *record.Cost // the newest
	lines      []string     // undo it without bothways
	standing   standing
	achieved   *record.Achieved
	result     *record.Result
	watched    bool // canaries are written
}

func newCourse(s record.Scope) *course {
	return &course{scope: s, lanes: map[pair.Direction]record.Backlog{}, rows: map[pair.Direction]record.Isolation{}, standing: newStanding()}
}

// take takes an event, and says whether it is one that a room should hear of.
func (c *course) take(e pair.Event) (rings bool) {
	switch e := e.(type) {
	case record.Scope:
		c.scope = e
	case record.Change:
		c.changes = append(c.changes, e)
		c.state = e.State
		if e.State == record.Restoring && e.Reached { // also those that AWS ended
			c.standing.experiments = map[string]record.Experiment{}
		}
		return e.Reached
	case record.Finding:
		c.found = append(c.found, e)
	case record.Backlog:
		c.lanes[e.Direction], c.watched = e, true
	case record.Isolation:
		c.rows[e.Direction] = e
	case record.Recovery:
		c.recovery = append(c.recovery, e)
	case record.Instant:
		c.instant(e)
	case record.Compared:
		c.compared = append(c.compared, e)
	case record.Configuration:
		c.configs = append(c.configs, e)
	case record.Conflict:
		if at := slices.IndexFunc(c.conflicts, func(o record.Conflict) bool { return o.Key == e.Key }); at >= 0 {
			c.conflicts[at] = e
		} else {
			c.conflicts = append(c.conflicts, e)
		}
	case record.Rang:
		c.rang = append(c.rang, e)
		return true
	case record.ObjectStatus:
		if e.Moment == record.During && e.Status == "FAILED" && c.scope.Kind == record.Alarm && c.failed.IsZero() {
			c.failed = e.At
			return true
		}
	case record.Metric:
		c.metrics = append(c.metrics, e)
	case record.Note:
		c.notes = append(c.notes, e)
	case record.Cost:
		c.cost = &e
	case record.Lines:
		c.lines = e.CLI
	case record.Call:
		c.standing.call(e)
	case record.Experiment:
		c.standing.experiments[e.ID] = e
	case record.Achieved:
		c.achieved = &e
	case record.Result:
		c.result = &e
		return true
	}
	return false
}

func (c *course) instant(i record.Instant) {
	if i.Direction != nil { // of one experiment alone
		return
	}
	switch i.What {
	case record.FaultBegins:
		c.began = i.At
	case record.FaultEnds:
		c.end = i.At
	case record.TheCut:
	}
}

// reached is when a state was reached, and what was seen.
func (c *course) reached(s record.State) (record.Change, bool) {
	for _, one := range slices.Backward(c.changes) {
		if one.State == s && one.Reached {
			return one, true
		}
	}
	return record.Change{}, false
}

// holds is the state that was reached last: what is true, not what is being
// brought about.
func (c *course) holds() record.State {
	for _, one := range slices.Backward(c.changes) {
		if one.Reached {
			return one.State
		}
	}
	return record.Draft
}

// entered says whether a state was entered.
func (c *course) entered(s record.State) bool {
	return slices.ContainsFunc(c.changes, func(one record.Change) bool { return one.State == s })
}

// faulty says whether the fault is on, as far as is known.
func (c *course) faulty() bool {
	return c.entered(record.Isolating) && c.end.IsZero() && c.result == nil
}

// restoring says whether it has begun to put things back, of itself or because
// somebody said so.
func (c *course) restoring() bool { return c.entered(record.Restoring) }

// cleaned says that what it made is gone.
func (c *course) cleaned() bool {
	_, is := c.reached(record.Cleaned)
	return is
}

// passed are how many states are behind it, of how many.
func (c *course) passed() (done, all int) {
	for _, s := range record.States(c.scope.Kind) {
		all++
		if _, is := c.reached(s); is {
			done++
		}
	}
	return done, all
}

// stepTook is how long the steps of the fail-over took.
func stepTook(r record.Recovery) time.Duration { return milliseconds(r.ToMS - r.FromMS) }

// lasts is how long the fault goes on by itself at most: in a sandbox that hurries,
// what AWS ends ends sooner.
func (c *course) lasts(scale float64) time.Duration {
	if c.scope.Kind == record.Pause && scale > 0 {
		return time.Duration(float64(c.scope.Box) / scale)
	}
	return c.scope.Box
}

// ends is when the fault ends by itself, or zero while that is not known.
func (c *course) ends(scale float64) time.Time {
	var last time.Time
	for _, e := range c.standing.going() {
		if at := e.StartedAt.Add(c.lasts(scale)); !e.StartedAt.IsZero() && at.After(last) {
			last = at
		}
	}
	if last.IsZero() && !c.began.IsZero() {
		last = c.began.Add(c.lasts(scale))
	}
	return last
}
