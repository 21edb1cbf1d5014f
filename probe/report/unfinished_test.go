package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bothways/probe"
)

// Reading takes a time by the events, not by these times the probes in flight.
func TestManyInFlightAreReadAsFast(t *testing.T) {
	const probes = 30_000
	took := func(inFlight int) time.Duration {
		best := time.Hour
		for range 3 {
			run, start := &Run{}, time.Now()
			for i := range probes + inFlight {
				if i < probes {
					if err := run.Add(probe.StartedEvent{Key: fmt.Sprintf("probe-%08d", i)}); err != nil {
						t.Fatal(err)
					}
				}
				if i >= inFlight {
					if err := run.Add(probe.Sample{Key: fmt.Sprintf("probe-%08d", i-inFlight), Outcome: probe.Replicated, DurationMS: 1}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if len(run.Unfinished) != 0 || len(run.Samples) != probes {
				t.Fatalf("%d unfinished, %d samples", len(run.Unfinished), len(run.Samples))
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	few, many := took(1), took(10_000)
	t.Logf("1 in flight: %v, 10,000: %v", few, many)
	if many > 8*few {
		t.Errorf("%d probes took %v with 1 in flight and %v with 10,000", probes, few, many)
	}
}

// Whatever the order in which probes end, the rest stays in that of the starts.
func TestUnfinishedStayInTheOrderOfTheirStarts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	run := &Run{}
	var want []string
	for i := range 2000 {
		if len(want) > 0 && random.IntN(5) < 2 {
			at := random.IntN(len(want))
			if err := run.Add(probe.Sample{Key: want[at], Outcome: probe.Replicated, DurationMS: 1}); err != nil {
				t.Fatal(err)
			}
			want = slices.Delete(want, at, at+1)
		} else {
			key := fmt.Sprint(i)
			want = append(want, key)
			if err := run.Add(probe.StartedEvent{Key: key}); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.EqualFunc(want, run.Unfinished, func(key string, s probe.StartedEvent) bool { return s.Key == key }) {
			t.Fatalf("after %d events: %d wanted, %d there", i+1, len(want), len(run.Unfinished))
		}
	}
}
