package report

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/polling"
	"bothways/probe/stats"
)

var start = time.Date(2026, 3, 4, 5, 6, 7, 89, time.UTC)

func line(t *testing.T, e pair.Event) string {
	t.Helper()
	text, err := pair.EncodeEvent(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

func header() probe.RunEvent {
	return probe.RunEvent{
		RunID: "20260304-050607", Pair: pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "left"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "right"}},
		Sizes: []int64{131072, 1 << 20, 4 << 20}, Rounds: 12, EveryMS: 10000, LimitMS: 900000, TargetMS: 15000, Pace: polling.Normal, Seed: 7, StartedAt: start,
	}
}

// journalText is the journal of a whole run: 12 rounds of three sizes, both directions, with one
// give-up, one failure and one broken loop check.
func journalText(t *testing.T) string {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	var out strings.Builder
	out.WriteString(`{"event":"step","id":"rule-a-to-b","status":"done"}` + "\n")
	out.WriteString(line(t, header()))
	out.WriteString(line(t, probe.RTTEvent{Side: pair.B, MinMS: 181.4, N: 5}))
	out.WriteString(line(t, probe.BiasEvent{AtoBMS: 5.2, BtoAMS: 90.7, DifferenceMS: 85.5}))
	for round := range 12 {
		for _, size := range header().Sizes {
			for _, d := range pair.Directions() {
				key := fmt.Sprintf("bothways/probe/%d-%d-%v", round, size, d)
				at := start.Add(time.Duration(round) * 10 * time.Second)
				out.WriteString(line(t, probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: round + 1, PlannedAt: at, At: at}))
				ms := []float64{4000, 9300}[d] * math.Exp(0.5*r.NormFloat64())
				s := probe.Sample{
					Direction: d, SizeBytes: size, Key: key, VersionID: fmt.Sprintf("v%d", round), Round: round + 1, PostedAt: at,
					DurationMS: ms, BracketMS: [2]float64{ms - 90.125, ms + 90.125}, CommitBracketMS: [2]float64{ms - 90, ms + 120},
					SinceStartMS: float64(1000*10*round) + 211.25, HEADs: 13 + round%3, UploadMS: 210.5, LateMS: 0.25, Outcome: probe.Replicated, PlannedAt: at.Add(-211 * time.Millisecond),
				}
				completed := probe.Completion{DurationMS: ms + 800, BracketMS: [2]float64{ms, ms + 1600}, HEADs: 6, Outcome: probe.Replicated}
				switch {
				case round == 5 && d == pair.BtoA && size == 1<<20:
					s.Outcome, s.DurationMS, s.BracketMS, s.Detail = probe.GaveUp, 899000, [2]float64{899000, 899000}, "not there after 15 min"
				case round == 3 && d == pair.AtoB && size == 4<<20:
					s.LeftCensored, s.BracketMS[0], s.DurationMS = true, 0, s.BracketMS[1]/2
				case round == 7 && d == pair.AtoB && size == 1<<20:
					s.Outcome, s.Detail, s.DurationMS = probe.Failed, "replication status FAILED", s.BracketMS[0]
				}
				s.CorrectedMS = s.DurationMS + 5
				if s.Outcome != probe.Replicated { // last missed then
					s.CorrectedMS, s.BracketMS[1], s.CommitBracketMS = s.DurationMS, s.DurationMS, [2]float64{s.DurationMS, s.DurationMS}
				}
				if s.Outcome == probe.Replicated {
					out.WriteString(line(t, probe.LoopEvent{Key: key, Direction: d, Origin: "COMPLETED", Replica: "REPLICA", OriginVersions: 1, ReplicaVersions: 1, OK: true, Content: probe.SameContent, Checksum: "CRC64NVME"}))
				}
				out.WriteString(line(t, s))
				if s.Outcome == probe.Replicated {
					out.WriteString(line(t, probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: completed}))
				}
			}
		}
	}
	out.WriteString(line(t, probe.LoopEvent{Key: "bothways/probe/x", Direction: pair.BtoA, Origin: "COMPLETED", Replica: "REPLICA", OriginVersions: 2, ReplicaVersions: 1, Detail: "a second version at the origin"}))
	out.WriteString(line(t, probe.NoticeEvent{Level: probe.Warning, Side: pair.B, Text: "Side B answered 503 SlowDown."}))
	out.WriteString(line(t, probe.LeftEvent{Objects: []probe.LeftObject{{Side: pair.B, Bucket: "right", Key: "bothways/probe/y", VersionID: "v9", Why: "its replica may come later"}}}))
	out.WriteString(line(t, probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 61_000, InFlight: 3, OldestMS: 62_000, At: start.Add(time.Minute)}))
	out.WriteString(line(t, cost.Usage{
		Requests: map[string]int64{"PutObject": 72, "HeadObject": 1010}, BytesAtoB: 63 << 20, BytesBtoA: 63<<20 + 512,
		Dollars: 0.0123, Priced: true, PricesAsOf: "2026-10",
	}))
	c := stats.NewCollector()
	out.WriteString(line(t, c.Direction(pair.AtoB).Event())) // a summary that does not fit the samples
	return out.String()
}

func read(t *testing.T, text string) *Run {
	t.Helper()
	run, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestReadFilesEveryEvent(t *testing.T) {
	run := read(t, journalText(t))
	held, checked := run.tally().stayed, run.tally().checked
	if len(run.Headers) != 1 || len(run.RTTs) != 1 || len(run.Samples) != 72 || held != 70 || checked != 71 || len(run.Unfinished) != 0 || run.Torn {
		t.Errorf("%d headers, %d RTTs, %d samples, %d of %d loops, %d unfinished, torn %v",
			len(run.Headers), len(run.RTTs), len(run.Samples), held, checked, len(run.Unfinished), run.Torn)
	}
}

// An event that Add files and no reader decodes is in the console's results and
// in no report of the same run.
func TestEveryEventThatIsFiledIsReadFromAJournalToo(t *testing.T) {
	parsed, err := parser.ParseFile(token.NewFileSet(), "run.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	filed := map[string]bool{}
	for _, declared := range parsed.Decls {
		add, ok := declared.(*ast.FuncDecl)
		if !ok || add.Name.Name != "Add" {
			continue
		}
		ast.Inspect(add, func(node ast.Node) bool {
			if clause, ok := node.(*ast.CaseClause); ok {
				for _, kind := range clause.List {
					selected := kind.(*ast.SelectorExpr)
					filed[fmt.Sprintf("%s.%s", selected.X, selected.Sel)] = true
				}
			}
			return true
		})
	}
	for name, read := range readers {
		e, err := read([]byte("{}"))
		if kind := fmt.Sprintf("%T", e); err != nil || !filed[kind] {
			t.Errorf("%s is read from a journal, and Add files it nowhere: %v", kind, err)
		} else if e.EventName() != name {
			t.Errorf("%s is read as %s", name, kind)
		}
		delete(filed, fmt.Sprintf("%T", e))
	}
	for kind := range filed {
		t.Errorf("Add files %s, which readers does not decode", kind)
	}
}

func TestATornLastLineIsLeftOutWhereverItTears(t *testing.T) {
	whole := journalText(t)
	last := line(t, probe.Sample{Key: "k", Outcome: probe.Replicated, DurationMS: 5})
	for cut := 1; cut < len(last)-1; cut++ {
		run := read(t, whole+last[:cut])
		if !run.Torn || len(run.Samples) != 72 {
			t.Fatalf("cut after %d bytes: torn %v, %d samples", cut, run.Torn, len(run.Samples))
		}
	}
	if run := read(t, whole+last[:len(last)-1]); run.Torn || len(run.Samples) != 73 {
		t.Errorf("only the line end is missing: torn %v, %d samples", run.Torn, len(run.Samples))
	}
	if run := read(t, whole+"\x00\x00\x00\x00"); !run.Torn {
		t.Error("a tail of zeros, as a crashed file system leaves it, is not torn")
	}
}

func TestADamagedLineIsLeftOutAndNamedAndTheRestCounts(t *testing.T) {
	sample := func(key string) string { return line(t, probe.Sample{Key: key, Outcome: probe.Replicated}) }
	for name, bad := range map[string]string{
		"cut":        `{"event":"sample","dir` + "\n",
		"not JSON":   "hello\n",
		"not object": "[1]\n",
		"zeros":      "\x00\x00\x00\n",
		"two in one": strings.TrimSuffix(sample("lost"), "}\n") + sample("lost too"),
	} {
		run := read(t, line(t, header())+sample("before")+bad+sample("after")+bad)
		if len(run.Samples) != 2 || !slices.Equal(run.Damaged, []int{3, 5}) || run.Torn {
			t.Errorf("%s: %d samples, damaged %v, torn %t", name, len(run.Samples), run.Damaged, run.Torn)
		}
		if run.ending().Complete() || run.Looks() != stats.Anytime {
			t.Errorf("%s: a run that lacks lines counts as whole", name)
		}
		for _, format := range Formats() {
			want := map[Format]string{JSON: `"damaged_lines": [`, CSV: "direction", Lambda: "AtoB"}[format] // two have room for samples alone
			if want == "" {
				want = "lines 3, 5 of the journal are damaged"
			}
			var out strings.Builder
			if err := Write(&out, run, format, Options{}); err != nil || !strings.Contains(out.String(), want) {
				t.Errorf("%s: the %s report does not say so: %v", name, format, err)
			}
		}
		if _, err := Read(strings.NewReader(bad + sample("after"))); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s in place of the header: %v, want an error that names line 1", name, err)
		}
	}
}

func TestASampleThatNoRunWritesIsLeftOutAndNamed(t *testing.T) {
	for name, bad := range map[string]string{
		"no direction":      `"direction":"AtoC"`,
		"a wrong type":      `"heads":"two"`,
		"no size":           `"size_bytes":1e40`,
		"a huge number":     `"duration_ms":1e999`,
		"a negative time":   `"duration_ms":-5`,
		"negative requests": `"heads":-9`,
		"an unknown end":    `"outcome":"teleported"`,
		"upside down":       `"duration_ms":4000,"bracket_ms":[4100,3900]`,
		"beside itself":     `"duration_ms":5000,"bracket_ms":[3900,4100]`,
		"down from commit":  `"duration_ms":4000,"bracket_ms":[3900,4100],"commit_bracket_ms":[4100,3900]`,
	} {
		text := line(t, header()) + line(t, probe.Sample{Key: "one", Outcome: probe.Replicated}) +
			`{"event":"sample","outcome":"replicated","key":"bad",` + bad + "}\n"
		if run := read(t, text); len(run.Samples) != 1 || !slices.Equal(run.Damaged, []int{3}) {
			t.Errorf("%s: %d samples, damaged %v", name, len(run.Samples), run.Damaged)
		}
	}
}

func TestASecondEndPointThatNoRunWritesIsLeftOutAndNamed(t *testing.T) {
	for _, bad := range []string{`"duration_ms":4000,"bracket_ms":[4100,3900]`, `"duration_ms":400,"bracket_ms":[3900,4100]`} {
		run := read(t, line(t, header())+line(t, probe.Sample{Key: "one", Outcome: probe.Replicated})+`{"event":"completed","key":"one","outcome":"replicated",`+bad+"}\n")
		if run.Samples[0].Completed != nil || !slices.Equal(run.Damaged, []int{3}) {
			t.Errorf("%s: %+v, damaged %v", bad, run.Samples[0].Completed, run.Damaged)
		}
	}
}

func TestWhatAJournalSaysTwiceCountsOnce(t *testing.T) {
	text := journalText(t)
	once, twice := read(t, text), read(t, text+text)
	if len(twice.Samples) != len(once.Samples) || len(twice.Loops) != len(once.Loops) || len(twice.Left) != len(once.Left) || len(twice.Unfinished) != 0 {
		t.Errorf("%d samples and %d loops, once %d and %d", len(twice.Samples), len(twice.Loops), len(once.Samples), len(once.Loops))
	}
	if len(twice.Damaged) < len(once.Samples) {
		t.Errorf("of the copies only %d lines are named", len(twice.Damaged))
	}
}

func TestHeadersOfTwoPairsAreRefused(t *testing.T) {
	other := header()
	other.Pair.B.Bucket = "elsewhere"
	if _, err := Read(strings.NewReader(line(t, header()) + line(t, other))); err == nil {
		t.Error("two pairs in one report")
	}
	swapped := header()
	swapped.Pair.A, swapped.Pair.B = swapped.Pair.B, swapped.Pair.A
	if _, err := Read(strings.NewReader(line(t, header()) + line(t, swapped))); err == nil {
		t.Error("the same pair with its sides swapped would mix up the directions")
	}
	if run := read(t, line(t, header())+line(t, header())); len(run.Headers) != 2 {
		t.Errorf("%d headers of one pair", len(run.Headers))
	}
}

func TestProbesWithoutAResultAreUnfinished(t *testing.T) {
	text := line(t, header()) + line(t, probe.StartedEvent{Key: "one"}) + line(t, probe.StartedEvent{Key: "two"}) +
		line(t, probe.Sample{Key: "one", Outcome: probe.Replicated})
	run := read(t, text)
	if len(run.Unfinished) != 1 || run.Unfinished[0].Key != "two" {
		t.Errorf("%+v", run.Unfinished)
	}
}

func TestARunFiledEventByEventIsTheOneReadFromItsJournal(t *testing.T) {
	filed := &Run{}
	s := probe.Sample{Key: "one", Outcome: probe.Replicated, DurationMS: 4000}
	for _, e := range []pair.Event{
		header(),
		probe.RTTEvent{Side: pair.A, MinMS: 3, N: 2},
		probe.StartedEvent{Key: "one"},
		probe.StartedEvent{Key: "two"},
		s,
		probe.CompletedEvent{Key: "one", Completion: probe.Completion{DurationMS: 5000, Outcome: probe.Replicated}},
		probe.CompletedEvent{Key: "unknown", Completion: probe.Completion{Outcome: probe.Replicated}},
		probe.CleanedEvent{Key: "one"},
	} {
		if err := filed.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if len(filed.Headers) != 1 || len(filed.RTTs) != 1 || len(filed.Samples) != 1 || filed.Samples[0].Completed.DurationMS != 5000 || len(filed.Unfinished) != 1 {
		t.Errorf("%+v", filed)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"event":"sample","direction":"AtoB","outcome":"replicated","duration_ms":4}` + "\n")
	f.Add(`{"event":"probe"}` + "\n" + `{"event":"started","key":"k"}` + "\n{")
	f.Fuzz(func(t *testing.T, text string) {
		run, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, format := range Formats() {
			var out strings.Builder
			if err := Write(&out, run, format, charted(text, text)); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			hostile := "\x1b\x00\u202e"
			if slices.Contains([]Format{JSON, Lambda, HTML}, format) { // whose readers quote it
				hostile = "\x1b\x00"
			}
			if strings.ContainsAny(out.String(), hostile) {
				t.Errorf("%s: a control character got through: %q", format, out.String())
			}
		}
	})
}
