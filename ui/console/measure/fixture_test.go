package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console"
	"bothways/ui/console/host"
)

// noon is the fixed clock of the tests.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// staged is a console whose screens of this room are at hand.
type staged struct {
	*console.App
	probe   *probeScreen
	results *resultsScreen
	past    *runsScreen
}

// stage is a console at a place, with this room's screens alone.
func stage(tb testing.TB, at host.Place, width, height int) *staged {
	tb.Helper()
	a := &staged{}
	cfg := console.Config{Engines: &host.Engines{}, Now: func() time.Time { return noon }, SaveDir: tb.TempDir(), Width: width, Height: height}
	a.App = console.New(tb.Context(), cfg, func(h host.Host) map[host.Place]host.Screen {
		all := Screens(h)
		a.probe, a.results, a.past = all[host.Probe].(*probeScreen), all[host.Results].(*resultsScreen), all[host.Runs].(*runsScreen)
		for _, other := range host.Stations() {
			if all[other.Place] == nil {
				all[other.Place] = a.probe
			}
		}
		return all
	})
	a.Access, a.Open, a.Pair = account.Access{Sandbox: true}, true, demoPair()
	a.GoTo(at)
	return a
}

func demoPair() pair.Pair {
	return pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"}, Options: pair.DefaultOptions(),
	}
}

func (s *probeScreen) feed(e pair.Event) {
	s.m.take(e)
	s.charts.take(s.m, e)
}

// fed is a measurement with so many samples, twelve a round, and two probes of
// each direction in flight.
func fed(a *staged, samples int) {
	cfg, err := a.probe.setup.config(a.Pair)
	if err != nil {
		panic(err)
	}
	s := a.probe
	s.choosing = false
	s.m = newMeasurement(cfg, noon.Add(-2*time.Minute))
	s.m.watch.Follow(func(key string) time.Time {
		f := s.m.flight[key]
		return f.posted.Add(f.age(a.Now()) * 96 / 100)
	})
	s.feed(probe.RunEvent{RunID: cfg.RunID, Pair: cfg.Pair, Sizes: cfg.Sizes, Rounds: cfg.Rounds, EveryMS: cfg.Every.Milliseconds(), StartedAt: s.m.began})
	random := rand.New(rand.NewPCG(7, 8))
	for i := range samples + 4 {
		key, d, size := fmt.Sprint("k", i), pair.Direction(i%2), cfg.Sizes[i/2%6]
		if i >= samples { // the large ones take longest
			size = cfg.Sizes[4+(i-samples)/2]
		}
		at := noon.Add(time.Duration(i-samples) * time.Second)
		s.feed(probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: 1 + i/12, PlannedAt: at, At: at})
		s.feed(probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, PostedAt: at})
		if i >= samples {
			continue
		}
		took := []float64{4000, 9300}[d] * math.Exp(0.45*random.NormFloat64())
		s.feed(probe.Sample{
			Direction: d, SizeBytes: size, Key: key, Round: 1 + i/12, PostedAt: at, DurationMS: took,
			BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 14, Outcome: probe.Replicated,
		})
		s.feed(probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{
			DurationMS: took * 1.08, BracketMS: [2]float64{took, took * 1.16}, HEADs: 5, Outcome: probe.Replicated,
		}})
	}
}
