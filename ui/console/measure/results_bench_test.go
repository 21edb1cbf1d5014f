package measure

import (
	"fmt"
	"math/rand/v2"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/console/host"
	"bothways/ui/runs"
)

// press presses keys that are characters, or the arrows up and down.
func press(a *staged, names ...string) {
	for _, name := range names {
		key := tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
		if code, arrow := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown}[name]; arrow {
			key = tea.KeyPressMsg{Code: code}
		}
		a.Update(key)
	}
}

// longPast is an earlier run of so many samples, opened.
func longPast(tb testing.TB, samples, width, height int) *staged {
	tb.Helper()
	run := &report.Run{}
	add := func(e interface{ EventName() string }) {
		if err := run.Add(e); err != nil {
			tb.Fatal(err)
		}
	}
	add(probe.RunEvent{RunID: "long", Pair: demoPair(), Sizes: probe.DefaultSizes(), Rounds: 1 + samples/12, StartedAt: noon})
	random := rand.New(rand.NewPCG(1, 2))
	for i := range samples {
		s := drawnSample(random, i)
		s.Key, s.SinceStartMS, s.CorrectedMS = fmt.Sprintf("bothways/probe/%06d", i), 1000*float64(i+1), s.DurationMS+15
		add(s)
		add(probe.CompletedEvent{Key: s.Key, Direction: s.Direction, SizeBytes: s.SizeBytes, Completion: probe.Completion{
			DurationMS: s.DurationMS + 500, BracketMS: [2]float64{s.DurationMS, s.DurationMS + 1000}, HEADs: 5, Outcome: probe.Replicated,
		}})
		add(probe.LoopEvent{Key: s.Key, Direction: s.Direction, OK: true, Content: probe.SameContent})
	}
	a := stage(tb, host.Runs, width, height)
	a.past.opened(a.past.gen, newPast(&runs.Measured{Path: "20261122-100000-aaaa.ndjson", Run: run}), nil)
	a.Update(tea.BackgroundColorMsg{})
	a.View()
	return a
}

// BenchmarkResultsKey presses a key in the results of an earlier run of so many
// samples, and draws what it does at 120x40: scrolling the table, going round the
// charts, and zooming.
//
//	go test -run '^$' -bench ResultsKey ./ui/console/measure
func BenchmarkResultsKey(b *testing.B) {
	for _, samples := range []int{100, 100_000} {
		a := longPast(b, samples, 120, 40)
		for _, way := range []struct {
			name string
			keys []string
		}{{"scroll", []string{"down", "up"}}, {"table and chart", []string{"t"}}, {"charts", []string{"t", "v"}}, {"zoom", []string{"v", "v", "+", "-"}}} {
			for _, key := range way.keys[:len(way.keys)-1] {
				press(a, key)
			}
			b.Run(fmt.Sprintf("%s, %d samples", way.name, samples), func(b *testing.B) {
				b.ReportAllocs()
				for i := range b.N {
					press(a, way.keys[i%len(way.keys)])
					if a.View().Content == "" {
						b.Fatal("nothing was drawn")
					}
				}
			})
		}
	}
}
