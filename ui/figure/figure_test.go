package figure_test

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/chart"
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

func TestAStallIsMarkedInTextToo(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	run := &report.Run{Headers: []probe.RunEvent{{StartedAt: start}}}
	for n := range 20 {
		run.Samples = append(run.Samples, probe.Sample{Direction: pair.BtoA, SizeBytes: 1, PostedAt: start, SinceStartMS: float64(1 + 10_000*n), DurationMS: 4000, Outcome: probe.Replicated})
	}
	over := func() string { return figure.Options(run, report.Origin{}).Charts()[1].Text }
	if text := over(); strings.Contains(text, "▄") || strings.Contains(text, "stalled") {
		t.Errorf("without a stall:\n%s", text)
	}
	run.Stalls = []probe.StallEvent{
		{Direction: pair.BtoA, Stalled: true, QuietMS: 30_000, At: start, SinceStartMS: 60_000},
		{Direction: pair.BtoA, QuietMS: 60_000, At: start, SinceStartMS: 90_000},
	}
	if text := over(); strings.Count(text, "▄") < 20 || !strings.Contains(text, "stalled") {
		t.Errorf("with one:\n%s", text)
	}
}

func TestLostTimeIsAGapWhereItWasAndNotWhereItsProbesWere(t *testing.T) {
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	sample := func(since float64, outcome probe.Outcome) probe.Sample {
		return probe.Sample{SizeBytes: 1, PostedAt: start, SinceStartMS: since, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}, Outcome: outcome}
	}
	var f figure.Figure
	for _, e := range []pair.Event{sample(1000, probe.Replicated), sample(30_000, probe.Suspended), probe.SleptEvent{SinceStartMS: 33_000, UnseenMS: 250, LostMS: 3_600_000}} {
		f.Take(e, start)
	}
	if want := (chart.Gap{From: 32_750 * time.Millisecond, To: 33 * time.Second}); len(f.Gaps) != 1 || f.Gaps[0] != want {
		t.Errorf("gaps %v, want %v", f.Gaps, want)
	}
	old := sample(0, probe.Suspended) // of a journal that does not say when it was
	old.PostedAt = start.Add(time.Minute)
	f.Take(old, start)
	if want := (chart.Gap{From: time.Minute, To: time.Minute + 4100*time.Millisecond}); len(f.Gaps) != 2 || f.Gaps[1] != want {
		t.Errorf("gaps %v, want %v", f.Gaps, want)
	}
}

func TestAStallThatGoesOnLastsUntilNow(t *testing.T) {
	var f figure.Figure
	f.Take(probe.StallEvent{Direction: pair.AtoB, Stalled: true, QuietMS: 30_000, SinceStartMS: 60_000}, time.Time{})
	if got := f.StallsAt(90 * time.Second)[0].To; got != 90*time.Second {
		t.Errorf("it lasts until %v", got)
	}
	f.Take(probe.StallEvent{Direction: pair.AtoB, QuietMS: 70_000, SinceStartMS: 100_000}, time.Time{})
	if got := f.StallsAt(200 * time.Second); len(got) != 1 || got[0].Gap != (chart.Gap{From: 30 * time.Second, To: 100 * time.Second}) {
		t.Errorf("after its end: %v", got)
	}
}

func TestADrawingOfTheSandboxSaysSoInItsCorner(t *testing.T) {
	run := &report.Run{Samples: []probe.Sample{{Direction: pair.AtoB, SizeBytes: 1, DurationMS: 4000, Outcome: probe.Replicated}}}
	for want, origin := range map[string]report.Origin{
		">simulated<": {Simulated: true, Notes: []string{"Sandbox: distances are made up"}},
		">not AWS<":   {Notes: []string{"Measured against http://localhost, whose distances are simulated"}},
	} {
		for _, d := range figure.Options(run, origin).Drawings() {
			if !strings.Contains(d.Wide, want) || !strings.Contains(d.Narrow, want) {
				t.Errorf("%s: %q is missing", d.Title, want)
			}
		}
	}
}

func TestADrawingSaysOfAMedianWhatTheTableSays(t *testing.T) {
	saysOf := func(outcome probe.Outcome, n int, arrivals ...float64) []string {
		run := &report.Run{}
		add := func(outcome probe.Outcome, ms float64) {
			run.Samples = append(run.Samples, probe.Sample{Direction: pair.AtoB, SizeBytes: 1, DurationMS: ms, BracketMS: [2]float64{ms, ms}, Outcome: outcome})
		}
		for range n {
			add(outcome, 1000)
		}
		for _, ms := range arrivals {
			add(probe.Replicated, ms)
		}
		options := figure.Options(run, report.Origin{})
		lane := options.Charts()[1].Text
		row := options.Drawings()[1].Rows[0]
		if median := "median " + row[3]; !strings.Contains(lane, median) {
			t.Errorf("%d that %s: the table says %q, and the lane\n%s", n, outcome, median, lane)
		}
		return row[3:]
	}
	for _, c := range []struct {
		outcome          probe.Outcome
		n                int
		median, interval string
	}{
		{probe.GaveUp, 8, "over 1.0 s", "from 1.0 s"},
		{probe.Replicated, 8, "1.0 s", "1.0 s to 1.0 s"},
		{probe.Replicated, 2, "too few (4 more)", "none"},
	} {
		if said := saysOf(c.outcome, c.n); said[0] != c.median || said[1] != c.interval {
			t.Errorf("%d that %s: it says %q", c.n, c.outcome, said)
		}
	}
	if said := saysOf(probe.Interrupted, 14, 3000, 7200); said[0] != "too few arrivals" {
		t.Errorf("of 2 arrivals and 14 that were interrupted before: it says %q", said)
	}
}

func TestAChangeOfLevelIsDrawn(t *testing.T) {
	run := &report.Run{Headers: []probe.RunEvent{{StartedAt: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}}}
	for i := range 40 {
		ms := 4000 + 50*float64(i*5%8)
		if i >= 20 {
			ms *= 5
		}
		run.Samples = append(run.Samples, probe.Sample{
			Direction: pair.BtoA, SizeBytes: 1, SinceStartMS: 1 + 10_000*float64(i), DurationMS: ms, BracketMS: [2]float64{ms, ms}, Outcome: probe.Replicated,
		})
	}
	options := figure.Options(run, report.Origin{})
	for where, text := range map[string]string{"the chart": options.Charts()[1].Text, "the drawing": options.Drawings()[0].Wide} {
		if !strings.Contains(text, "median 4.2 s (4.1 to 4.2), then 21 s (21 to 21)") {
			t.Errorf("%s does not say it:\n%s", where, text)
		}
	}
}
