package report

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"

	"bothways/probe"
	"bothways/probe/stats"
)

// far keeps the samples and loop checks of a run in files, and what is said of
// all of them. A run of any length takes about 10 bytes of memory a sample, by
// which it knows what was said before, and some MiB: its journal is read once,
// the figures are computed of values in a file (stats.NewShelved), and reports
// read the samples back one by one. They are the same as of a run in memory, byte
// for byte.
type far struct {
	samples, loops *roll
	values, ends   *os.File // of the statistics of samples, and of their second end points
	statistics     *stats.Collector
	completions    *stats.Collector
	levels         *stats.Levels
	stretches      [2][]stats.Stretch
	total          *tally
	keys           *keySet        // of the samples; marked: its loop check was told
	recent         []checked      // the samples that are not written yet
	recentAt       map[uint64]int // their hashes, and how many samples there were before each
	written        int            // samples
	late           map[uint64]late
	early          map[string]probe.LoopEvent // loop checks of keys that have no sample yet
	change         func(string) string        // of each text that is read back; nil: none
	failed         error
}

// checked is a sample with what came after it.
type checked struct {
	Sample probe.Sample
	Loop   *probe.LoopEvent // nil: not checked
}

// late is what came of a sample after it was written.
type late struct {
	completed *probe.Completion
	loop      *probe.LoopEvent
}

// mostRecent is how many samples wait at least for their second end points and
// loop checks, which come soon after them. What comes later than that waits in
// memory itself.
const mostRecent = 1024

func newFar() (*far, error) {
	f := &far{total: newTally(), keys: newKeySet(), recentAt: map[uint64]int{}, late: map[uint64]late{}, early: map[string]probe.LoopEvent{}}
	if err := f.open(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	f.statistics, f.completions = stats.NewShelved(f.values), stats.NewShelved(f.ends)
	return f, nil
}

// open makes the files, up to the first that can't be made.
func (f *far) open() (err error) {
	for _, to := range []**roll{&f.samples, &f.loops} {
		if *to, err = newRoll(); err != nil {
			return err
		}
	}
	for _, to := range []**os.File{&f.values, &f.ends} {
		if *to, err = scratchFile(); err != nil {
			return err
		}
	}
	return nil
}

// scratchFile makes a file that goes with this process, where the system allows
// that, and with close in any case.
func scratchFile() (*os.File, error) {
	file, err := os.CreateTemp("", "bothways-report-")
	if err != nil {
		return nil, fmt.Errorf("make a file to read a long run with: %w", err)
	}
	_ = os.Remove(file.Name()) // Windows keeps it until it is closed
	return file, nil
}

func (f *far) close() error {
	var errs []error
	for _, file := range []*os.File{f.samples.file(), f.loops.file(), f.values, f.ends} {
		if file != nil {
			errs = append(errs, file.Close())
			_ = os.Remove(file.Name()) // it is gone already where the system allows that
		}
	}
	return errors.Join(errs...)
}

// known says whether a key has a sample.
func (f *far) known(key string) bool { return f.keys.find(f.keys.hash(key)) != nil }

// take files a sample.
func (f *far) take(run *Run, s probe.Sample) {
	one := checked{Sample: s}
	hash := f.keys.hash(s.Key)
	f.keys.put(hash)
	if l, checkedAlready := f.early[s.Key]; checkedAlready {
		one.Loop = &l
		delete(f.early, s.Key)
		f.keys.put(hash | marked)
	}
	f.total.begin(run)
	f.total.sample(s)
	f.statistics.Add(s)
	if f.levels == nil {
		from := run.started() // as levelsFrom
		if from.IsZero() {
			from = s.PostedAt
		}
		f.levels = stats.NewLevels(from)
	}
	f.levels.Add(s)
	f.recentAt[hash] = f.written + len(f.recent)
	f.recent = append(f.recent, one)
	if len(f.recent) == 2*mostRecent {
		f.write(mostRecent)
	}
}

// write writes the oldest samples that wait.
func (f *far) write(n int) {
	for i, one := range f.recent[:n] {
		f.fail(f.samples.add(one))
		f.complete(one.Sample)
		if hash := f.keys.hash(one.Sample.Key); f.recentAt[hash] == f.written+i {
			delete(f.recentAt, hash)
		}
	}
	f.written += n
	left := copy(f.recent, f.recent[n:])
	clear(f.recent[left:])
	f.recent = f.recent[:left]
}

// complete counts a sample's second end point, in the order of the samples.
func (f *far) complete(s probe.Sample) {
	if s.Completed != nil {
		f.completions.Add(CompletedSample(probe.CompletedEvent{Key: s.Key, Direction: s.Direction, SizeBytes: s.SizeBytes, Completion: *s.Completed}))
	}
}

// waiting returns a sample that is not written yet, or nil.
func (f *far) waiting(hash uint64) *checked {
	if at, waits := f.recentAt[hash]; waits {
		return &f.recent[at-f.written]
	}
	return nil
}

// completed files the second end point of a sample that is there.
func (f *far) completed(e probe.CompletedEvent) {
	hash := f.keys.hash(e.Key)
	if one := f.waiting(hash); one != nil {
		one.Sample.Completed = &e.Completion
	} else if f.keys.find(hash) != nil {
		waits := f.late[hash]
		waits.completed = &e.Completion
		f.late[hash] = waits
	}
}

// loop files a loop check, unless its key has one.
func (f *far) loop(e probe.LoopEvent) (first bool) {
	hash := f.keys.hash(e.Key)
	known := f.keys.find(hash)
	told := known != nil && *known&marked != 0
	if known == nil {
		_, told = f.early[e.Key]
	}
	if told && e.Key != "" {
		return false
	}
	if known == nil {
		f.early[e.Key] = e
	} else {
		f.keys.put(hash | marked)
		if one := f.waiting(hash); one != nil {
			one.Loop = &e
		} else {
			waits := f.late[hash]
			waits.loop = &e
			f.late[hash] = waits
		}
	}
	f.total.loop(e)
	f.fail(f.loops.add(e))
	return true
}

// end is called once all is read.
func (f *far) end() error {
	f.write(len(f.recent))
	f.recent, f.recentAt, f.early = nil, nil, nil
	f.keys = &keySet{seed: f.keys.seed} // the hashes of what was late are asked for yet
	f.fail(f.samples.end())
	f.fail(f.loops.end())
	if f.levels != nil {
		f.stretches = f.levels.Stretches(f.allSamples(), f.statistics)
	}
	for _, waits := range f.late {
		if waits.completed != nil { // the others are counted without it
			f.completions = stats.NewShelved(f.ends)
			for one := range f.all() {
				f.complete(one.Sample)
			}
			break
		}
	}
	return f.err()
}

func (f *far) fail(err error) {
	if f.failed == nil {
		f.failed = err
	}
}

// err is why the files failed; then nothing that was read counts.
func (f *far) err() error {
	if f.failed != nil {
		return fmt.Errorf("keep a long run on disk: %w", f.failed)
	}
	return errors.Join(f.statistics.Err(), f.completions.Err())
}

func (f *far) lateOf(key string) (waits late, any bool) {
	if len(f.late) > 0 {
		waits, any = f.late[f.keys.hash(key)]
	}
	return waits, any
}

// all yields the samples with what came after them, in their order.
func (f *far) all() iter.Seq[checked] {
	return func(yield func(checked) bool) {
		f.fail(eachOf(f.samples, func(one *checked) bool {
			if waits, any := f.lateOf(one.Sample.Key); any {
				if waits.completed != nil {
					one.Sample.Completed = waits.completed
				}
				if waits.loop != nil {
					one.Loop = waits.loop
				}
			}
			if f.change != nil {
				changed := rewrittenSample(one.Sample, f.change)
				one.Sample = changed
				if one.Loop != nil {
					loop := rewrittenLoop(*one.Loop, f.change)
					one.Loop = &loop
				}
			}
			return yield(*one)
		}))
	}
}

func (f *far) allSamples() iter.Seq[probe.Sample] {
	return func(yield func(probe.Sample) bool) {
		f.all()(func(one checked) bool { return yield(one.Sample) })
	}
}

// checks yields the loop checks in their order.
func (f *far) checks() iter.Seq[probe.LoopEvent] {
	return func(yield func(probe.LoopEvent) bool) {
		f.fail(eachOf(f.loops, func(l *probe.LoopEvent) bool {
			if f.change != nil {
				return yield(rewrittenLoop(*l, f.change))
			}
			return yield(*l)
		}))
	}
}

// rewritten is the same with every text in it changed; both share the files.
func (f *far) rewritten(change func(string) string) *far {
	changed := *f
	changed.total = f.total.rewritten(change)
	changed.change = change
	if first := f.change; first != nil {
		changed.change = func(text string) string { return change(first(text)) }
	}
	return &changed
}

// roll is a list of values of one type in a file.
type roll struct {
	to     *os.File
	buffer *bufio.Writer
	writer *gob.Encoder
	n      int
}

func newRoll() (*roll, error) {
	file, err := scratchFile()
	if err != nil {
		return nil, err
	}
	t := &roll{to: file, buffer: bufio.NewWriterSize(file, 64<<10)}
	t.writer = gob.NewEncoder(t.buffer)
	return t, nil
}

func (t *roll) file() *os.File {
	if t == nil {
		return nil
	}
	return t.to
}

func (t *roll) add(value any) error {
	t.n++
	return t.writer.Encode(value)
}

func (t *roll) end() error {
	err := t.buffer.Flush()
	t.buffer, t.writer = nil, nil
	return err
}

// eachOf reads a roll back until yield wants no more.
func eachOf[T any](t *roll, yield func(*T) bool) error {
	in := gob.NewDecoder(bufio.NewReaderSize(io.NewSectionReader(t.to, 0, math.MaxInt64), 64<<10))
	for range t.n {
		var value T
		if err := in.Decode(&value); err != nil {
			return err
		}
		if !yield(&value) {
			return nil
		}
	}
	return nil
}
