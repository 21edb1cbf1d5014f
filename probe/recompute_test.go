// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/ui/figure"
)

// exported is a run's statistics and its reports.
type exported struct {
	events  []pair.Event // of the statistics, as printed at a run's end
	reports map[report.Format]string
}

// limitMS is when the probes give up.
const limitMS = 60_000

// recorded probes a sandbox in which some objects come late or not at all, and
// some polls are not answered.
func recorded(t *testing.T) (probe.Config, []pair.Event) {
	t.Helper()
	begun := time.Now()
	r := newRig(t, since(&begun, func(_ time.Duration, from string, draw *rand.Rand) float64 {
		switch lot := draw.Float64(); {
		case lot < .08:
			return 3600
		case from == "eu-west-1":
			return 4 * math.Exp(.5*draw.NormFloat64())
		}
		return 7 * math.Exp(.5*draw.NormFloat64())
	}), "s3.amazonaws.com")
	var lots sync.Mutex
	draw := rand.New(rand.NewPCG(5, 1))
	r.between = func(next http.RoundTripper) http.RoundTripper {
		return &unreliable{next: next, mu: &lots, draw: draw, on: func() bool { return time.Since(begun) > 20*time.Second && time.Since(begun) < 30*time.Second }}
	}
	cfg := r.runConfig()
	cfg.Rounds, cfg.Limit, cfg.Target = 20, limitMS*time.Millisecond, 9*time.Second
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	var events []pair.Event
	r.must(runner.Run(t.Context(), func(event pair.Event) { events = append(events, event) }))
	return cfg, events
}

// export writes the journal of a run, and everything that is made
// from it.
func export(t *testing.T, events []pair.Event, cfg probe.Config) exported {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var journal bytes.Buffer
	collector := stats.NewCollector()
	for _, event := range events {
		line, err := pair.EncodeEvent(event)
		must(err)
		journal.Write(append(line, '\n'))
		if s, ok := event.(probe.Sample); ok {
			collector.Add(s)
		}
	}
	run, err := report.Read(bytes.NewReader(journal.Bytes()))
	must(err)
	far, err := report.ReadFar(&journal)
	must(err)
	defer func() { must(far.Close()) }()
	out := exported{events: collector.Events(collector.AtEnd(cfg)), reports: map[report.Format]string{}}
	for _, format := range report.Formats() {
		var file strings.Builder
		must(report.Write(&file, run, format, figure.Options(run, report.Origin{Version: "test", Access: "sandbox"})))
		out.reports[format] = file.String()
		var again strings.Builder
		must(report.Write(&again, far, format, figure.Options(far, report.Origin{Version: "test", Access: "sandbox"})))
		if again.String() != file.String() {
			t.Errorf("%s of a run in files differs from that of one in memory", format)
		}
	}
	return out
}

// variants are what may befall a run, each with how it then ends.
var variants = []struct {
	name   string
	change func(i int, s *probe.Sample)
	most   int // samples until it is stopped; 0: all
	kind   string
}{
	{name: "as it was", kind: "one_look"},
	{name: "stopped", most: 64, kind: "anytime"},
	{name: "late starts", kind: "one_look", change: func(i int, s *probe.Sample) {
		if s.Direction == pair.BtoA && i%3 == 0 {
			s.Late, s.LateMS = true, float64(300+70*i)
		}
	}},
	{name: "first polls that hit", kind: "one_look", change: func(i int, s *probe.Sample) {
		if s.Outcome == probe.Replicated && (s.Direction == pair.AtoB && i%3 > 0 || i%7 == 0) {
			shift := s.CorrectedMS - s.DurationMS
			s.LeftCensored, s.BracketMS[0], s.DurationMS = true, 0, s.BracketMS[1]/2
			s.CorrectedMS = s.DurationMS + shift
		}
	}},
	{name: "some held answers", kind: "one_look", change: func(i int, s *probe.Sample) { hold(s, i%9 == 0) }},
	{name: "one held answer", kind: "one_look", change: func(i int, s *probe.Sample) { hold(s, i == 40) }},
	{name: "a store that holds answers", kind: "one_look", change: func(i int, s *probe.Sample) {
		hold(s, i%8 > 0)
		if s.Held && i%5 == 0 {
			s.LeftCensored, s.BracketMS[0] = true, 0
		}
	}},
	{name: "wide brackets", kind: "one_look", change: func(_ int, s *probe.Sample) {
		if s.Outcome == probe.Replicated {
			s.LeftCensored, s.Held, s.BracketMS = false, false, [2]float64{.6 * s.DurationMS, 1.4 * s.DurationMS}
		}
	}},
	{name: "a change of level", kind: "one_look", change: func(i int, s *probe.Sample) {
		if i < 60 && s.Direction == pair.BtoA && s.Outcome == probe.Replicated {
			s.DurationMS, s.BracketMS[0], s.BracketMS[1], s.CorrectedMS = s.DurationMS/5, s.BracketMS[0]/5, s.BracketMS[1]/5, s.CorrectedMS/5
		}
	}},
	{name: "a limit among the delays", kind: "one_look", change: func(_ int, s *probe.Sample) { stayAway(s, probe.GaveUp, 14000, 16000) }},
	{name: "stopped with slow ones in flight", most: 100, kind: "anytime", change: func(i int, s *probe.Sample) {
		switch {
		case s.Outcome == probe.GaveUp:
			s.Outcome = probe.Failed
		case i%25 == 24:
			stayAway(s, probe.Interrupted, 0, 70000)
		}
	}},
	{name: "stopped, late and found at once", most: 70, kind: "anytime", change: func(i int, s *probe.Sample) {
		s.Late, s.LateMS = true, float64(300+70*(i%5))
		if s.Outcome == probe.Replicated && i%6 == 0 {
			s.LeftCensored, s.BracketMS[0], s.DurationMS = true, 0, s.BracketMS[1]/2
		}
	}},
}

// hold makes an arrival one whose answer was asked for at a tenth of the time, and
// held.
func hold(s *probe.Sample, held bool) {
	if !held || s.Outcome != probe.Replicated {
		return
	}
	s.Held, s.BracketMS[0] = true, .1*s.BracketMS[1]
	s.CorrectedMS += s.BracketMS[1] - s.DurationMS
	s.DurationMS = s.BracketMS[1]
}

// stayAway makes a sample that takes longer than from one of which it is only
// known that it takes longer than limit.
func stayAway(s *probe.Sample, outcome probe.Outcome, from, limit float64) {
	if s.DurationMS <= from {
		return
	}
	s.CorrectedMS += limit - s.DurationMS
	s.Outcome, s.LeftCensored, s.DurationMS, s.BracketMS = outcome, false, limit, [2]float64{limit, limit}
}

// TestEveryFigureCanBeRecomputedFromTheExportedSamples takes the CSV report to
// code of its own, written down from the definitions, and compares.
func TestEveryFigureCanBeRecomputedFromTheExportedSamples(t *testing.T) {
	var cfg probe.Config
	var events []pair.Event
	synctest.Test(t, func(t *testing.T) { cfg, events = recorded(t) })
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			var changed []pair.Event
			n := 0
			for _, event := range events {
				if s, ok := event.(probe.Sample); ok {
					if v.change != nil {
						v.change(n, &s)
					}
					n++
					event = s
				}
				if changed = append(changed, event); n == v.most && n > 0 {
					break
				}
			}
			got := export(t, changed, cfg)
			rows := rowsOf(t, got.reports[report.CSV])
			if all := naiveSummary(rows, nil); len(rows) != n || v.most == 0 && (n != 120 || all.of["gave_up"] == 0 || all.unknowns == 0) {
				t.Fatalf("%d rows of %d, %v, %d unknown polls: want 120 with some of each", len(rows), n, all.of, all.unknowns)
			}
			got.check(t, rows, v.kind)
		})
	}
}

func (got exported) check(t *testing.T, rows []row, kind string) {
	t.Helper()
	var file struct {
		Samples   []map[string]any     `json:"samples"`
		Summaries []stats.SummaryEvent `json:"summaries"`
		Verdicts  []stats.VerdictEvent `json:"verdicts"`
		Targets   []stats.WithinEvent  `json:"targets"`
		Begun     []probe.StartedEvent `json:"unfinished"`
		Stretches []stats.StretchEvent `json:"stretches"`
	}
	if err := json.Unmarshal([]byte(got.reports[report.JSON]), &file); err != nil {
		t.Fatal(err)
	}
	for i, s := range file.Samples {
		if s["key"] != rows[i].key || s["duration_ms"] != rows[i].ms {
			t.Errorf("sample %d: %v %v, in the CSV %v %v", i, s["key"], s["duration_ms"], rows[i].key, rows[i].ms)
		}
	}
	for _, r := range rows {
		middle := (r.low + r.high) / 2
		if r.held {
			middle = r.high
		}
		if r.outcome == "replicated" && (r.ms > middle+1e-9 || r.ms > limitMS || r.corrected > limitMS || r.ms < r.low || r.held && r.ms != min(r.high, limitMS)) {
			t.Errorf("%s: %v ms, corrected %v ms, of a bracket of %v to %v ms", r.key, r.ms, r.corrected, r.low, r.high)
		}
	}
	if len(file.Samples) != len(rows) {
		t.Errorf("%d samples in the JSON report, %d rows", len(file.Samples), len(rows))
	}
	for _, event := range got.events {
		switch e := event.(type) {
		case stats.SummaryEvent:
			checkSummary(t, e, rows)
			if i := slices.IndexFunc(file.Summaries, func(o stats.SummaryEvent) bool { return reflect.DeepEqual(o, e) }); i < 0 {
				t.Errorf("%s: not in the JSON report: %+v", e.Direction, e)
			}
		case stats.VerdictEvent:
			checkVerdict(t, e, rows, kind)
			if i := slices.IndexFunc(file.Verdicts, func(o stats.VerdictEvent) bool { return reflect.DeepEqual(o, e) }); i < 0 {
				t.Errorf("%s: not in the JSON report: %+v", e.About, e)
			}
		}
	}
	if len(file.Summaries) != 8 || len(file.Verdicts) != 4 || len(got.events) != 12 {
		t.Errorf("%d summaries and %d verdicts in the JSON report, %d events; want 8, 4 and 12", len(file.Summaries), len(file.Verdicts), len(got.events))
	}
	checkLevels(t, file.Stretches, rows)
	checkWithin(t, file.Targets, rows, file.Begun, got.reports)
	for _, format := range []report.Format{report.Markdown, report.HTML} {
		checkText(t, got.reports[format], rows)
	}
}

// row is a sample as the CSV report has it, its times in milliseconds.
type row struct {
	key, direction, outcome string
	size                    int64
	ms, low, high           float64
	corrected               float64
	left, held, late        bool
	written                 bool // the upload went well
	since                   float64
	heads, unknowns         int
	ahead                   float64 // of the upload's end: the planned instant
	started                 float64 // from the run's start
	round                   int
}

func rowsOf(t *testing.T, text string) []row {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range records[0] {
		column[name] = i
	}
	var rows []row
	for _, record := range records[1:] {
		number := func(name string) float64 {
			if record[column[name]] == "" && (record[column["outcome"]] != "replicated" && name == "bracket_high_ms" || name == "corrected_ms") {
				return 0 // not known
			}
			x, err := strconv.ParseFloat(record[column[name]], 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return x
		}
		took := "duration_ms"
		for _, other := range []string{"longer_than_ms", "bracket_low_ms"} { // of what did not arrive
			if record[column[took]] == "" {
				took = other
			}
		}
		corrected := number("corrected_ms")
		if took == "longer_than_ms" { // in any case
			corrected = number(took)
		}
		rows = append(rows, row{
			key: record[column["key"]], direction: record[column["direction"]], outcome: record[column["outcome"]],
			size: int64(number("size_bytes")), ms: number(took), low: number("bracket_low_ms"), high: number("bracket_high_ms"), corrected: corrected,
			written: record[column["version_id"]] != "", since: number("since_start_ms"),
			left: record[column["left_censored"]] == "true", held: record[column["held"]] == "true", heads: int(number("heads")), unknowns: int(number("unknowns")),
			late: record[column["late"]] == "true", ahead: number("late_ms") + number("upload_ms"),
			started: math.Round(number("since_start_ms") - number("upload_ms")), round: int(number("round")),
		})
	}
	return rows
}

func pick(rows []row, keep func(row) bool) []row {
	var kept []row
	for _, r := range rows {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}
