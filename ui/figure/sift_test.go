package figure

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/chart"
)

// Of a long run some points are drawn, and it is said which; what is counted is
// all of it.
func TestDrawingsOfLongRunsAreThinnedAndSaySo(t *testing.T) {
	run := &report.Run{Headers: []probe.RunEvent{{StartedAt: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}}}
	for i := range 2400 {
		s := probe.Sample{
			Direction: pair.Direction(i % 2), SizeBytes: int64(1) << (i / 2 % 6), SinceStartMS: float64(1 + i), Outcome: probe.Replicated,
			DurationMS: float64(1000 + 7919*i%9000), BracketMS: [2]float64{900, 10_000},
		}
		if i%400 == 399 {
			s.Outcome, s.DurationMS = probe.GaveUp, 900_000
		}
		run.Samples = append(run.Samples, s)
	}
	whole, said := sheetOf(run, report.Origin{}, len(run.Samples))
	if said != "" || len(whole.Points) != 2400 || whole.All != nil {
		t.Errorf("%d of 2,400 are drawn: %s", len(whole.Points), said)
	}
	some, said := sheetOf(run, report.Origin{}, 500)
	counts := map[siftedCell]int{}
	gaveUp := 0
	for _, p := range some.Points {
		if p.Kind == chart.AtLeast {
			gaveUp++
			continue
		}
		counts[siftedCell{p.Series, p.Size}]++
	}
	if arrived := len(some.Points) - gaveUp; gaveUp != 6 || arrived > 500 || arrived < 250 {
		t.Errorf("%d arrivals and %d of 6 give-ups are drawn", arrived, gaveUp)
	}
	for cell, n := range counts {
		if n < 20 || len(counts) != 12 {
			t.Errorf("of %d cells %v has %d points", len(counts), cell, n)
		}
	}
	if !strings.Contains(said, "of 2394 arrivals,") || strings.Contains(said, "longer than") {
		t.Errorf("it says %q", said)
	}
	if a, b := whole.Bars(), some.Bars(); !reflect.DeepEqual(a, b) {
		t.Errorf("the bars count %+v, want %+v", b, a)
	}
	some.Width, some.Height, whole.Width, whole.Height = 860, 440, 860, 440
	if some.Histogram() != whole.Histogram() {
		t.Error("the histogram is another")
	}
}
