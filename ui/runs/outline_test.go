package runs

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// What a list keeps of a run while it reads it are the raw durations, however
// long the lines of its journal are.
func TestListingARunKeepsFewBytesASample(t *testing.T) {
	const samples, bytesASample = 20_000, 180
	var text strings.Builder
	record := func(e pair.Event) {
		line, err := pair.EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	record(probe.RunEvent{Sizes: []int64{1024}})
	for i := range samples {
		key := fmt.Sprintf("bothways/probe/%06d", i)
		record(probe.StartedEvent{Key: key})
		record(probe.Sample{
			Key: key, VersionID: strings.Repeat("v", 64), SizeBytes: 1024, DurationMS: float64(4000 + i), BracketMS: [2]float64{3900, 24100},
			Outcome: probe.Replicated, Detail: strings.Repeat("long ", 20),
		})
		record(probe.LoopEvent{Key: key, OK: true})
	}
	record(cost.Usage{})
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	o, before, after := newOutline(), heap(), int64(0)
	_, err := journal.Scan(strings.NewReader(text.String()), journal.LeaveOut, func(event string, line []byte) error {
		if event == (cost.Usage{}).EventName() {
			after = heap()
		}
		return o.take(event, line)
	})
	if err != nil || o.ending.Samples != samples || !o.ending.Complete() {
		t.Fatalf("%d samples, complete %t: %v", o.ending.Samples, o.ending.Complete(), err)
	}
	grown := float64(after-before) / samples
	if grown > bytesASample {
		t.Errorf("the list keeps %.0f bytes a sample", grown)
	}
	t.Logf("%.0f bytes a sample", grown)
	runtime.KeepAlive(text)
}
