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

func TestAStallIsShadedFromTheLastArrivalToTheNext(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	run := &report.Run{
		Samples: []probe.Sample{{Direction: pair.AtoB, SizeBytes: 1, PostedAt: start, DurationMS: 4000, Outcome: probe.Replicated}},
		Stalls: []probe.StallEvent{
			{Direction: pair.BtoA, Stalled: true, QuietMS: 30_000, At: start.Add(time.Minute)},
			{Direction: pair.BtoA, Stalled: false, QuietMS: 90_000, At: start.Add(2 * time.Minute)},
		},
	}
	for _, d := range figure.Options(run, report.Origin{}).Drawings() {
		if over := d.Title == "Over time"; strings.Contains(d.Wide, "nothing arrived") != over {
			t.Errorf("%s: explains a stall: %v", d.Title, !over)
		}
	}
}

func TestADrawingOfTheSandboxSaysSoInItsCorner(t *testing.T) {
	run := &report.Run{Samples: []probe.Sample{{Direction: pair.AtoB, SizeBytes: 1, DurationMS: 4000, Outcome: probe.Replicated}}}
	for note, want := range map[string]string{"Sandbox: simulated distances": ">simulated<", "Measured against http://localhost, not against AWS": ">not AWS<"} {
		for _, d := range figure.Options(run, report.Origin{Notes: []string{note}}).Drawings() {
			if !strings.Contains(d.Wide, want) || !strings.Contains(d.Narrow, want) {
				t.Errorf("%s: %q is missing", d.Title, want)
			}
		}
	}
}
