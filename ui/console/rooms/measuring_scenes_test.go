package rooms

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/host"
)

// demoJournal is where the journal of a measurement is said to lie.
const demoJournal = "/home/me/.local/state/bothways/runs/20261122-120000-abcd.ndjson"

// measuringScenes are the screens of measuring in the states that matter.
func measuringScenes() []scene {
	return []scene{
		{"probe-setup", func(s *stage) { s.atSetup() }},
		{"probe-setup-time", func(s *stage) {
			s.atSetup().press("down", "space", "ctrl+u").typed("24h").press("enter", "up")
		}},
		{"probe", func(s *stage) { s.measuring(7) }},
		{"probe-time", func(s *stage) { s.measuring(7).press("v") }},
		{"probe-histogram", func(s *stage) { s.measuring(7).press("v", "v") }},
		{"probe-target", func(s *stage) {
			s.atSetup().press(times(setupTarget, "down")...).press("space").typed("10s").press("enter", "enter")
			s.measuring(7).press("v")
		}},
		{"probe-cursor", func(s *stage) { s.measuring(7).press("v", "c", "left", "left") }},
		{"probe-one-size", func(s *stage) { s.measuring(7).press("v", "z", "z") }},
		{"probe-lost-histogram", func(s *stage) { s.measuring(7).tell(alarming()...).press("v", "v") }},
		{"probe-explained", func(s *stage) { s.measuring(7).press("i") }},
		{"probe-alarmed", func(s *stage) { s.measuring(7).tell(alarming()...) }},
		{"probe-table", func(s *stage) { s.measuring(12).press("t") }},
		{"results", func(s *stage) { s.recording().measuring(12).end(nil).press("enter").at(host.Results) }},
		{"results-troubled", func(s *stage) { s.measuring(12).tell(troubles()...).end(nil).press("enter").at(host.Results) }},
		{"results-histogram", func(s *stage) { s.measuring(12).end(nil).press("enter", "t", "v", "v") }},
		{"runs", func(s *stage) { s.atRuns().press("space") }},
		{"runs-broken", func(s *stage) { s.atRuns().press("down", "down", "down") }},
		{"runs-none", func(s *stage) {
			s.cfg.RunsDir = s.t.TempDir()
			s.atRuns()
		}},
		{"runs-compared", func(s *stage) {
			s.cfg.RunsDir = "testdata/runs"
			s.atRuns().press("space", "down", "space", "c")
		}},
		{"past", func(s *stage) { s.atRuns().press("down", "enter").at(host.Past) }},
		{"past-time", func(s *stage) { s.atRuns().press("down", "enter").at(host.Past).press("t", "v") }},
		{"help", func(s *stage) { s.measuring(7).press("?") }},
		{"quit-unkept", func(s *stage) { s.measuring(12).end(nil).press("enter", "q") }},
		{"quit", func(s *stage) { s.recording().measuring(7).press("q") }},
	}
}

// atSetup goes on to the setup of a measurement, of a pair that stands already.
func (s *stage) atSetup() *stage {
	s.t.Helper()
	s.surveyed(without)
	return s.atPlan().press("enter").at(host.Probe)
}

// atRuns goes to the earlier runs, with the sandbox open.
func (s *stage) atRuns() *stage {
	s.t.Helper()
	return s.open().press("enter", "esc", "esc").at(host.Where).press("r").at(host.Runs)
}

// recording begins a measurement that has a journal.
func (s *stage) recording() *stage {
	s.t.Helper()
	return s.atSetup().press("enter").tell(session.Recording{RunID: "20261122-120000-abcd", Path: demoJournal})
}

// measuring measures so many rounds.
func (s *stage) measuring(rounds int) *stage {
	s.t.Helper()
	if s.App == nil {
		s.atSetup()
	}
	if len(s.works) == 0 {
		s.press("enter")
	}
	return s.tell(measured(s.last().cfg, rounds)...)
}

// measured is a run with so many rounds, as between Ireland and Singapore. The
// last probes of it are in flight.
func measured(cfg probe.Config, rounds int) []pair.Event {
	began := noon.Add(-time.Duration(rounds) * 10 * time.Second)
	events := []pair.Event{probe.RunEvent{
		RunID: cfg.RunID, Pair: cfg.Pair, Sizes: cfg.Sizes, Rounds: cfg.Rounds, ForMS: cfg.For.Milliseconds(), EveryMS: cfg.Every.Milliseconds(),
		LimitMS: cfg.Limit.Milliseconds(), Pace: cfg.Pace, StartedAt: began,
	}}
	random := rand.New(rand.NewPCG(7, 7))
	for round := range rounds {
		for i, size := range cfg.Sizes {
			for _, d := range pair.Directions() {
				key := fmt.Sprintf("k%d-%d-%d", round, i, d)
				at := began.Add(time.Duration(round)*10*time.Second + time.Duration(2*i+int(d))*800*time.Millisecond)
				events = append(events,
					probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: round + 1, PlannedAt: at, At: at},
					probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, PostedAt: at})
				if round == rounds-1 && i > 3 {
					continue // still in flight
				}
				took := []float64{4000, 9300}[d] * math.Exp(0.45*random.NormFloat64())
				events = append(events,
					probe.Sample{
						Direction: d, SizeBytes: size, Key: key, Round: round + 1, PostedAt: at, DurationMS: took,
						BracketMS: [2]float64{took * 0.96, took * 1.04}, HEADs: 14, Outcome: probe.Replicated,
					},
					probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{
						DurationMS: took * 1.08, BracketMS: [2]float64{took, took * 1.16}, HEADs: 5, Outcome: probe.Replicated,
					}},
					probe.LoopEvent{Key: key, Direction: d, OK: true, Content: probe.SameContent},
					probe.CleanedEvent{Key: key, OK: true})
			}
		}
	}
	return events
}

// alarming are losses and a stall while a run goes on.
func alarming() []pair.Event {
	var events []pair.Event
	for i := range 26 {
		at := noon.Add(-time.Duration(i) * time.Second)
		events = append(events, probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, Key: fmt.Sprint("lost", i), PostedAt: at, DurationMS: 15000, BracketMS: [2]float64{15000, 15000},
			HEADs: 20, Outcome: probe.GaveUp,
		})
	}
	return append(events, probe.StallEvent{Direction: pair.AtoB, Stalled: true, QuietMS: 62000, InFlight: 2, OldestMS: 71000, At: noon})
}

// troubles are everything that a reader of a measurement has to be warned of.
func troubles() []pair.Event {
	return []pair.Event{
		probe.RTTEvent{Side: pair.A, MinMS: 31, N: 5},
		probe.RTTEvent{Side: pair.B, MinMS: 182, N: 5},
		probe.BiasEvent{AtoBMS: 15.5, BtoAMS: 91, DifferenceMS: -75.5},
		probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "slow", PostedAt: noon, DurationMS: 41000, BracketMS: [2]float64{39000, 43000},
			HEADs: 14, Unknowns: 6, Throttled: 5, Unconfirmed: true, Late: true, Outcome: probe.Replicated,
		},
		probe.LoopEvent{Key: "slow", Direction: pair.AtoB, OK: true, Content: probe.OtherContent},
		probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 62000, InFlight: 3, OldestMS: 71000, At: noon},
		probe.NoticeEvent{Level: probe.Warning, Side: pair.B, Access: probe.AccessLost, Text: "side B: the credentials have expired; polls prove nothing until they are renewed"},
		probe.NoticeEvent{Level: probe.Info, Text: "a lifecycle rule will remove what is left after a day"},
		probe.LeftEvent{Objects: []probe.LeftObject{{Side: pair.B, Bucket: "b", Key: "slow", VersionID: "v"}}},
	}
}
