package report

import (
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

func written(t *testing.T, run *Run, format Format, options Options) string {
	t.Helper()
	var out strings.Builder
	if err := Write(&out, run, format, options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestReports(t *testing.T) {
	run := read(t, journal(t)+`{"event":"sam`)
	options := Options{Chart: " 20 s ┤  \x1b[36m●\x1b[m\n      └────\n", Notes: []string{"Sandbox: simulated distances."}}
	for _, format := range Formats() {
		t.Run(string(format), func(t *testing.T) { golden.RequireEqual(t, written(t, run, format, options)) })
	}
	t.Run("markdown_of_nothing", func(t *testing.T) { golden.RequireEqual(t, written(t, &Run{}, Markdown, Options{})) })
}

func TestFiguresComputedFromTheCSVEqualTheSummaries(t *testing.T) {
	run := read(t, journal(t))
	rows, err := csv.NewReader(strings.NewReader(written(t, run, CSV, Options{}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	again := stats.NewCollector()
	for _, row := range rows[1:] {
		var s probe.Sample
		if err := s.Direction.UnmarshalText([]byte(row[column["direction"]])); err != nil {
			t.Fatal(err)
		}
		s.SizeBytes, _ = strconv.ParseInt(row[column["size_bytes"]], 10, 64)
		s.DurationMS, _ = strconv.ParseFloat(row[column["duration_ms"]], 64)
		s.HEADs, _ = strconv.Atoi(row[column["heads"]])
		s.Outcome = probe.Outcome(row[column["outcome"]])
		again.Add(s)
	}
	want := run.Statistics()
	for i, e := range want.Events() {
		a, _ := json.Marshal(e)
		b, _ := json.Marshal(again.Events()[i])
		if string(a) != string(b) {
			t.Errorf("\n from the CSV %s\nfrom the run %s", b, a)
		}
	}
}

func TestFiguresComputedFromTheJSONEqualItsSummaries(t *testing.T) {
	run := read(t, journal(t))
	var d document
	if err := json.Unmarshal([]byte(written(t, run, JSON, Options{})), &d); err != nil {
		t.Fatal(err)
	}
	again := (&Run{Samples: d.Samples}).Statistics()
	a, _ := json.Marshal(again.Direction(pair.BtoA).Event())
	b, _ := json.Marshal(d.Summaries[1])
	if string(a) != string(b) || len(d.Summaries) != 8 || len(d.Verdicts) != 2 {
		t.Errorf("\n%s\n%s\n%d summaries, %d verdicts", a, b, len(d.Summaries), len(d.Verdicts))
	}
}

func TestLambdaHoldsReplicatedTransfersAndTheirDatesFit(t *testing.T) {
	run := read(t, journal(t))
	var got map[string][]map[string]any
	if err := json.Unmarshal([]byte(written(t, run, Lambda, Options{})), &got); err != nil {
		t.Fatal(err)
	}
	if len(got["AtoB"]) != 35 || len(got["BtoA"]) != 35 {
		t.Errorf("%d and %d results, want 35 each", len(got["AtoB"]), len(got["BtoA"]))
	}
	for _, r := range append(got["AtoB"], got["BtoA"]...) {
		posted, err := time.Parse(time.RFC3339Nano, r["post_date"].(string))
		if err != nil {
			t.Fatal(err)
		}
		fetched, err := time.Parse(time.RFC3339Nano, r["get_date"].(string))
		if err != nil {
			t.Fatal(err)
		}
		ms := r["duration_in_ms"].(float64)
		if off := fetched.Sub(posted) - time.Duration(ms*1e6); off < -time.Nanosecond || off > time.Nanosecond {
			t.Errorf("%v: the dates are %v off", r, off)
		}
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
	text = written(t, run, Markdown, Options{Chart: attack + "\n```\nout of the block", Notes: []string{attack}})
	if strings.ContainsAny(text, "\x1b\x07\r\u202e") {
		t.Errorf("a control character got through: %q", text)
	}
	outside, _, _ := strings.Cut(text, "````")
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
	if hostile != 3 { // the note, side A and the run
		t.Errorf("%d lines with the attack, want 3, in\n%s", hostile, outside)
	}
	if strings.Count(text, "````") != 2 {
		t.Errorf("the chart leaves its block:\n%s", text)
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
