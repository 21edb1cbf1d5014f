package figure_test

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/figure"
)

func TestEverySampleWithADurationIsDrawn(t *testing.T) {
	run := &report.Run{}
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for n, outcome := range []probe.Outcome{probe.Replicated, probe.GaveUp, probe.Interrupted, probe.Failed, probe.Suspended} {
		run.Samples = append(run.Samples, probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, PostedAt: start.Add(time.Duration(n) * time.Second),
			DurationMS: 4000, BracketMS: [2]float64{3900, 4100}, Outcome: outcome,
		})
	}
	drawn := figure.Options(run, report.Origin{}).Charts()[0].Text
	title, rest, _ := strings.Cut(drawn, "\n")
	if strings.TrimSpace(title) != figure.Title {
		t.Errorf("the title is %q", title)
	}
	_, body, _ := strings.Cut(rest, "\n") // below the legend
	if strings.Count(body, "●") != 1 || strings.Count(body, "▲") != 2 {
		t.Errorf("want one dot and two arrows:\n%s", drawn)
	}
	if none := figure.Options(&report.Run{}, report.Origin{}); none.Charts != nil || none.Drawings != nil {
		t.Error("a run without samples is drawn")
	}
}
