package report

import (
	"strings"
	"testing"
	"time"

	"bothways/probe"
)

func TestLostTimeIsToldWithItsPlaceAndItsLength(t *testing.T) {
	for want, e := range map[string]probe.SleptEvent{
		"slept for 1 h, or its clock was set, 33 s after the start": {SinceStartMS: 33_000, UnseenMS: 250, LostMS: 3_600_000},
		"stood still for 12 s, until 45 s after the start":          {SinceStartMS: 45_000, UnseenMS: 12_000, LostMS: 3},
	} {
		run := read(t, line(t, header())+line(t, e))
		found := false
		for _, f := range Facts(run, Origin{}) {
			found = found || f.Warning && strings.Contains(f.Text, want)
		}
		if !found {
			t.Errorf("%+v: no warning says %q", e, want)
		}
	}
}

func TestTheTimesOfASecondStartCountFromTheFirst(t *testing.T) {
	second := header()
	second.StartedAt = start.Add(time.Hour)
	run := read(t, line(t, header())+line(t, probe.Sample{Outcome: probe.Replicated, Key: "a", SinceStartMS: 5000})+line(t, second)+
		line(t, probe.Sample{Outcome: probe.Replicated, Key: "b", SinceStartMS: 7000})+line(t, probe.Sample{Outcome: probe.Replicated, Key: "c"})+
		line(t, probe.StallEvent{Stalled: true, SinceStartMS: 9000})+line(t, probe.SleptEvent{SinceStartMS: 11_000}))
	const hour = 3_600_000
	for i, want := range []float64{5000, hour + 7000, 0} {
		if got := run.Samples[i].SinceStartMS; got != want {
			t.Errorf("sample %s is at %v ms, want %v", run.Samples[i].Key, got, want)
		}
	}
	if run.Stalls[0].SinceStartMS != hour+9000 || run.Sleeps[0].SinceStartMS != hour+11_000 {
		t.Errorf("%+v, %+v", run.Stalls, run.Sleeps)
	}
}
