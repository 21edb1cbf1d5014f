package report

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

func written(t *testing.T, run *Run, format Format, options Options) string {
	t.Helper()
	var out strings.Builder
	if err := Write(&out, run, format, options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// charted are options with a chart, a drawing and a note.
func charted(chart, note string) Options {
	return Options{
		Origin: Origin{Version: "1.2.3", Access: "sandbox", Notes: []string{note}},
		Charts: func() []Chart { return []Chart{{"Chart", chart}} },
		Drawings: func() []Drawing {
			return []Drawing{{
				Title: "Drawing", Caption: "What it shows.", Wide: "<svg></svg>\n", Narrow: "<svg></svg>\n",
				Head: []string{"size", "n"}, Rows: [][]string{{"1 KiB", "7"}},
			}}
		},
	}
}

func TestReports(t *testing.T) {
	run := read(t, journalText(t)+`{"event":"sam`)
	options := charted(" 20 s ┤  \x1b[36m●\x1b[m\n      └────\n", "Sandbox: simulated distances")
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) { golden.RequireEqual(t, written(t, run, format, options)) })
	}
	t.Run("markdown_of_nothing", func(t *testing.T) { golden.RequireEqual(t, written(t, &Run{}, Markdown, Options{})) })
}

func TestFiguresComputedFromTheJSONEqualItsSummaries(t *testing.T) {
	run := read(t, journalText(t))
	var d document
	if err := json.Unmarshal([]byte(written(t, run, JSON, Options{})), &d); err != nil {
		t.Fatal(err)
	}
	again := (&Run{Samples: d.Samples}).Statistics()
	a, _ := json.Marshal(again.Direction(pair.BtoA).Event())
	b, _ := json.Marshal(d.Summaries[1])
	if string(a) != string(b) || len(d.Summaries) != 8 || len(d.Verdicts) < 2 {
		t.Errorf("\n%s\n%s\n%d summaries, %d verdicts", a, b, len(d.Summaries), len(d.Verdicts))
	}
}

func TestHostileTextIsNeutralised(t *testing.T) {
	const attack = "=cmd|' /C calc'!A0\x1b]0;owned\x07\r\n| # <img src=x> `code` \u202e"
	h := header()
	h.Pair.A.Bucket, h.RunID = attack, attack
	run := &Run{
		Headers: []probe.RunEvent{h},
		Samples: []probe.Sample{{Key: attack, VersionID: "+1", Outcome: probe.Failed, Detail: "@" + attack}},
		Loops:   []probe.LoopEvent{{Key: attack, Origin: attack, Detail: attack}},
	}
	text := written(t, run, CSV, Options{})
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, field := range rows[1] {
		if field != "" && strings.ContainsAny(field[:1], "=+-@\t\r") || strings.ContainsAny(field, "\x1b\x07\r\n\u202e") {
			t.Errorf("CSV field %q", field)
		}
	}
	text = written(t, run, Markdown, charted(attack+"\n```\nout of the block", attack))
	if strings.ContainsAny(text, "\x1b\x07\r\u202e") {
		t.Errorf("a control character got through: %q", text)
	}
	before, fenced, _ := strings.Cut(text, "````")
	_, after, _ := strings.Cut(fenced, "````")
	outside := before + after
	hostile := 0
	for _, line := range strings.Split(outside, "\n") {
		if !strings.Contains(line, "calc") {
			continue
		}
		hostile++
		for i, r := range line {
			if strings.ContainsRune("<>`#|", r) && line[i-1] != '\\' {
				t.Errorf("%q is live at %d in %q", r, i, line)
			}
		}
	}
	if hostile != 5 { // the note, side A, the run, the loop check and the reason
		t.Errorf("%d lines with the attack, want 5, in\n%s", hostile, outside)
	}
	if strings.Count(text, "````") != 2 {
		t.Errorf("the chart leaves its block:\n%s", text)
	}
}

// Whatever a format is, what a terminal or a spreadsheet obeys is not in it.
// JSON writes the control characters of ASCII as escapes by itself.
func TestNoFormatLetsAControlCharacterThrough(t *testing.T) {
	const attack = "=cmd\x1b]0;owned\x07\x00\r"
	h := header()
	h.Pair.A.Bucket, h.RunID = attack, attack
	run := &Run{
		Headers: []probe.RunEvent{h},
		Samples: []probe.Sample{{Key: attack, VersionID: attack, Outcome: probe.Failed, Detail: attack}},
	}
	for _, format := range Formats() {
		if text := written(t, run, format, Options{}); strings.ContainsAny(strings.ReplaceAll(text, "\r\n", "\n"), "\x1b\x07\x00\r") { // lines of CSV end with both
			t.Errorf("%s: a control character got through: %q", format, text)
		}
	}
}

// What shows formats takes them from their table, so a row must be whole.
func TestEveryFormatIsKnownInFull(t *testing.T) {
	extensions := map[string]Format{}
	for _, k := range Kinds() {
		if k.Title == "" || k.Holds == "" || k.write == nil {
			t.Errorf("%+v", k)
		}
		if other, twice := extensions[k.Extension]; twice && k.Extension != "" {
			t.Errorf("%s and %s are saved as .%s", other, k.Format, k.Extension)
		}
		extensions[k.Extension] = k.Format
	}
}

func TestFormatsAreParsedAndOthersRefused(t *testing.T) {
	for _, f := range Formats() {
		if got, err := ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("%s: %v, %v", f, got, err)
		}
	}
	for _, name := range []string{"", "xml", "JSON"} {
		if _, err := ParseFormat(name); err == nil || !strings.Contains(err.Error(), "markdown") {
			t.Errorf("%q: %v", name, err)
		}
		if err := Write(&strings.Builder{}, &Run{}, Format(name), Options{}); err == nil {
			t.Errorf("%q was written", name)
		}
	}
}

func TestLateStartsAreCountedInWordsAndFromTheirPlannedInstants(t *testing.T) {
	for _, format := range []Format{Markdown, HTML, JSON} {
		if text := written(t, read(t, journalText(t)), format, Options{}); strings.Contains(text, "Late starts") || strings.Contains(text, "from_planned") {
			t.Errorf("%s: none was late, yet it says so", format)
		}
	}
	run := read(t, journalText(t))
	for i := range run.Samples {
		if s := &run.Samples[i]; s.Direction == pair.BtoA && s.Round > 6 {
			s.Late, s.LateMS = true, 60000
		}
	}
	ba := run.Statistics().Direction(pair.BtoA)
	if ba.Late != 18 || ba.FromPlan.Median.Value-ba.Median.Value < 5e9 {
		t.Fatalf("%d late, median %v and %v", ba.Late, ba.Median.Value, ba.FromPlan.Median.Value)
	}
	want := "18 probes of 72 began more than 0.25 s after the planned instant. From there on, with the upload: B → A median " +
		ba.FromPlan.Median.Words().WithInterval("95 %: ", wording.Duration) + ", p95 too few (23 more) (from the upload's end: median " + wording.Duration(ba.Median.Value) + " (95 %: "
	for _, format := range []Format{Markdown, HTML} {
		text := strings.NewReplacer("&#39;", "'", `\`, "").Replace(written(t, run, format, Options{}))
		if !strings.Contains(text, want) || strings.Contains(text, "A → B median") {
			t.Errorf("%s: no %q in\n%s", format, want, text)
		}
	}
	var file document
	if err := json.Unmarshal([]byte(written(t, run, JSON, Options{})), &file); err != nil {
		t.Fatal(err)
	}
	if ab, ba := file.Summaries[0], file.Summaries[1]; ab.FromPlanned != nil || ba.FromPlanned == nil || ba.Late != 18 || ba.FromPlanned.MedianMS == nil {
		t.Errorf("%+v and %+v", ab, ba)
	}
}

func TestReportsSayAtMostWhereTheFirstPollFoundTheMedian(t *testing.T) {
	run := read(t, journalText(t))
	for i := range run.Samples {
		if s := &run.Samples[i]; s.Direction == pair.AtoB && s.Outcome == probe.Replicated {
			s.LeftCensored, s.BracketMS, s.DurationMS = true, [2]float64{0, 700}, 350
		}
	}
	for format, want := range map[Format][]string{
		Markdown: {"| A → B | 35 | at most 0.700 (up to 0.700) | at most 0.700 (up to 0.700) | at most 0.700 (up to 0.700) | too few (24 more) |", "A → B: too many were there at the first poll to say"},
		HTML:     {`<p class="figure">at most 0.70 s</p>`, "found too many to know it, 95 %: up to 0.70 s", "<td>at most 0.700 (up to 0.700)</td><td>at most 0.700 (up to 0.700)</td>"},
		JSON:     {`"median_at_most_ms": 700`, `"p90_at_most_ms": 700`, "\"p90_interval_ms\": [\n        0,\n        700\n      ]", `"max_at_most_ms": 700`, `"reason": "too_many_at_first_poll"`},
	} {
		text := written(t, run, format, Options{})
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: no %q in\n%s", format, words, text)
			}
		}
	}
	c := Compare(Compared{Run: run}, Compared{Run: run})
	if text := compared(t, c, Text); !strings.Contains(text, "at most 0.700 (up to 0.700), n 35") || !strings.Contains(text, "×? (not bounded) not shown") {
		t.Error(text)
	}
}

func TestReportsSayHowOftenOneOfTheVerdictsOnSizeShowsALinkByChance(t *testing.T) {
	const note = "one of these three comparisons with it."
	run := read(t, journalText(t))
	for _, format := range []Format{Markdown, HTML} { // one gave up, so that only one is judged
		if text := written(t, run, format, Options{}); strings.Contains(text, "shows a link in") {
			t.Errorf("%s: the note without what it is about:\n%s", format, text)
		}
	}
	run.Samples = slices.DeleteFunc(run.Samples, func(s probe.Sample) bool { return s.Outcome == probe.GaveUp })
	for format, want := range map[Format]string{Markdown: note + "\n\n## By direction", HTML: note + "</p>\n</section>"} {
		if text := written(t, run, format, Options{}); strings.Count(text, want) != 1 {
			t.Errorf("%s: no %q in\n%s", format, want, text)
		}
	}
}
