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
