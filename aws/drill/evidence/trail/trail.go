// Package trail reads what a drill's journal says into one value, and copies a
// journal so that a line that is removed or changed later shows.
package trail

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// Trail is what a drill's journal says, in the order in which it says it. What is
// missing of a journal that was cut off is nil or empty.
type Trail struct {
	Opening        *journal.Opening
	Scope          *record.Scope
	Changes        []record.Change
	Agreed         *record.Agreed
	Lines          *record.Lines
	Configurations []record.Configuration
	Calls          []record.Call
	Steps          []Step
	Experiments    []record.Experiment
	Instants       []record.Instant
	Isolations     []record.Isolation
	Recoveries     []record.Recovery
	Backlogs       []record.Backlog
	Metrics        []record.Metric
	Comparisons    []record.Compared
	Statuses       []record.ObjectStatus
	Conflicts      []record.Conflict // the last word on each key
	Alarms         []record.Rang
	Policies       []record.RolePolicies
	Findings       []record.Finding
	Notes          []record.Note
	Costs          []record.Cost
	Achieved       *record.Achieved
	Result         *record.Result

	// The canaries are one measurement.
	Run     *probe.RunEvent
	Runs    int                  // measurements in the journal; of more than one the first counts
	Started []probe.StartedEvent // every intent
	Posted  []probe.PostedEvent  // those without a sample: in flight when the journal ends
	Samples []probe.Sample       // with their second end point, where it was followed
	Stalls  []probe.StallEvent
	Sleeps  []probe.SleptEvent
	Notices []probe.NoticeEvent
	Loops   []probe.LoopEvent
	Left    []probe.LeftObject
	Usage   *cost.Usage

	// Others counts the events that are not read here, by their names.
	Others map[string]int
	// End is the last line of a copy, nil of a journal.
	End   *End
	Lost  int  // lines of a copy that stand for lines that could not be read
	Count int  // all lines
	Torn  bool // the last line was cut off
	// Implausible counts samples left out whose times can't be.
	Implausible int
	Damaged     []int
}

// Step is a change of the pair, as the journals of all commands have it.
type Step struct {
	ID     string        `json:"id"`
	Kind   string        `json:"kind,omitempty"`
	Side   pair.SideName `json:"side,omitempty"`
	Status string        `json:"status"`
	Detail string        `json:"detail"`
	At     time.Time     `json:"at"`
}

// Read reads a drill's journal, or a copy of it. Damaged lines are left out and
// counted; an error is of the reading itself, or of a journal of no drill.
func Read(r io.Reader) (*Trail, error) {
	t := &Trail{Others: map[string]int{}}
	reading := reading{t: t, posted: map[string]int{}, sampled: map[string]int{}, conflicts: map[string]int{}}
	out, err := journal.Scan(r, journal.LeaveOut, reading.take)
	if err != nil {
		return nil, fmt.Errorf("read the drill's journal: %w", err)
	}
	t.Torn = t.Torn || out.Torn
	t.Damaged = append(t.Damaged, out.Damaged...)
	slices.Sort(t.Damaged)
	t.Posted = slices.DeleteFunc(t.Posted, func(p probe.PostedEvent) bool { _, ended := reading.sampled[p.Key]; return ended })
	if t.Scope == nil && len(t.Changes) == 0 {
		return nil, errors.New("the journal tells of no drill")
	}
	return t, nil
}

type reading struct {
	t         *Trail
	posted    map[string]int // keys, to their places
	sampled   map[string]int
	conflicts map[string]int
}

func (r *reading) take(event string, line []byte) error {
	r.t.Count++
	read, known := readers[event]
	if !known {
		if err := journal.Check(line); err != nil {
			return fmt.Errorf("%w: %w", journal.ErrDamaged, err)
		}
		r.t.Others[event]++
		return nil
	}
	if err := read(r, line); err != nil {
		return fmt.Errorf("%w: %w", journal.ErrDamaged, err)
	}
	return nil
}

// readers are the events that are read, by their names.
var readers = map[string]func(*reading, []byte) error{
	journal.Opening{}.EventName():      first(func(t *Trail) **journal.Opening { return &t.Opening }),
	record.Scope{}.EventName():         first(func(t *Trail) **record.Scope { return &t.Scope }),
	record.Agreed{}.EventName():        first(func(t *Trail) **record.Agreed { return &t.Agreed }),
	record.Lines{}.EventName():         last(func(t *Trail) **record.Lines { return &t.Lines }),
	record.Result{}.EventName():        last(func(t *Trail) **record.Result { return &t.Result }),
	record.Achieved{}.EventName():      last(func(t *Trail) **record.Achieved { return &t.Achieved }),
	cost.Usage{}.EventName():           last(func(t *Trail) **cost.Usage { return &t.Usage }),
	End{}.EventName():                  last(func(t *Trail) **End { return &t.End }),
	record.Change{}.EventName():        each(func(t *Trail) *[]record.Change { return &t.Changes }),
	record.Configuration{}.EventName(): each(func(t *Trail) *[]record.Configuration { return &t.Configurations }),
	record.Call{}.EventName():          each(func(t *Trail) *[]record.Call { return &t.Calls }),
	"step":                             each(func(t *Trail) *[]Step { return &t.Steps }),
	record.Experiment{}.EventName():    each(func(t *Trail) *[]record.Experiment { return &t.Experiments }),
	record.Instant{}.EventName():       each(func(t *Trail) *[]record.Instant { return &t.Instants }),
	record.Isolation{}.EventName():     each(func(t *Trail) *[]record.Isolation { return &t.Isolations }),
	record.Recovery{}.EventName():      each(func(t *Trail) *[]record.Recovery { return &t.Recoveries }),
	record.Backlog{}.EventName():       each(func(t *Trail) *[]record.Backlog { return &t.Backlogs }),
	record.Metric{}.EventName():        each(func(t *Trail) *[]record.Metric { return &t.Metrics }),
	record.Compared{}.EventName():      each(func(t *Trail) *[]record.Compared { return &t.Comparisons }),
	record.ObjectStatus{}.EventName():  each(func(t *Trail) *[]record.ObjectStatus { return &t.Statuses }),
	record.Rang{}.EventName():          each(func(t *Trail) *[]record.Rang { return &t.Alarms }),
	record.RolePolicies{}.EventName():  each(func(t *Trail) *[]record.RolePolicies { return &t.Policies }),
	record.Finding{}.EventName():       each(func(t *Trail) *[]record.Finding { return &t.Findings }),
	record.Note{}.EventName():          each(func(t *Trail) *[]record.Note { return &t.Notes }),
	record.Cost{}.EventName():          each(func(t *Trail) *[]record.Cost { return &t.Costs }),
	probe.StartedEvent{}.EventName():   each(func(t *Trail) *[]probe.StartedEvent { return &t.Started }),
	probe.PostedEvent{}.EventName():    each(func(t *Trail) *[]probe.PostedEvent { return &t.Posted }),
	probe.StallEvent{}.EventName():     each(func(t *Trail) *[]probe.StallEvent { return &t.Stalls }),
	probe.SleptEvent{}.EventName():     each(func(t *Trail) *[]probe.SleptEvent { return &t.Sleeps }),
	probe.NoticeEvent{}.EventName():    each(func(t *Trail) *[]probe.NoticeEvent { return &t.Notices }),
	probe.LoopEvent{}.EventName():      each(func(t *Trail) *[]probe.LoopEvent { return &t.Loops }),
	probe.LeftEvent{}.EventName(): func(r *reading, line []byte) error {
		return decoded(line, func(e probe.LeftEvent) { r.t.Left = append(r.t.Left, e.Objects...) })
	},
	probe.RunEvent{}.EventName(): func(r *reading, line []byte) error {
		r.t.Runs++
		return first(func(t *Trail) **probe.RunEvent { return &t.Run })(r, line)
	},
	probe.Sample{}.EventName(): func(r *reading, line []byte) error {
		return decoded(line, func(s probe.Sample) {
			if !plausible(s.SinceStartMS, s.DurationMS, s.BracketMS[0], s.BracketMS[1]) {
				r.t.Implausible++
				return
			}
			r.sampled[s.Key] = len(r.t.Samples)
			r.t.Samples = append(r.t.Samples, s)
		})
	},
	probe.CompletedEvent{}.EventName(): func(r *reading, line []byte) error {
		return decoded(line, func(e probe.CompletedEvent) {
			if at, known := r.sampled[e.Key]; known {
				r.t.Samples[at].Completed = &e.Completion
			}
		})
	},
	record.Conflict{}.EventName(): func(r *reading, line []byte) error {
		return decoded(line, func(c record.Conflict) {
			if at, known := r.conflicts[c.Key]; known {
				r.t.Conflicts[at] = c
				return
			}
			r.conflicts[c.Key] = len(r.t.Conflicts)
			r.t.Conflicts = append(r.t.Conflicts, c)
		})
	},
	lost{}.EventName(): func(r *reading, line []byte) error {
		return decoded(line, func(l lost) {
			r.t.Lost++
			switch {
			case l.Torn:
				r.t.Torn = true
			case !l.Blank:
				r.t.Damaged = append(r.t.Damaged, l.Line)
			}
		})
	},
}

// plausible says whether these can be milliseconds of a drill: none lasts thirty
// years, and no time is before its start.
func plausible(all ...float64) bool {
	const most = 1e12
	return !slices.ContainsFunc(all, func(ms float64) bool { return !(ms >= -1 && ms < most) })
}

func decoded[E any](line []byte, take func(E)) error {
	var e E
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	take(e)
	return nil
}

func each[E any](of func(*Trail) *[]E) func(*reading, []byte) error {
	return func(r *reading, line []byte) error {
		return decoded(line, func(e E) { into := of(r.t); *into = append(*into, e) })
	}
}

func first[E any](of func(*Trail) **E) func(*reading, []byte) error {
	return func(r *reading, line []byte) error {
		return decoded(line, func(e E) {
			if into := of(r.t); *into == nil {
				*into = &e
			}
		})
	}
}

func last[E any](of func(*Trail) **E) func(*reading, []byte) error {
	return func(r *reading, line []byte) error {
		return decoded(line, func(e E) { *of(r.t) = &e })
	}
}
