package plain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/ui/plain"
)

const hostile = "\x1b[2J\x1b]0;owned\x07 line\nbreak \u202egnirts \u0000 end"

// run is a stream of every kind of event that a run can have, with hostile
// text wherever text comes from elsewhere.
func run() []pair.Event {
	direction := pair.AtoB
	sample := probe.Sample{
		Direction: pair.AtoB, SizeBytes: 1 << 20, Key: hostile, VersionID: hostile, DurationMS: 4259, BracketMS: [2]float64{4170.2, 4347.8},
		HEADs: 14, Outcome: probe.Replicated, PostedAt: time.Unix(0, 0).UTC(),
	}
	gaveUp, failed, first := sample, sample, sample
	gaveUp.Outcome, gaveUp.Detail = probe.GaveUp, "its origin says PENDING"
	failed.Outcome, failed.Detail = probe.Failed, hostile
	first.LeftCensored, first.BracketMS = true, [2]float64{0, 310}
	collector := stats.NewCollector()
	for range 30 {
		collector.Add(sample)
	}
	events := []pair.Event{
		step.Event{ID: "rule-a-to-b", Direction: &direction, Status: step.Pending},
		step.Event{ID: "rule-a-to-b", Direction: &direction, Status: step.Running, Detail: hostile, Attempt: 2},
		step.Event{ID: "rule-a-to-b", Direction: &direction, Status: step.Done, Detail: "rule in place", ElapsedMS: 412},
		probe.RunEvent{RunID: "r"},
		probe.RTTEvent{Side: pair.A, MinMS: 12.2, N: 3},
		probe.StartedEvent{Key: hostile},
		probe.PostedEvent{Key: hostile},
		sample, gaveUp, failed, first,
		probe.LoopEvent{Key: "k", Direction: pair.AtoB, OK: true},
		probe.LoopEvent{Key: "k", Direction: pair.AtoB, Detail: hostile},
		probe.CleanedEvent{Key: "k", OK: true},
		probe.NoticeEvent{Level: probe.Warning, Text: hostile},
		probe.LeftEvent{Objects: []probe.LeftObject{{Bucket: "b", Key: "k", VersionID: "v", Why: hostile}}},
	}
	return append(events, collector.Events(stats.Once)...)
}

func TestTextIsOneCleanLineAnEventAndSaysWhatPeopleFollow(t *testing.T) {
	var out bytes.Buffer
	w := plain.Text(&out)
	for _, e := range run() {
		w.Event(e)
	}
	text := out.String()
	for _, want := range []string{
		"done      rule-a-to-b            0.41 s  rule in place",
		"A → B  1 MiB    4.3 s  (between 4.2 s and 4.3 s, 14 HEADs)",
		"gave up: longer than 4.3 s  (14 HEADs) its origin says PENDING",
		"at most 0.31 s",
		"NOT as it should be",
		"warning: ",
		"may be left behind",
		"A → B  1 MiB     n 30   median 4.3 s (95 %: 4.2 to 4.3)",
		"p95 too few (29 more)",
		"Too few samples for a comparison",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, r := range text {
		if r != '\n' && (r < ' ' || r == 0x7f || r == '\u202e') {
			t.Fatalf("the text holds %q:\n%q", r, text)
		}
	}
	if strings.Contains(text, "started") || strings.Contains(text, "pending") {
		t.Errorf("the text tells what only programs want:\n%s", text)
	}
}

func TestJSONIsOneObjectALineAndNothingElse(t *testing.T) {
	var out bytes.Buffer
	w := plain.JSON(&out)
	events := run()
	for _, e := range events {
		w.Event(e)
	}
	w.Line("not for %s", "programs")
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(events) {
		t.Fatalf("%d lines for %d events", len(lines), len(events))
	}
	for i, line := range lines {
		var object struct{ Event string }
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Event != events[i].EventName() {
			t.Errorf("%q is not the event %s: %v", line, events[i].EventName(), err)
		}
		if strings.ContainsRune(line, 0x1b) {
			t.Errorf("an escape byte in %q", line)
		}
	}
}

type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.left == 0 {
		return 0, errFull
	}
	f.left--
	return len(p), nil
}

func TestTheFirstFailureToWriteIsKept(t *testing.T) {
	w := plain.Text(&full{left: 1})
	w.Line("one")
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	w.Line("two")
	w.Line("three")
	if !errors.Is(w.Err(), errFull) {
		t.Errorf("the failure is %v", w.Err())
	}
}

func TestAPlanIsShownWholeForReview(t *testing.T) {
	direction := pair.BtoA
	plan := plan.Plan{
		Purpose:  pair.SetUp,
		Findings: []survey.Finding{{Severity: survey.Blocker, Side: pair.B, Title: "taken", Meaning: "Choose another."}},
		Steps: []step.Step{
			{ID: "bucket-a", Side: pair.A, Change: step.Nothing, Kind: step.KindBucket, Title: "bucket", What: "is there"},
			{ID: "rule-b-to-a", Direction: &direction, Change: step.Create, Kind: step.KindRule, Title: "rule", What: "all objects", Needs: []string{"bucket-a"}},
		},
	}
	var text, lines bytes.Buffer
	plain.Text(&text).Plan(plan)
	plain.JSON(&lines).Plan(plan)
	want := "blocker side B: taken. Choose another.\n" +
		"already  bucket      A      is there\n" +
		"create   rule        B → A  all objects\n" +
		"This plan cannot run: 1 blocker(s), see above.\n"
	if text.String() != want {
		t.Errorf("the text is\n%s\nwant\n%s", text.String(), want)
	}
	if n := strings.Count(lines.String(), "\n"); n != 4 || !strings.Contains(lines.String(), `{"event":"plan","purpose":"set up","changes":1,"steps":2,"blockers":1}`) {
		t.Errorf("the JSON lines are\n%s", lines.String())
	}
}

func TestABackfillWithoutAStepClaimsNoMoreThanThat(t *testing.T) {
	var text bytes.Buffer
	plain.Text(&text).Plan(plan.Plan{Purpose: pair.Backfill, Findings: []survey.Finding{
		{Severity: survey.Warning, Title: "3 differences are left alone", Meaning: "The rule is missing."},
	}})
	want := "warning: 3 differences are left alone. The rule is missing.\n" +
		"This backfill has nothing to do: what it leaves alone is named above.\n"
	if text.String() != want {
		t.Errorf("the text is\n%s\nwant\n%s", text.String(), want)
	}
}

func TestASummarySaysAtMostAndHowManyBeganLate(t *testing.T) {
	c := stats.NewCollector()
	for range 12 {
		c.Add(probe.Sample{
			Direction: pair.AtoB, SizeBytes: 1 << 20, Outcome: probe.Replicated, DurationMS: 250, BracketMS: [2]float64{0, 500}, LeftCensored: true,
			UploadMS: 1000, LateMS: 2000, Late: true,
		})
	}
	var out bytes.Buffer
	w := plain.Text(&out)
	for _, e := range c.Events(stats.Anytime) {
		w.Event(e)
	}
	for _, want := range []string{
		"A → B  all sizes n 12   median at most 0.50 s (95 %: up to 0.50 s)  mean at most 0.50 s (95 %: up to 0.50 s)  p90 too few (17 more)",
		"max at most 0.50 s", "HEADs a sample  late starts 12, from the planned instants: median at most 3.5 s (95 %: up to 3.5 s)  p95 too few (47 more)\n",
		"HEADs a sample  late starts 12\n", // of the size
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for range 48 {
		c.Add(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Outcome: probe.Replicated, DurationMS: 4000, BracketMS: [2]float64{3900, 4100}})
	}
	out.Reset()
	w.Event(c.Direction(pair.AtoB).Event())
	if want := "p90 4.0 s (95 %: 3.9 to 4.1)  p95 4.0 s (95 %: 3.9 to 4.1)  max 4.0 s"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, out.String())
	}
	out.Reset()
	w.Event(watch.New().Progress(time.Now())[0])
	half := 500.0
	w.Event(watch.ProgressEvent{N: 12, MedianAtMostMS: &half, MedianIntervalMS: &stats.IntervalMS{new(float64), &half}})
	if !strings.Contains(out.String(), "median at most 0.50 s (95 %: up to 0.50 s)  p95 too few arrivals") {
		t.Error(out.String())
	}
}

func TestTheEstimateAndTheCountSayTheirRates(t *testing.T) {
	var out bytes.Buffer
	w := plain.Text(&out)
	w.Event(cost.Estimate{PUTs: 12, HEADs: 300, PerSecond: 32.7, MaxRate: 50})
	w.Event(cost.Usage{Requests: map[string]int64{"HeadObject": 300, "PutObject": 12}, ElapsedMS: 10_000})
	w.Event(cost.Usage{Requests: map[string]int64{"HeadObject": 300, "PutObject": 12}}) // of an older journal
	for _, want := range []string{
		"; about 33 requests a second on average, at most 50 at any moment; on AWS",
		"Counted: 312 requests, 31 a second on average (HeadObject 300, PutObject 12), ",
		"Counted: 312 requests (HeadObject 300, PutObject 12), ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestTheVerdictsOnSizeEndWithHowOftenOneShowsALinkByChance(t *testing.T) {
	lines := func(sizes int, w *plain.Writer, out *bytes.Buffer) []string {
		collector := stats.NewCollector()
		for i := range 40 {
			for _, d := range pair.Directions() {
				ms := 4000 + 100*float64(i/2*7%20)
				collector.Add(probe.Sample{Direction: d, SizeBytes: 1 << (10 + i%sizes), DurationMS: ms, BracketMS: [2]float64{ms, ms}, Outcome: probe.Replicated})
			}
		}
		out.Reset()
		for _, e := range collector.Events(stats.Once) {
			w.Event(e)
		}
		return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
	var out bytes.Buffer
	text := plain.Text(&out)
	const note = "Where file size does not matter, about one run in eight still shows a link in one of these three comparisons with it."
	for range 2 { // each time of what stands together
		if all := lines(2, text, &out); all[len(all)-1] != note || strings.Count(strings.Join(all, "\n"), note) != 1 || !strings.HasPrefix(all[len(all)-2], "B → A: no link to file size shown") {
			t.Errorf("want it last in\n%s", strings.Join(all, "\n"))
		}
	}
	if all := lines(1, text, &out); strings.Contains(strings.Join(all, "\n"), "still shows") {
		t.Errorf("one size:\n%s", strings.Join(all, "\n"))
	}
	if all := lines(2, plain.JSON(&out), &out); strings.Contains(strings.Join(all, "\n"), "still shows") {
		t.Errorf("JSON:\n%s", strings.Join(all, "\n"))
	}
}

func TestAMeasurementNamesTheRegionsOfItsSides(t *testing.T) {
	var out strings.Builder
	plain.Text(&out).Event(probe.RunEvent{Pair: pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"},
	}})
	if got := out.String(); got != "measuring A eu-west-1/one and B ap-southeast-1/two\n" {
		t.Errorf("it says %q", got)
	}
}
