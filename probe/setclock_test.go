// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"path/filepath"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/figure"
	"bothways/ui/runs"
)

// redated is an event as a journal keeps it whose wall clock was set by so much
// at an instant: what the monotonic clock said is gone.
func redated(e pair.Event, set time.Time, by time.Duration) pair.Event {
	date := func(at *time.Time) {
		if !at.Before(set) {
			*at = at.Round(0).Add(by)
		}
	}
	switch e := e.(type) {
	case probe.StartedEvent:
		date(&e.At)
		date(&e.PlannedAt)
		return e
	case probe.PostedEvent:
		date(&e.PostedAt)
		return e
	case probe.Sample:
		date(&e.PostedAt)
		date(&e.PlannedAt)
		return e
	case probe.StallEvent:
		date(&e.At)
		return e
	case probe.SleptEvent:
		date(&e.At)
		return e
	}
	return e
}

// reopened writes events to a journal and reads the run back.
func reopened(t *testing.T, events []pair.Event) *runs.Measured {
	t.Helper()
	j, err := journal.Create(t.TempDir(), journal.Opening{RunID: "r", Command: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if err := j.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	run, err := runs.Open(filepath.Dir(j.Path()), "r")
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// pictures are all charts of a run, as text and as SVG.
func pictures(run *report.Run) (all []string) {
	options := figure.Options(run, report.Origin{})
	for _, c := range options.Charts() {
		all = append(all, c.Text)
	}
	for _, d := range options.Drawings() {
		all = append(all, d.Wide, d.Narrow)
	}
	return all
}

func TestARunDuringWhichTheWallClockWasSetIsReopenedAsItWasMeasured(t *testing.T) {
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
			cfg := r.runConfig()
			cfg.Sizes, cfg.Rounds, cfg.For, cfg.Every = []int64{1024, 4096}, 0, 20*time.Minute, 10*time.Second
			set := time.Now().Add(7 * time.Minute)
			time.AfterFunc(10*time.Minute, func() {
				restore := r.inject(sandbox.Fault{Kind: "cut", From: "eu-west-1", To: "ap-southeast-1"})
				time.AfterFunc(4*time.Minute, restore)
			})
			runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
			r.must(err)
			runner.SetWall(func() time.Time {
				now := time.Now().Round(0)
				if now.Before(set) {
					return now
				}
				return now.Add(by)
			})
			var steady, stepped []pair.Event
			var began time.Time
			r.must(runner.Run(t.Context(), func(e pair.Event) {
				if opening, ok := e.(probe.RunEvent); ok {
					began = opening.StartedAt
				}
				steady, stepped = append(steady, e), append(stepped, redated(e, set, by))
			}))
			want, got := reopened(t, steady), reopened(t, stepped)
			if len(got.Stalls) == 0 || len(got.Samples) < 400 {
				t.Fatalf("%d samples, %d stalls", len(got.Samples), len(got.Stalls))
			}
			for i, s := range want.Samples {
				if off := s.SinceStart(time.Time{}) - s.PostedAt.Sub(began); off.Abs() > time.Microsecond {
					t.Fatalf("%+v is placed %v off", s, off)
				}
				if got := got.Samples[i].SinceStart(began); got != s.SinceStart(began) {
					t.Fatalf("the clock set by %v: %s is placed at %v, want %v", by, s.Key, got, s.SinceStart(began))
				}
				if s.Outcome == probe.Suspended {
					t.Fatalf("the clock set by %v: %+v", by, s)
				}
			}
			if !reflect.DeepEqual(pictures(got.Run), pictures(want.Run)) {
				t.Errorf("the clock set by %v: the charts differ:\n%s\n%s", by, pictures(got.Run)[1], pictures(want.Run)[1])
			}
		})
	}
}

func TestEveryEventWithAnInstantSaysWhenThatWasSinceTheRunsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds, cfg.Every = []int64{1024}, 3, 10*time.Second
		runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
		r.must(err)
		var began time.Time
		posted := map[string]float64{}
		seen := map[string]int{}
		is := func(e pair.Event, ms float64, at time.Time) {
			seen[e.EventName()]++
			if want := float64(at.Sub(began)) / 1e6; ms != want {
				t.Errorf("%s: %v ms since the start, want %v", e.EventName(), ms, want)
			}
		}
		r.must(runner.Run(t.Context(), func(e pair.Event) {
			switch e := e.(type) {
			case probe.RunEvent:
				began = e.StartedAt
			case probe.StartedEvent:
				is(e, e.SinceStartMS, e.At)
			case probe.PostedEvent:
				is(e, e.SinceStartMS, e.PostedAt)
				posted[e.Key] = e.SinceStartMS
			case probe.Sample:
				is(e, e.SinceStartMS, e.PostedAt)
			case probe.CompletedEvent:
				seen[e.EventName()]++
				if e.SinceStartMS != posted[e.Key] || e.SinceStartMS == 0 {
					t.Errorf("completed: %v ms since the start, posted %v", e.SinceStartMS, posted[e.Key])
				}
			}
		}))
		if want := map[string]int{"started": 6, "posted": 6, "sample": 6, "completed": 6}; !reflect.DeepEqual(seen, want) {
			t.Errorf("%v, want %v", seen, want)
		}
	})
}
