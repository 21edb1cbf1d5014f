package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/host"
)

// BenchmarkLiveFrame takes one sample and draws one frame of the live chart
// at 120x40, after so many samples: the cost must not grow with them.
func BenchmarkLiveFrame(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(fmt.Sprintf("%d samples", n), func(b *testing.B) {
			a := stage(b, host.Probe, 120, 40)
			fed(a, 80)
			random := rand.New(rand.NewPCG(1, 2))
			for i := range n {
				a.probe.feed(drawnSample(random, i))
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				a.probe.feed(drawnSample(random, n+i))
				a.Update(tea.BackgroundColorMsg{})
				if len(a.View().Content) == 0 {
					b.Fatal("nothing was drawn")
				}
			}
		})
	}
}

func drawnSample(random *rand.Rand, i int) probe.Sample {
	took := 4000 * math.Exp(0.5*random.NormFloat64())
	return probe.Sample{
		Direction: pair.Directions()[i%2], SizeBytes: probe.DefaultSizes()[i%6], Key: "x", Round: 1,
		PostedAt: noon.Add(time.Duration(i) * time.Second), DurationMS: took,
		BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 14, Outcome: probe.Replicated,
	}
}

// BenchmarkIdleMessage is what a message costs that changes nothing.
func BenchmarkIdleMessage(b *testing.B) {
	a := stage(b, host.Probe, 120, 40)
	fed(a, 80)
	a.View()
	b.ReportAllocs()
	for b.Loop() {
		a.Update(tea.MouseMotionMsg{})
		a.View()
	}
}
