package stats

import (
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// A face reads while the engine goes on: the race detector looks on.
func TestASnapshotStaysAsItIsWhileSamplesComeIn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := NewCollector()
	add := func(n int) {
		for range n {
			took := 1000 + 9000*r.Float64()
			outcome := probe.Replicated
			if r.IntN(10) == 0 {
				outcome = probe.GaveUp
			}
			c.Add(probe.Sample{
				Direction: pair.Direction(r.IntN(2)), SizeBytes: 1 << (10 + r.IntN(3)), Outcome: outcome,
				DurationMS: took, CorrectedMS: took + 20, BracketMS: [2]float64{took - 50, took + 50},
			})
		}
	}
	for range 8 {
		add(50)
		s := c.Snapshot()
		before, verdicts := s.Cells(), s.Verdicts(SoFar)
		if live := c.Cells(); !reflect.DeepEqual(before, live) {
			t.Fatalf("it is not what the collector holds:\n%v\n%v", before, live)
		}
		var reading sync.WaitGroup
		reading.Go(func() {
			if again := s.Cells(); !reflect.DeepEqual(before, again) {
				t.Errorf("it has changed:\n%v\n%v", before, again)
			}
			if again := s.Verdicts(SoFar); !reflect.DeepEqual(verdicts, again) {
				t.Errorf("its verdicts have changed:\n%v\n%v", verdicts, again)
			}
			s.Underway([]InFlight{{Direction: pair.AtoB, SizeBytes: 1 << 10}})
		})
		add(300)
		reading.Wait()
	}
}
