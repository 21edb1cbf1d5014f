package report

import (
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestAStallCountsOnceHoweverOftenItIsTold(t *testing.T) {
	n, longest := stalls([]probe.StallEvent{
		{Direction: pair.AtoB, Stalled: true, QuietMS: 30_000},
		{Direction: pair.BtoA, Stalled: true, QuietMS: 900_000},
		{Direction: pair.AtoB, QuietMS: 40_000},
		{Direction: pair.AtoB, Stalled: true, QuietMS: 30_000},
		{Direction: pair.AtoB, Stalled: true, QuietMS: 600_000},
	}, pair.AtoB)
	if n != 2 || longest != 10*time.Minute {
		t.Errorf("%d stalls, the longest %v", n, longest)
	}
}

func TestADirectionWithoutAMeanIsNotSaidToHaveOne(t *testing.T) {
	run := &Run{}
	for range 8 {
		run.Samples = append(run.Samples, probe.Sample{Direction: pair.AtoB, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	}
	run.Samples = append(run.Samples, probe.Sample{Direction: pair.BtoA, Outcome: probe.Failed})
	want := "the times being known by their brackets alone may move the mean of A → B by up to 0.10 s, either way"
	if got := meansOff(run); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
