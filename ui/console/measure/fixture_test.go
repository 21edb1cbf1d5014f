package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/consoletest"
)

// measured is a run with so many rounds, as between Ireland and Singapore.
func measured(a *staged, rounds int) {
	cfg, err := a.probe.setup.config(a.Pair)
	if err != nil {
		panic(err)
	}
	s := a.probe
	s.choosing = false
	s.m = newMeasurement(cfg, consoletest.Noon.Add(-time.Duration(rounds)*10*time.Second))
	s.m.watch.Follow(func(key string) time.Time { // polled at steps of some 8 %
		f := s.m.flight[key]
		return f.posted.Add(f.age(a.Now()) * 96 / 100)
	})
	s.feed(probe.RunEvent{
		RunID: cfg.RunID, Pair: cfg.Pair, Sizes: cfg.Sizes, Rounds: cfg.Rounds, ForMS: cfg.For.Milliseconds(), EveryMS: cfg.Every.Milliseconds(),
		LimitMS: cfg.Limit.Milliseconds(), Pace: cfg.Pace, StartedAt: s.m.began,
	})
	random := rand.New(rand.NewPCG(7, 7))
	for round := range rounds {
		for i, size := range cfg.Sizes {
			for _, d := range pair.Directions() {
				key := fmt.Sprintf("k%d-%d-%d", round, i, d)
				at := s.m.began.Add(time.Duration(round)*10*time.Second + time.Duration(2*i+int(d))*800*time.Millisecond)
				s.feed(probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: round + 1, PlannedAt: at, At: at})
				s.feed(probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, PostedAt: at})
				if round == rounds-1 && i > 3 {
					continue // still in flight
				}
				took := []float64{4000, 9300}[d] * math.Exp(0.45*random.NormFloat64())
				s.feed(probe.Sample{
					Direction: d, SizeBytes: size, Key: key, Round: round + 1, PostedAt: at, DurationMS: took,
					BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 14, Outcome: probe.Replicated,
				})
				s.feed(probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{
					DurationMS: took * 1.08, BracketMS: [2]float64{took, took * 1.16}, HEADs: 5, Outcome: probe.Replicated,
				}})
				s.feed(probe.LoopEvent{Key: key, Direction: d, OK: true, Content: probe.SameContent})
				s.feed(probe.CleanedEvent{Key: key, OK: true})
			}
		}
	}
}

func (s *probeScreen) feed(e pair.Event) {
	s.m.take(e)
	s.charts.take(s.m, e)
}
