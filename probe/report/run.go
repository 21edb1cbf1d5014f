// Package report turns the journal of a probe run into files for people and
// programs. Every figure is computed from the samples again; summaries in the
// journal are not trusted over them.
package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// maxLine bounds the memory that one line of a journal may take, in bytes.
const maxLine = 16 << 20

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
	// Notices say what kept polls from proving anything, and what else a
	// reader should know.
	Notices []probe.NoticeEvent
	// Left lists objects that the run could not remove, or was not sure of.
	Left []probe.LeftObject
	// Usage is what the run asked of S3; nil after a crash.
	Usage *probe.UsageEvent
	// Unfinished are the probes that began and have no sample, as after a
	// crash.
	Unfinished []probe.StartedEvent
	// Torn: the last line was cut short, as after a crash, and left out.
	Torn bool

	sampled map[string]int // key to its place in Samples
}

// Read reads a journal: one JSON object a line, as pair.EncodeEvent writes
// them. Events that it does not know are passed over. A last line without its
// line end that is not JSON counts as torn; any other line that can't be read
// is an error that names the line, and so is a second header with other sides.
func Read(r io.Reader) (*Run, error) {
	run := &Run{}
	lines := bufio.NewReader(r)
	open := map[string]int{} // key to its place in Unfinished
	run.sampled = map[string]int{}
	for number := 1; ; number++ {
		line, ended, err := readLine(lines)
		if err != nil {
			return nil, fmt.Errorf("read journal, line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if !ended && !json.Valid(line) {
				run.Torn = true
			} else if err := run.take(line, open); err != nil {
				return nil, fmt.Errorf("read journal, line %d: %w", number, err)
			}
		}
		if !ended {
			break
		}
	}
	left := run.Unfinished[:0]
	for i, started := range run.Unfinished {
		if at, waiting := open[started.Key]; waiting && at == i {
			left = append(left, started)
		}
	}
	run.Unfinished = left
	return run, nil
}

// FromLines is Read for lines that are already apart.
func FromLines(lines []json.RawMessage) (*Run, error) {
	var journal bytes.Buffer
	for _, line := range lines {
		journal.Write(line)
		journal.WriteByte('\n')
	}
	return Read(&journal)
}

// readLine returns a line without its end; ended says whether it had one.
func readLine(r *bufio.Reader) (line []byte, ended bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line[:len(line)-1], true, nil
		case errors.Is(err, io.EOF):
			return line, false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, false, err
		case len(line) > maxLine:
			return nil, false, fmt.Errorf("longer than %d bytes", maxLine)
		}
	}
}

// take files one line. open maps the keys of probes without a sample to their
// place in Unfinished.
func (run *Run) take(line []byte, open map[string]int) error {
	name, err := eventName(line)
	if err != nil {
		return err
	}
	switch name {
	case probe.RunEvent{}.EventName():
		header, err := decode[probe.RunEvent](line)
		if err != nil {
			return err
		}
		if len(run.Headers) > 0 && (run.Headers[0].Pair.A != header.Pair.A || run.Headers[0].Pair.B != header.Pair.B) {
			return fmt.Errorf("the probe run %q is of other sides", header.RunID)
		}
		run.Headers = append(run.Headers, header)
	case probe.RTTEvent{}.EventName():
		return appendTo(&run.RTTs, line)
	case probe.StartedEvent{}.EventName():
		if err := appendTo(&run.Unfinished, line); err != nil {
			return err
		}
		last := len(run.Unfinished) - 1
		open[run.Unfinished[last].Key] = last
	case probe.Sample{}.EventName():
		if err := appendTo(&run.Samples, line); err != nil {
			return err
		}
		last := len(run.Samples) - 1
		delete(open, run.Samples[last].Key)
		run.sampled[run.Samples[last].Key] = last
	case probe.CompletedEvent{}.EventName():
		completed, err := decode[probe.CompletedEvent](line)
		if err != nil {
			return err
		}
		if at, known := run.sampled[completed.Key]; known {
			run.Samples[at].Completed = &completed.Completion
		}
	case probe.BiasEvent{}.EventName():
		bias, err := decode[probe.BiasEvent](line)
		if err != nil {
			return err
		}
		run.Bias = &bias
	case probe.StallEvent{}.EventName():
		return appendTo(&run.Stalls, line)
	case probe.UsageEvent{}.EventName():
		usage, err := decode[probe.UsageEvent](line)
		if err != nil {
			return err
		}
		run.Usage = &usage
	case probe.LoopEvent{}.EventName():
		return appendTo(&run.Loops, line)
	case probe.NoticeEvent{}.EventName():
		return appendTo(&run.Notices, line)
	case probe.LeftEvent{}.EventName():
		left, err := decode[probe.LeftEvent](line)
		if err != nil {
			return err
		}
		run.Left = append(run.Left, left.Objects...)
	default:
		return json.Unmarshal(line, &struct{}{}) // passed over, if it is whole
	}
	return nil
}

// eventName reads which event a line holds. The journal writes it first, so a
// line is seldom parsed for its name alone; what follows is checked by whoever
// reads the event.
func eventName(line []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(line, []byte(`{"event":"`)); ok {
		if name, _, ok := bytes.Cut(rest, []byte(`"`)); ok && !bytes.ContainsRune(name, '\\') {
			return string(name), nil
		}
	}
	var named struct {
		Event string `json:"event"`
	}
	err := json.Unmarshal(line, &named)
	return named.Event, err
}

func appendTo[E pair.Event](list *[]E, line []byte) error {
	event, err := decode[E](line)
	if err == nil {
		*list = append(*list, event)
	}
	return err
}

func decode[E pair.Event](line []byte) (E, error) {
	var event E
	if err := json.Unmarshal(line, &event); err != nil {
		return event, fmt.Errorf("event %q: %w", event.EventName(), err)
	}
	return event, nil
}

// Statistics summarises the run's samples.
func (run *Run) Statistics() *stats.Collector {
	c := stats.NewCollector()
	for _, s := range run.Samples {
		c.Add(s)
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
