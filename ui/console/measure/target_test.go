package measure

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/ui/console/host"
	"bothways/ui/runs"
)

func TestAnEarlierRunSaysHowManyMetItsTarget(t *testing.T) {
	run := &report.Run{}
	for _, e := range []pair.Event{
		probe.RunEvent{Pair: demoPair(), Sizes: []int64{1}, Rounds: 2, StartedAt: noon, TargetMS: 60_000},
		probe.Sample{Key: "a", SizeBytes: 1, PostedAt: noon, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}, Outcome: probe.Replicated},
		probe.StartedEvent{Key: "b", SizeBytes: 1}, // the run was killed
	} {
		if err := run.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	lines := newPast(&runs.Measured{Run: run}).m.targetLines()
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "A → B: 1 of 2 within 1 min, of 1 it is not known: 50 to 100 %") {
		t.Errorf("%q", lines)
	}
}

func TestAMeasurementWithATargetCountsWhatIsInFlight(t *testing.T) {
	m := newMeasurement(probe.Config{Target: time.Minute}, noon)
	m.take(probe.Sample{Key: "a", SizeBytes: 1, PostedAt: noon, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}, Outcome: probe.Replicated})
	m.take(probe.StartedEvent{Key: "b", SizeBytes: 1})
	if lines := m.targetLines(); len(lines) != 2 || !strings.HasPrefix(lines[0], "A → B: 1 of 2 within 1 min, of 1 it is not known") {
		t.Errorf("%q", lines)
	}
	if lines := newMeasurement(probe.Config{}, noon).targetLines(); lines != nil {
		t.Errorf("without a target: %q", lines)
	}
}

func TestWhereTimeControlIsPaidForItsTargetIsHeldAgainst(t *testing.T) {
	setup := newProbeSetup(host.Measurement{})
	for control, want := range map[bool]time.Duration{false: 0, true: stats.RTC} {
		p := demoPair()
		p.Options.TimeControl = control
		if cfg, err := setup.config(p); err != nil || cfg.Target != want {
			t.Errorf("time control %v: a target of %v, %v", control, cfg.Target, err)
		}
	}
}

func TestAChangeOfLevelIsSaidOnceTheRunIsOver(t *testing.T) {
	m := newMeasurement(probe.Config{}, noon)
	m.take(probe.RunEvent{Pair: demoPair(), Sizes: []int64{1}, StartedAt: noon})
	for i := range 40 {
		ms := 4000 + 50*float64(i*5%8)
		if i >= 20 {
			ms *= 5
		}
		m.take(probe.Sample{
			Key: string(rune('a' + i)), SizeBytes: 1, PostedAt: noon, SinceStartMS: 1 + 10_000*float64(i), DurationMS: ms, BracketMS: [2]float64{ms, ms}, Outcome: probe.Replicated,
		})
	}
	if lines := m.levels().lines; lines != nil {
		t.Errorf("while it goes on: %q", lines)
	}
	m.ended = noon.Add(time.Hour)
	m.revision++
	if levels := m.levels(); len(levels.lines) != 1 || !strings.Contains(levels.lines[0], "A → B: the level changed: until 12:03:20 UTC 4.2 s") || len(levels.drawn[pair.AtoB]) != 2 {
		t.Errorf("at its end: %+v", levels)
	}
}
