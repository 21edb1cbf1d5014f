package runs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"

	"bothways/aws/audit"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/replication/step"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/report"
	"bothways/probe/stats"
)

// outline is what the list says of a run: all of its figures, none of its
// samples. It keeps the raw durations: about 150 bytes a sample.
type outline struct {
	ending     report.Ending
	started    int
	replicated int
	stats      *stats.Collector
	sampled    map[uint64]struct{} // the samples' keys, hashed: few bytes each
	seed       maphash.Seed
	steps      map[string]step.Status // by their last news
	audit      *audit.Started
	audited    *audit.Result // nil: it was cut off
	drill      *record.Scope
	ended      *record.Result // of the drill; nil: it was cut off
	open       bool           // it was armed, and did not clean up
	came       record.State   // to which the drill came last, or ""
}

func newOutline() *outline {
	return &outline{stats: stats.NewComparing(), sampled: map[uint64]struct{}{}, seed: maphash.MakeSeed(), steps: map[string]step.Status{}}
}

// take files one line of a journal. Lines that say nothing here are passed over
// if they look whole: opening the run reads them.
func (o *outline) take(event string, line []byte) error {
	switch event {
	case probe.RunEvent{}.EventName():
		return decode(line, func(h probe.RunEvent) { o.ending.Headers = append(o.ending.Headers, h) })
	case probe.Sample{}.EventName():
		var err error
		if broken := decode(line, func(s probe.Sample) { err = o.sample(s) }); broken != nil {
			return broken
		}
		return err
	case step.Event{}.EventName():
		return decode(line, func(s stepStatus) { o.steps[s.ID] = s.Status })
	case audit.Started{}.EventName():
		return decode(line, func(s audit.Started) {
			if o.audited = nil; o.audit == nil {
				o.audit = &s
			}
		})
	case audit.Result{}.EventName():
		return decode(line, func(r audit.Result) { o.audited = &r })
	case record.Scope{}.EventName():
		return decode(line, func(s record.Scope) { o.drill = &s })
	case record.Change{}.EventName():
		return decode(line, func(c record.Change) {
			if !c.Reached {
				return
			}
			switch o.came = c.State; c.State { //nolint:exhaustive // others neither open nor close it
			case record.Armed:
				o.open = true
			case record.Cleaned:
				o.open = false
			}
		})
	case record.Result{}.EventName():
		return decode(line, func(r record.Result) { o.ended = &r })
	case probe.StartedEvent{}.EventName():
		o.started++
	case cost.Usage{}.EventName():
		o.ending.Used = true
	}
	if !bytes.HasSuffix(bytes.TrimSpace(line), []byte("}")) {
		return errors.New("it is no JSON object")
	}
	return nil
}

// stepStatus is what counts of a replication.StepEvent.
type stepStatus struct {
	ID     string      `json:"id"`
	Status step.Status `json:"status"`
}

func (o *outline) sample(s probe.Sample) error {
	if err := s.Check(); err != nil {
		return fmt.Errorf("%w: %w", journal.ErrDamaged, err)
	}
	key := maphash.String(o.seed, s.Key)
	if _, known := o.sampled[key]; known && s.Key != "" {
		return fmt.Errorf("%w: it was said before", journal.ErrDamaged)
	}
	o.sampled[key] = struct{}{}
	o.ending.Samples++
	switch s.Outcome {
	case probe.Replicated:
		o.replicated++
	case probe.Interrupted:
		o.ending.Cut = true
	case probe.GaveUp, probe.Failed, probe.Suspended:
	}
	o.stats.Add(s)
	return nil
}

func decode[T any](line []byte, take func(T)) error {
	var value T
	if err := json.Unmarshal(line, &value); err != nil {
		return fmt.Errorf("decode it: %w: %w", journal.ErrDamaged, err)
	}
	take(value)
	return nil
}

// state is how the run ended, as far as the journal tells.
func (o *outline) state(command string) State {
	// Every probe that is started yields one sample.
	o.ending.Cut = o.ending.Cut || o.started > o.ending.Samples
	switch {
	case o.drill != nil:
		return o.drillState()
	case o.audit != nil && (o.audited == nil || !o.audited.Complete):
		return Interrupted
	case len(o.ending.Headers) > 0 && !o.ending.Complete():
		return Interrupted
	case len(o.ending.Headers) == 0 && command == "probe", command == "drill":
		return Interrupted // before it could begin
	}
	return o.stepsState()
}

// stepsState is how the steps ended. A run without steps is complete.
func (o *outline) stepsState() State {
	state := Complete
	for _, status := range o.steps {
		switch {
		case status == step.Failed:
			return Failed
		case !status.Final() || status == step.Cancelled:
			state = Interrupted
		}
	}
	return state
}

// drillState is how a drill ended: one that failed came to its end.
func (o *outline) drillState() State {
	switch {
	case o.ended == nil || o.ended.Verdict == record.Stopped:
		return Interrupted
	case o.ended.Verdict == record.Errored:
		return Failed
	}
	return Complete
}

// drilling is how far a drill is that goes on, in a sentence.
func (o *outline) drilling() string {
	if o.came == "" || o.came == record.Draft {
		return "It goes on."
	}
	return "It goes on; the last state that it reached is " + strings.ReplaceAll(string(o.came), "_", " ") + "."
}

// drilled is what came of a drill that is over, in a sentence.
func (o *outline) drilled() string {
	switch {
	case o.ended != nil:
		text := string(o.ended.Verdict) + ", undo " + string(o.ended.Undo)
		if len(o.ended.Why) > 0 {
			text += ": " + strings.Join(o.ended.Why, "; ")
		}
		return text + "."
	case o.open:
		return "It was cut off after it was armed: bothways drill undo takes back what is left, where that was not done since."
	}
	return "It was cut off before it was armed."
}
