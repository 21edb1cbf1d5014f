package measure

import (
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/polling"
	"bothways/ui/console/consoletest"
	"bothways/ui/runs"
)

// troubled adds everything to a measurement that a reader has to be warned of.
func troubled(s *probeScreen) {
	s.feed(probe.RTTEvent{Side: pair.A, MinMS: 31, N: 5})
	s.feed(probe.RTTEvent{Side: pair.B, MinMS: 182, N: 5})
	s.feed(probe.BiasEvent{AtoBMS: 15.5, BtoAMS: 91, DifferenceMS: -75.5})
	s.feed(probe.Sample{
		Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "slow", PostedAt: consoletest.Noon, DurationMS: 41000, BracketMS: [2]float64{39000, 43000},
		HEADs: 14, Unknowns: 6, Throttled: 5, Unconfirmed: true, Late: true, Outcome: probe.Replicated,
	})
	s.feed(probe.LoopEvent{Key: "slow", Direction: pair.AtoB, OK: true, Content: probe.OtherContent})
	s.feed(probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 62000, InFlight: 3, OldestMS: 71000, At: consoletest.Noon})
	s.feed(probe.NoticeEvent{Level: probe.Warning, Side: pair.B, Text: "side B: the credentials have expired; polls prove nothing until they are renewed"})
	s.feed(probe.NoticeEvent{Level: probe.Info, Text: "a lifecycle rule will remove what is left after a day"})
	s.feed(probe.LeftEvent{Objects: []probe.LeftObject{{Side: pair.B, Bucket: "b", Key: "slow", VersionID: "v"}}})
	s.m.ended = consoletest.Noon
	s.m.revision++
}

// earlierEvents are those of a run with so many rounds of three sizes. The last round's
// probes of more than two rounds are interrupted.
func earlierEvents(rounds int, factor float64) []pair.Event {
	sizes := []int64{128 << 10, 1 << 20, 4 << 20}
	began := consoletest.Noon.Add(-30 * time.Minute)
	events := []pair.Event{
		probe.RunEvent{
			RunID: "20261122-113000-aaaa", Pair: consoletest.DemoPair(), Sizes: sizes, Rounds: rounds, EveryMS: 10_000, LimitMS: 900_000,
			Pace: polling.Normal, Seed: 3, StartedAt: began,
		},
		probe.BiasEvent{AtoBMS: 15.5, BtoAMS: 91, DifferenceMS: -75.5},
	}
	random := rand.New(rand.NewPCG(9, 9))
	for n := range 6 * rounds {
		d, size := pair.Direction(n%2), sizes[n/2%3]
		key, at := string(rune('a'+n%26))+string(rune('a'+n/26)), began.Add(time.Duration(n)*10*time.Second/6)
		took := []float64{4000, 9300}[d] * factor * math.Exp(0.4*random.NormFloat64())
		s := probe.Sample{
			Direction: d, SizeBytes: size, Key: key, Round: 1 + n/6, PostedAt: at, DurationMS: took,
			BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 12, Outcome: probe.Replicated,
		}
		if n == 6*rounds-1 {
			s.Outcome = probe.Interrupted
		}
		events = append(events, probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: s.Round, PlannedAt: at, At: at}, s)
		if s.Outcome == probe.Replicated {
			events = append(events,
				probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{DurationMS: took + 500, BracketMS: [2]float64{took, took + 1000}, HEADs: 4, Outcome: probe.Replicated}},
				probe.LoopEvent{Key: key, Direction: d, OK: true, Content: probe.SameContent})
		}
	}
	return events
}

// writeRun writes the journal of an earlier run.
func writeRun(t testing.TB, dir, id string, notes []string, events []pair.Event) string {
	t.Helper()
	j, err := journal.Create(dir, journal.Opening{RunID: id, Command: "probe", Version: "1.2", Access: "sandbox", Notes: notes, StartedAt: consoletest.Noon.Add(-30 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if opening, ok := e.(probe.RunEvent); ok {
			opening.RunID = id
			e = opening
		}
		err = errors.Join(err, j.Record(e))
	}
	if err = errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
	return j.Path()
}

// pastOf is an earlier run, read back from its journal.
func pastOf(t testing.TB, rounds int, factor float64) *runs.Measured {
	t.Helper()
	found, err := runs.Open("", writeRun(t, t.TempDir(), "20261122-113000-aaaa", []string{consoletest.SandboxAccess().Simulation()}, earlierEvents(rounds, factor)))
	if err != nil {
		t.Fatal(err)
	}
	found.Path = "/home/me/.local/state/bothways/runs/" + filepath.Base(found.Path)
	return found
}

// listed fills the list of the earlier runs with one of each kind.
func listed(a *staged) {
	const dir = "/home/me/.local/state/bothways/runs/"
	entry := func(id string, samples int, state runs.State, verdict string) runs.Entry {
		return runs.Entry{
			RunID: id, Path: dir + id + ".ndjson", StartedAt: consoletest.Noon.Add(-time.Hour), Command: "probe", Access: "sandbox",
			Notes: []string{"Sandbox: simulated distances"}, A: consoletest.DemoPair().A.String(), B: consoletest.DemoPair().B.String(), Samples: samples, State: state, Verdict: verdict,
		}
	}
	a.past.reading = true
	broken := runs.Entry{RunID: "20261120-070000-dddd", Path: dir + "20261120-070000-dddd.ndjson", State: runs.Unreadable, Error: "read journal, line 7: invalid character 'b' looking for beginning of object key string"}
	applied := runs.Entry{RunID: "20261119-070000-eeee", Path: dir + "20261119-070000-eeee.ndjson", Command: "apply", State: runs.Complete}
	a.past.listed(0, []runs.Entry{
		entry("20261122-115900-cccc", 3, runs.Running, "Too few samples to compare the directions yet."),
		entry("20261122-113000-aaaa", 144, runs.Complete, "B → A takes 2.3 times as long as A → B (95 %: 1.9 to 2.9, n = 72 each)."),
		entry("20261121-090000-bbbb", 40, runs.Interrupted, "B → A takes 2.1 times as long as A → B (95 %: 1.4 to 3.0, n = 20 each)."),
		broken, applied,
	}, nil)
}
