package watch_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/watch"
)

func sample(d pair.Direction, seconds float64, outcome probe.Outcome) probe.Sample {
	return probe.Sample{Direction: d, SizeBytes: 1024, Outcome: outcome, DurationMS: 1000 * seconds, BracketMS: [2]float64{900 * seconds, 1100 * seconds}}
}

func TestWhatIsInFlightCountsAsLongerThanItsAge(t *testing.T) {
	w := watch.New()
	now := time.Now()
	for i := range 100 {
		w.Take(sample(pair.AtoB, float64(i+1)/10, probe.Replicated))
	}
	before := w.Progress(now)[pair.AtoB]
	if before.InFlight != 0 || before.OldestMS != 0 || before.MedianMS == nil || before.P95MS == nil || before.P95IntervalMS[1] == nil {
		t.Fatalf("without anything in flight: %+v", before)
	}
	for i := range 20 {
		w.Take(probe.PostedEvent{Key: fmt.Sprint(i), Direction: pair.AtoB, PostedAt: now})
	}
	later := now.Add(10 * time.Minute)
	after := w.Progress(later)[pair.AtoB]
	if after.N != 120 || after.InFlight != 20 || after.OldestMS != 600_000 {
		t.Errorf("with 20 in flight for ten minutes: %+v", after)
	}
	if after.P95MS != nil || after.P95OverMS == nil || after.P95IntervalMS[1] != nil {
		t.Errorf("the p95 stands still while nothing arrives: %+v", after)
	}
	if other := w.Progress(later)[pair.BtoA]; other.N != 0 || other.InFlight != 0 {
		t.Errorf("the other direction: %+v", other)
	}
	for i := range 20 {
		s := sample(pair.AtoB, 1, probe.Replicated)
		s.Key = fmt.Sprint(i)
		w.Take(s)
	}
	if done := w.Progress(later)[pair.AtoB]; done.InFlight != 0 || done.P95MS == nil {
		t.Errorf("after all have arrived: %+v", done)
	}
}

// A day with a probe every second is 86,400 samples.
func TestADaysWatchTakesFewBytesASample(t *testing.T) {
	w := watch.New()
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	const samples = 100_000
	before := heap()
	for i := range samples {
		key := fmt.Sprint(i)
		w.Take(probe.PostedEvent{Key: key, Direction: pair.Direction(i % 2)})
		s := sample(pair.Direction(i%2), float64(1+i%977)/10, probe.Replicated)
		s.Key, s.CorrectedMS = key, s.DurationMS+20
		w.Take(s)
	}
	grown := float64(heap()-before) / samples
	if grown > bytesASample {
		t.Errorf("the watch keeps %.0f bytes a sample", grown)
	}
	t.Logf("%.0f bytes a sample", grown)
	runtime.KeepAlive(w)
}

// bytesASample bounds what a watch keeps: raw durations and brackets, for the
// direction, for the size, corrected for the round trips, and from the planned
// instants.
const bytesASample = 140
