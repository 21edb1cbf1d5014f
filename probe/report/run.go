// Package report turns the journal of a probe run into files for people and
// programs. Every figure is computed from the samples again; summaries in the
// journal are not trusted over them.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
	"bothways/probe/wording"
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
	later   float64 // ms from the first header's start to that of the last
}

// Read reads a journal: one JSON object a line, as pair.EncodeEvent writes
// them. Events that it does not know are passed over. A last line without its
// line end that is not JSON counts as torn, and any other that is no JSON object
// as damaged, as does one that says what no run writes, or a second time what was
// said: the rest counts without them, but for a run whose header is lost. A second
// header with other sides is an error that names the line.
func Read(r io.Reader) (*Run, error) {
	run := &Run{}
	out, err := journal.Scan(r, journal.LeaveOut, func(event string, line []byte) error {
		read, known := readers[event]
		if !known {
			return journal.Check(line) // passed over, if it is whole
		}
		e, err := read(line)
		if err != nil {
			return err
		}
		return run.Add(e)
	})
	if err != nil {
		return nil, fmt.Errorf("read journal, %w", err)
	}
	run.Torn, run.Damaged = out.Torn, out.Damaged
	return run, run.checkDamage()
}

// checkDamage refuses a run whose damage leaves unknown what was asked for.
func (run *Run) checkDamage() error {
	if len(run.Damaged) > 0 && len(run.Headers) == 0 && len(run.Samples) > 0 {
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
		if _, known := run.sampled[e.Key]; e.Key != "" && (known || slices.ContainsFunc(run.Unfinished, func(s probe.StartedEvent) bool { return s.Key == e.Key })) {
			return again(e)
		}
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.Unfinished = append(run.Unfinished, e)
	case probe.Sample:
		if run.sampled == nil {
			run.sampled = map[string]int{}
		}
		if err := e.Check(); err != nil {
			return damaged(e, err)
		}
		if _, known := run.sampled[e.Key]; known && e.Key != "" {
			return again(e)
		}
		run.sampled[e.Key] = len(run.Samples)
		e.SinceStartMS = run.sinceFirst(e.SinceStartMS)
		run.Samples = append(run.Samples, e)
		run.Unfinished = slices.DeleteFunc(run.Unfinished, func(s probe.StartedEvent) bool { return s.Key == e.Key })
	case probe.CompletedEvent:
		if err := e.Check(); err != nil {
			return damaged(e, err)
		}
		if at, known := run.sampled[e.Key]; known {
			run.Samples[at].Completed = &e.Completion
		}
	case probe.LoopEvent:
		if run.looped == nil {
			run.looped = map[string]bool{}
		}
		if run.looped[e.Key] && e.Key != "" {
			return again(e)
		}
		run.looped[e.Key] = true
		run.Loops = append(run.Loops, e)
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

// Statistics summarises the run's samples.
func (run *Run) Statistics() *stats.Collector {
	return run.statisticsOf(func(probe.Sample) bool { return true })
}

// statisticsOf summarises some of the samples.
func (run *Run) statisticsOf(these func(probe.Sample) bool) *stats.Collector {
	c := stats.NewCollector()
	for _, s := range run.Samples {
		if these(s) {
			c.Add(s)
		}
	}
	return c
}

// LoopsOK counts the loop checks and those of them that held.
func (run *Run) LoopsOK() (held, checked int) {
	for _, l := range run.Loops {
		if l.OK {
			held++
		}
	}
	return held, len(run.Loops)
}

// Completions summarises the second end point: the time until the origin of
// each object read COMPLETED. Its counts are those of the samples that were
// followed to it.
func (run *Run) Completions() *stats.Collector {
	c := stats.NewCollector()
	for _, s := range run.Samples {
		if s.Completed != nil {
			c.Add(CompletedSample(probe.CompletedEvent{Key: s.Key, Direction: s.Direction, SizeBytes: s.SizeBytes, Completion: *s.Completed}))
		}
	}
	return c
}

// CompletedSample is a probe's second end point as package stats takes it.
func CompletedSample(e probe.CompletedEvent) probe.Sample {
	return probe.Sample{
		Direction: e.Direction, SizeBytes: e.SizeBytes, Key: e.Key, DurationMS: e.DurationMS, BracketMS: e.BracketMS,
		LeftCensored: e.LeftCensored, HEADs: e.HEADs, Unknowns: e.Unknowns, Outcome: e.Outcome,
	}
}

// Ending is what says of a run how it ended.
type Ending struct {
	Headers []probe.RunEvent
	Samples int
	// Cut: probes began and have no result, or were interrupted, or the
	// journal's last line is torn, or another one is damaged.
	Cut bool
	// Used: the run's usage was told, which comes after its last probe.
	Used bool
}

// Complete says whether the run measured all that was asked for: it was not
// stopped before its end, and neither was this program.
func (e Ending) Complete() bool {
	if len(e.Headers) == 0 || e.Cut {
		return false
	}
	planned := 0
	for _, h := range e.Headers {
		if h.Planned() == 0 {
			return e.Used // it had no end of its own
		}
		planned += h.Planned()
	}
	return e.Samples >= planned
}

// early says in words that the run lacks some of what it was to measure, and
// nothing where that can't be said.
func (e Ending) early() string {
	planned := 0
	for _, h := range e.Headers {
		planned += h.Planned()
	}
	if planned == 0 || e.Complete() {
		return ""
	}
	if e.Samples >= planned {
		return "not every probe came to its own end"
	}
	return fmt.Sprintf("%d of %s have a sample", e.Samples, wording.Count(planned, "planned probe"))
}

// Looks is how often its results may have been looked at before the run ended:
// once only if it ended where it was planned to.
func (e Ending) Looks() stats.Looks {
	if len(e.Headers) == 1 && e.Headers[0].Planned() > 0 && e.Complete() {
		return stats.Once
	}
	return stats.Anytime
}

func (run *Run) ending() Ending {
	interrupted := slices.ContainsFunc(run.Samples, func(s probe.Sample) bool { return s.Outcome == probe.Interrupted })
	return Ending{
		Headers: run.Headers, Samples: len(run.Samples),
		Cut: run.Torn || len(run.Damaged) > 0 || interrupted || len(run.Unfinished) > 0, Used: run.Usage != nil,
	}
}

// Complete says whether the run measured all that was asked for.
func (run *Run) Complete() bool { return run.ending().Complete() }

// Looks is how often its results may have been looked at before the run ended.
func (run *Run) Looks() stats.Looks { return run.ending().Looks() }
