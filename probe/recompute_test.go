package probe_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
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

// exported is a run's journal and its reports.
type exported struct {
	events  []pair.Event // of the statistics, as printed at a run's end
	reports map[report.Format]string
}

// exportedRun probes a sandbox in which some objects come late or not at all,
// and some polls are not answered.
func exportedRun(t *testing.T) exported {
	t.Helper()
	begun := time.Now()
	r := newRig(t, since(&begun, func(_ time.Duration, from string, draw *rand.Rand) float64 {
		switch lot := draw.Float64(); {
		case lot < .06:
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
	cfg.Rounds, cfg.Limit = 20, time.Minute
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	var journal bytes.Buffer
	collector := stats.NewCollector()
	r.must(runner.Run(t.Context(), func(event pair.Event) {
		line, err := pair.EncodeEvent(event)
		r.must(err)
		journal.Write(append(line, '\n'))
		if s, ok := event.(probe.Sample); ok {
			collector.Add(s)
		}
	}))
	run, err := report.Read(&journal)
	r.must(err)
	out := exported{events: collector.Events(stats.AtEnd(cfg, nil)), reports: map[report.Format]string{}}
	for _, format := range report.Formats() {
		var file strings.Builder
		r.must(report.Write(&file, run, format, figure.Options(run, report.Origin{Version: "test", Access: "sandbox"})))
		out.reports[format] = file.String()
	}
	return out
}

// TestEveryFigureCanBeRecomputedFromTheExportedSamples takes the CSV report to
// code of its own, written down from the definitions, and compares.
func TestEveryFigureCanBeRecomputedFromTheExportedSamples(t *testing.T) {
	var got exported
	synctest.Test(t, func(t *testing.T) { got = exportedRun(t) })
	rows := rowsOf(t, got.reports[report.CSV])
	all := naiveSummary(rows)
	if len(rows) != 120 || all.of["gave_up"] < 3 || all.unknowns < 3 {
		t.Fatalf("%d rows, %v, %d unknown polls: want 120 with some of each", len(rows), all.of, all.unknowns)
	}
	t.Run("summary events", func(t *testing.T) {
		summaries, verdicts := 0, 0
		for _, event := range got.events {
			switch e := event.(type) {
			case stats.SummaryEvent:
				summaries++
				checkSummary(t, e, rows)
			case stats.VerdictEvent:
				verdicts++
				checkVerdict(t, e, rows)
			}
		}
		if summaries != 8 || verdicts != 4 {
			t.Errorf("%d summaries and %d verdicts, want 8 and 4", summaries, verdicts)
		}
	})
	t.Run("JSON", func(t *testing.T) {
		var file struct {
			Samples   []map[string]any     `json:"samples"`
			Summaries []stats.SummaryEvent `json:"summaries"`
			Verdicts  []stats.VerdictEvent `json:"verdicts"`
		}
		if err := json.Unmarshal([]byte(got.reports[report.JSON]), &file); err != nil {
			t.Fatal(err)
		}
		for i, s := range file.Samples {
			if s["key"] != rows[i].key || s["duration_ms"] != rows[i].ms {
				t.Errorf("sample %d: %v %v, in the CSV %v %v", i, s["key"], s["duration_ms"], rows[i].key, rows[i].ms)
			}
		}
		if len(file.Samples) != len(rows) || len(file.Summaries) != 8 || len(file.Verdicts) != 4 {
			t.Errorf("%d samples, %d summaries and %d verdicts", len(file.Samples), len(file.Summaries), len(file.Verdicts))
		}
		for _, e := range file.Summaries {
			checkSummary(t, e, rows)
		}
		for _, e := range file.Verdicts {
			checkVerdict(t, e, rows)
		}
	})
	for _, format := range []report.Format{report.Markdown, report.HTML} {
		t.Run(string(format), func(t *testing.T) { checkText(t, got.reports[format], rows) })
	}
}

// row is a sample as the CSV report has it, its times in milliseconds.
type row struct {
	key, direction, outcome string
	size                    int64
	ms, low, high           float64
	corrected               float64
	left                    bool
	heads, unknowns         int
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
			x, err := strconv.ParseFloat(record[column[name]], 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return x
		}
		rows = append(rows, row{
			key: record[column["key"]], direction: record[column["direction"]], outcome: record[column["outcome"]],
			size: int64(number("size_bytes")), ms: number("duration_ms"), low: number("bracket_low_ms"), high: number("bracket_high_ms"), corrected: number("corrected_ms"),
			left: record[column["left_censored"]] == "true", heads: int(number("heads")), unknowns: int(number("unknowns")),
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

func checkSummary(t *testing.T, e stats.SummaryEvent, rows []row) {
	t.Helper()
	name := e.Direction.String()
	rows = pick(rows, func(r row) bool {
		return r.direction == e.Direction.String() && (e.SizeBytes == nil || r.size == *e.SizeBytes)
	})
	if e.SizeBytes != nil {
		name += fmt.Sprint(" ", *e.SizeBytes)
	}
	want := naiveSummary(rows)
	for what, pair := range map[string][2]int{
		"n": {e.N, want.n}, "probes": {e.Probes, len(rows)}, "replicated": {e.Replicated, want.of["replicated"]},
		"gave up": {e.GaveUp, want.of["gave_up"]}, "failed": {e.Failed, want.of["failed"]},
		"interrupted": {e.Interrupted, want.of["interrupted"]}, "suspended": {e.Suspended, want.of["suspended"]},
		"at most": {e.LeftCensored, want.left}, "HEADs": {e.HEADs, want.heads}, "unknown polls": {e.Unknowns, want.unknowns},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s %d, recomputed %d", name, what, pair[0], pair[1])
		}
	}
	same := func(what string, got *float64, want float64) {
		t.Helper()
		if (got == nil) != math.IsInf(want, 1) || got != nil && math.Abs(*got-want) > 1e-5 {
			t.Errorf("%s: %s %v, recomputed %v", name, what, orNone(got), want)
		}
	}
	same("median", e.MedianMS, want.median)
	if e.MedianIntervalMS == nil {
		t.Errorf("%s: no interval of the median", name)
	} else {
		same("lower end", e.MedianIntervalMS[0], want.lower)
		same("upper end", e.MedianIntervalMS[1], want.upper)
	}
	same("maximum", e.MaxMS, want.longest)
	if e.Missing == nil {
		e.Missing = &stats.Missing{}
	}
	for _, tail := range []struct {
		name          string
		got           *float64
		want          float64
		from, missing int
	}{
		{"p90", e.P90MS, want.p90, 29, e.Missing.P90},
		{"p95", e.P95MS, want.p95, 59, e.Missing.P95},
		{"p99", e.P99MS, math.Inf(1), 299, e.Missing.P99},
	} {
		if want.n < tail.from {
			tail.want = math.Inf(1)
		}
		same(tail.name, tail.got, tail.want)
		if tail.missing != max(0, tail.from-want.n) {
			t.Errorf("%s: %d missing for the %s of %d", name, tail.missing, tail.name, want.n)
		}
	}
}

func orNone(x *float64) any {
	if x == nil {
		return "none"
	}
	return *x
}

func checkVerdict(t *testing.T, e stats.VerdictEvent, rows []row) {
	t.Helper()
	var ratio, lower, upper float64
	also := true // shown by the times as they were measured
	if e.About == stats.AboutDirections {
		in := func(direction string) []row { return pick(rows, func(r row) bool { return r.direction == direction }) }
		_, lower, upper = naiveRatio(in("AtoB"), in("BtoA"))
		also = lower > 1 || upper < 1
		rows = slices.Clone(rows)
		for i := range rows {
			rows[i].ms = rows[i].corrected
		}
		ratio, lower, upper = naiveRatio(in("AtoB"), in("BtoA"))
	} else {
		if e.Direction != nil {
			rows = pick(rows, func(r row) bool { return r.direction == e.Direction.String() })
		}
		rows = pick(rows, func(r row) bool { return r.size > 0 && (r.outcome == "replicated" || r.outcome == "gave_up") })
		if late := pick(rows, func(r row) bool { return r.outcome == "gave_up" }); 100*len(late) > len(rows) {
			if e.Ratio != nil || e.Shown || !strings.Contains(e.Sentence, "oo many gave up") {
				t.Errorf("%d of %d gave up: %s", len(late), len(rows), e.Sentence)
			}
			return
		}
		ratio, lower, upper = naiveSlope(rows)
	}
	for what, pair := range map[string]struct {
		got  *float64
		want float64
	}{"ratio": {e.Ratio, ratio}, "lower end": {e.Lower, lower}, "upper end": {e.Upper, upper}} {
		if pair.got == nil || math.Abs(*pair.got/pair.want-1) > 1e-4 {
			t.Errorf("%s: %s %v, recomputed %v", e.About, what, orNone(pair.got), pair.want)
		}
	}
	if e.Shown != (also && (lower > 1 || upper < 1)) {
		t.Errorf("%s: shown %v, the interval is %v to %v", e.About, e.Shown, lower, upper)
	}
	shownRatio := ratio
	if e.About == stats.AboutDirections && e.Shown && ratio < 1 {
		shownRatio = 1 / ratio
	}
	one, two := strconv.FormatFloat(shownRatio, 'f', 1, 64), strconv.FormatFloat(shownRatio, 'f', 2, 64)
	if !strings.Contains(e.Sentence, one) && !strings.Contains(e.Sentence, two) {
		t.Errorf("neither %s nor %s in: %s", one, two, e.Sentence)
	}
}

// checkText looks for every summary's figures, rounded, in one line of a table.
func checkText(t *testing.T, text string, rows []row) {
	t.Helper()
	for _, html := range []string{"<tr>", "</tr>", "<td>", "</td>", "<th scope=\"row\">", "</th>"} {
		text = strings.ReplaceAll(text, html, " | ")
	}
	rounded := func(ms float64) string {
		switch s := ms / 1000; {
		case s < 1:
			return strconv.FormatFloat(s, 'f', 3, 64)
		case s < 100:
			return strconv.FormatFloat(s, 'f', 2, 64)
		default:
			return strconv.FormatFloat(s, 'f', 0, 64)
		}
	}
	for _, direction := range []string{"AtoB", "BtoA"} {
		for _, size := range []int64{-1, 0, 128 << 10, 1 << 20} {
			of := naiveSummary(pick(rows, func(r row) bool { return r.direction == direction && (size < 0 || r.size == size) }))
			want := []string{
				strings.Replace(direction, "to", " → ", 1), strconv.Itoa(of.n), rounded(of.median),
				rounded(of.lower) + " to " + rounded(of.upper), strconv.Itoa(of.of["gave_up"]), strconv.Itoa(of.unknowns),
			}
			if math.IsInf(of.upper, 1) {
				want[3] = "from " + rounded(of.lower)
			}
			if of.n >= 59 && !math.IsInf(of.p95, 1) {
				want = append(want, rounded(of.p90), rounded(of.p95))
			}
			if size >= 0 {
				want = append(want, map[int64]string{0: "0 B", 128 << 10: "128 KiB", 1 << 20: "1 MiB"}[size])
			}
			found := false
			for line := range strings.Lines(text) {
				all := true
				for _, cell := range want {
					all = all && strings.Contains(line, "| "+cell+" |")
				}
				found = found || all
			}
			if !found {
				t.Errorf("no line of a table holds %q", want)
			}
		}
	}
}
