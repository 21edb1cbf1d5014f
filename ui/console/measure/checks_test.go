package measure

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/console/host"
	"bothways/ui/runs"
)

func TestTheFactsOfARunAreGatheredOnceAfterEachChange(t *testing.T) {
	a := stage(t, host.Results, 100, 30)
	fed(a, 140)
	m := a.probe.m
	m.ended = noon
	a.probe.feed(probe.NoticeEvent{Level: probe.Warning, Text: "the credentials have expired"})
	first := m.facts(a.results.origin())
	press(a, "j", "t", "v", "t", "k")
	a.View()
	if again := m.facts(a.results.origin()); &again[0] != &first[0] {
		t.Error("they are gathered anew for every frame")
	}
	a.probe.feed(probe.NoticeEvent{Level: probe.Warning, Text: "something new stands in the way"})
	if again := m.facts(a.results.origin()); &again[0] == &first[0] || len(again) != len(first)+1 {
		t.Errorf("after one more there are %d of %d", len(again), len(first))
	}
	origin := a.results.origin()
	origin.Version = "another"
	found := false
	for _, f := range m.facts(origin) {
		found = found || strings.Contains(f.Text, "another")
	}
	if !found {
		t.Error("they are those of another origin")
	}
}

// What a frame allocates is about the same after many samples as after few, so
// nothing in it goes through all of them to make something.
func TestAFrameOfTheResultsCostsTheSameAfterManySamples(t *testing.T) {
	cost := func(samples int) float64 {
		a := longPast(t, samples, 120, 40)
		return testing.AllocsPerRun(20, func() {
			press(a, "j", "k")
			if a.View().Content == "" {
				t.Fatal("nothing was drawn")
			}
		})
	}
	if few, many := cost(1000), cost(20_000); many > 1.2*few {
		t.Errorf("%.0f allocations after 1,000 samples, %.0f after 20,000", few, many)
	}
}

func TestHowOftenItWasLookedAtIsFoundOutOnceAfterEachChange(t *testing.T) {
	run := &report.Run{}
	events := []pair.Event{probe.RunEvent{Pair: demoPair(), Sizes: []int64{1, 2, 3}, Rounds: 3, StartedAt: noon}}
	for i := range 18 {
		outcome := probe.Replicated
		if i == 17 {
			outcome = probe.Interrupted
		}
		events = append(events, probe.Sample{Key: string(rune('a' + i)), Direction: pair.Direction(i % 2), SizeBytes: int64(1 + i/2%3), PostedAt: noon, DurationMS: 4000, Outcome: outcome})
	}
	for _, e := range events {
		if err := run.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	m := newPast(&runs.Measured{Path: "a.ndjson", Run: run}).m // its last probe was interrupted
	before := m.looks()
	last := len(m.record.Samples) - 1
	m.record.Samples[last].Outcome = probe.Replicated
	if m.looks() != before {
		t.Error("all samples were gone through again, although nothing changed")
	}
	m.revision++
	if m.looks() == before {
		t.Error("what changed was not looked at")
	}
}
