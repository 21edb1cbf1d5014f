// Package report turns the journal of a probe run into files for people and
// programs. Every figure is computed from the samples again; summaries in the
// journal are not trusted over them.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// Run is what a journal says about probing one pair.
type Run struct {
	// Headers say what was asked for, once for each time the probe was
	// started; more than one is possible if their sides are the same.
	Headers []probe.RunEvent
	RTTs    []probe.RTTEvent
	Samples []probe.Sample
	Loops   []probe.LoopEvent
	// Bias is how much each direction reads short from where it was measured.
	Bias *probe.BiasEvent
	// Stalls are the times in which nothing arrived while probes waited.
	Stalls []probe.StallEvent
	// Sleeps are the times that were lost: this computer slept, or its clock
	// was set.
	Sleeps []probe.SleptEvent
	// Notices say what kept polls from proving anything, and what else a
	// reader should know.
	Notices []probe.NoticeEvent
	// Left lists objects that the run could not remove, or was not sure of.
	Left []probe.LeftObject
	// Target is what the times are held against; 0: nothing.
	Target time.Duration
	// Pooled are the runs that this one was put together of; none: it is one.
	Pooled []Part
	// Usage is what the run asked of S3; nil after a crash.
	Usage *cost.Usage
	// Unfinished are the probes that began and have no sample, as after a
	// crash.
	Unfinished []probe.StartedEvent
	// Torn: the last line was cut short, as after a crash, and left out.
	Torn bool
	// Damaged are the numbers of the journal's lines that were left out because
	// they can't be read.
	Damaged []int

	sampled map[string]int // key to its place in Samples
	looped  map[string]bool
	flights flights
	later   float64 // ms from the first header's start to that of the last
	far     *far    // holds Samples and Loops instead of these; nil: they do
	// sizesApart: of pooled runs, which did not all measure the same sizes.
	sizesApart bool
}

// Read reads a journal: one JSON object a line, as pair.EncodeEvent writes
// them. Events that it does not know are passed over. A last line without its
// line end that is not JSON counts as torn, and any other that is no JSON object
// as damaged, as does one that says what no run writes, or a second time what was
// said: the rest counts without them, but for a run whose header is lost. A second
// header with other sides is an error that names the line.
func Read(r io.Reader) (*Run, error) {
	run := &Run{}
	return run, run.read(r)
}

// ReadFar reads a journal as Read does, for reports of runs of any length: its
// samples and loop checks lie in files without a name until Close, and Samples
// and Loops are empty. EachSample and EachLoop have them.
func ReadFar(r io.Reader) (*Run, error) {
	f, err := newFar()
	if err != nil {
		return nil, err
	}
	run := &Run{far: f}
	err = run.read(r)
	f.total.begin(run)
	if ended := f.end(); err == nil {
		err = ended
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return run, nil
}

// Close gives back what ReadFar has taken on disk.
func (run *Run) Close() error {
	if run.far == nil {
		return nil
	}
	return run.far.close()
}

func (run *Run) read(r io.Reader) error {
	out, err := journal.ScanAhead(r, journal.LeaveOut, func(event string, line []byte) (pair.Event, error) {
		read, known := readers[event]
		if !known {
			return nil, journal.Check(line) // passed over, if it is whole
		}
		return read(line)
	}, run.Add)
	if err != nil {
		return fmt.Errorf("read journal, %w", err)
	}
	run.Torn, run.Damaged = out.Torn, out.Damaged
	return run.checkDamage()
}

// checkDamage refuses a run whose damage leaves unknown what was asked for.
func (run *Run) checkDamage() error {
	if len(run.Damaged) > 0 && len(run.Headers) == 0 && run.N() > 0 {
		return fmt.Errorf("read journal, line %d: it is damaged, and no other says what the probe was asked for", run.Damaged[0])
	}
	return nil
}

// Add files one event of a run, in the order in which they come; it passes over
// those that say nothing of the measurement. A header with other sides than
// the first is an error.
func (run *Run) Add(e pair.Event) error {
	switch e := e.(type) {
	case probe.RunEvent:
		if len(run.Headers) > 0 && (run.Headers[0].Pair.A != e.Pair.A || run.Headers[0].Pair.B != e.Pair.B) {
			return fmt.Errorf("the probe run %q is of other sides", e.RunID)
		}
		run.Headers = append(run.Headers, e)
		run.Target = time.Duration(e.TargetMS) * time.Millisecond
		run.later = float64(e.StartedAt.Sub(run.Headers[0].StartedAt)) / float64(time.Millisecond)
	case probe.RTTEvent:
		run.RTTs = append(run.RTTs, e)
	case probe.BiasEvent:
		run.Bias = &e
	case probe.StartedEvent:
		if e.Key != "" && (run.hasSample(e.Key) || run.isUnfinished(e.Key)) {
			return again(e)
		}
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.addUnfinished(e)
	case probe.Sample:
		if err := e.Check(); err != nil {
			return damaged(e, err)
		}
		if e.Key != "" && run.hasSample(e.Key) {
			return again(e)
		}
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.addSample(e)
		run.finish(e.Key)
	case probe.CompletedEvent:
		if err := e.Check(); err != nil {
			return damaged(e, err)
		}
		run.addCompleted(e)
	case probe.LoopEvent:
		if !run.addLoop(e) {
			return again(e)
		}
	case probe.StallEvent:
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.Stalls = append(run.Stalls, e)
	case probe.SleptEvent:
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.Sleeps = append(run.Sleeps, e)
	case probe.NoticeEvent:
		run.Notices = append(run.Notices, e)
	case probe.LeftEvent:
		for _, object := range e.Objects {
			if !slices.Contains(run.Left, object) {
				run.Left = append(run.Left, object)
			}
		}
	case cost.Usage:
		run.Usage = &e
	}
	return nil
}

// hasSample says whether a key has a sample.
func (run *Run) hasSample(key string) bool {
	if run.far != nil {
		return run.far.known(key)
	}
	_, known := run.sampled[key]
	return known
}

func (run *Run) addSample(s probe.Sample) {
	if run.far != nil {
		run.far.take(run, s)
		return
	}
	if run.sampled == nil {
		run.sampled = map[string]int{}
	}
	run.sampled[s.Key] = len(run.Samples)
	run.Samples = append(run.Samples, s)
}

// addCompleted adds the second end point of a sample that is there.
func (run *Run) addCompleted(e probe.CompletedEvent) {
	if run.far != nil {
		run.far.completed(e)
	} else if at, known := run.sampled[e.Key]; known {
		run.Samples[at].Completed = &e.Completion
	}
}

// addLoop adds a loop check, unless its key has one.
func (run *Run) addLoop(e probe.LoopEvent) (first bool) {
	if run.far != nil {
		return run.far.loop(e)
	}
	if run.looped == nil {
		run.looped = map[string]bool{}
	}
	if run.looped[e.Key] && e.Key != "" {
		return false
	}
	run.looped[e.Key] = true
	run.Loops = append(run.Loops, e)
	return true
}

// sinceFirst is a time since the last header's start as one since the first
// one's, by which the whole journal counts. Between the two only the wall clock
// tells; 0 stays not known.
func (run *Run) sinceFirst(ms float64) float64 {
	if ms > 0 {
		return max(0, run.later) + ms
	}
	return ms
}

// readers decode the events that Add files, by their names.
var readers = map[string]func([]byte) (pair.Event, error){
	probe.RunEvent{}.EventName():       decode[probe.RunEvent],
	probe.RTTEvent{}.EventName():       decode[probe.RTTEvent],
	probe.BiasEvent{}.EventName():      decode[probe.BiasEvent],
	probe.StartedEvent{}.EventName():   decode[probe.StartedEvent],
	probe.Sample{}.EventName():         decode[probe.Sample],
	probe.CompletedEvent{}.EventName(): decode[probe.CompletedEvent],
	probe.LoopEvent{}.EventName():      decode[probe.LoopEvent],
	probe.StallEvent{}.EventName():     decode[probe.StallEvent],
	probe.SleptEvent{}.EventName():     decode[probe.SleptEvent],
	probe.NoticeEvent{}.EventName():    decode[probe.NoticeEvent],
	probe.LeftEvent{}.EventName():      decode[probe.LeftEvent],
	cost.Usage{}.EventName():           decode[cost.Usage],
}

func decode[E pair.Event](line []byte) (pair.Event, error) {
	var event E
	if err := json.Unmarshal(line, &event); err != nil {
		return event, damaged(event, err)
	}
	return event, nil
}

// damaged is about an event that no run writes.
func damaged(e pair.Event, err error) error {
	return fmt.Errorf("event %q: %w: %w", e.EventName(), journal.ErrDamaged, err)
}

// again is about an event that was read already, as in a journal that was put
// together of copies.
func again(e pair.Event) error {
	return fmt.Errorf("event %q: %w: it was said before", e.EventName(), journal.ErrDamaged)
}
