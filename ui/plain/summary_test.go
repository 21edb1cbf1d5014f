package plain_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/ui/plain"
)

// saysOf is the line on A → B after samples with these outcomes.
func saysOf(outcomes ...probe.Outcome) string {
	c := stats.NewCollector()
	for _, o := range outcomes {
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1, Outcome: o, DurationMS: 4000, BracketMS: [2]float64{4000, 4000}})
	}
	var out bytes.Buffer
	plain.Text(&out).Event(c.Direction(pair.AtoB).Event())
	return out.String()
}

func TestASummarySaysHowManyWereCutOff(t *testing.T) {
	line := saysOf(probe.Replicated, probe.Interrupted, probe.Interrupted, probe.Suspended)
	if !strings.Contains(line, "failed 0  interrupted 2  suspended 1  ") {
		t.Error(line)
	}
	if line := saysOf(probe.Replicated); strings.Contains(line, "interrupted") || strings.Contains(line, "suspended") {
		t.Error(line)
	}
}

func TestWithoutASampleThereIsNoMaximum(t *testing.T) {
	if line := saysOf(); !strings.Contains(line, "n 0 ") || !strings.Contains(line, "median too few (6 more)") || !strings.Contains(line, "max none ") {
		t.Error(line)
	}
}

func TestAQuantileSaysHowManySamplesItTakesOnlyWhereThatIsKnown(t *testing.T) {
	var out bytes.Buffer
	w := plain.Text(&out)
	w.Event(stats.SummaryEvent{N: 16, Missing: &stats.Missing{P90: 13}})
	if line := out.String(); !strings.Contains(line, "median too few arrivals  mean too few arrivals  p90 too few (13 more)") {
		t.Error(line)
	}
}

func TestProgressSaysHowManyOfItsSamplesAreInFlight(t *testing.T) {
	var out bytes.Buffer
	w := plain.Text(&out)
	w.Event(watch.ProgressEvent{N: 39, InFlight: 3, OldestMS: 4000})
	w.Event(watch.New().Progress(time.Now())[0])
	for _, want := range []string{"so far A → B  n 39, 3 of them in flight, the oldest for 4.0 s  median", "so far A → B  n 0, none of them in flight  median"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestATargetHasALineADirection(t *testing.T) {
	c := stats.NewCollector()
	for _, size := range []int64{1, 2} {
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: size, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	}
	var out bytes.Buffer
	w := plain.Text(&out)
	for _, e := range c.WithinEvents(time.Minute) {
		w.Event(e)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[0], "A → B: 2 of 2 within 1 min: 100 % (95 %: 15.8 to 100 %).") {
		t.Error(out.String())
	}
}

func TestARunOfRoundsSaysAfterSomeOfThemWhatItShows(t *testing.T) {
	var out bytes.Buffer
	w := plain.Text(&out)
	w.Event(watch.New().Standing(time.Now(), 2, 12))
	if want := "2 of 12 rounds done. Too few samples so far for a comparison"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
}

func TestNothingIsSaidOfARunWhileItIsTooEarly(t *testing.T) {
	for name, c := range map[string]struct {
		every float64 // s
		lines int
	}{"20 s": {1, 0}, "400 s": {20, 1}} {
		watched, start := watch.New(), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
		for i := range 40 {
			since := 1000 * c.every * float64(i/2)
			watched.Take(probe.Sample{
				Direction: pair.Direction(i % 2), Key: strconv.Itoa(i), SinceStartMS: 1 + since, PostedAt: start.Add(probe.Duration(since)),
				Outcome: probe.Replicated, DurationMS: 4000 + float64(i), BracketMS: [2]float64{3990 + float64(i), 4010 + float64(i)},
			})
		}
		var out bytes.Buffer
		plain.Text(&out).Event(watched.Standing(start.Add(time.Hour), 2, 12))
		if strings.Count(out.String(), "\n") != c.lines || c.lines > 0 && !strings.HasPrefix(out.String(), "2 of 12 rounds done. ") {
			t.Errorf("%s: %q", name, out.String())
		}
	}
}
