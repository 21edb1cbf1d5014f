package report_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/report"
	"bothways/aws/pair"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// audited is a finished audit of these rows.
func audited(rows []difference.Difference) report.Audit {
	a := report.Audit{
		RunID: "20261130-120000-abcd", Version: "v1", Access: "profile audit", Notes: []string{},
		Started: audit.Started{Pair: pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "photos-a"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "photos-b"}}, CutOff: noon},
		Rows:    each(rows),
	}
	a.Tally.AddSame(10_000, 1<<30)
	a.Tally.AddCount(difference.Young, difference.Count{Versions: 3})
	for _, d := range rows {
		a.Tally.Add(d)
	}
	a.Requests = audit.Requests{Lists: 24, Heads: int64(len(rows)), Bytes: 5 << 20}
	a.Result = &audit.Result{Tally: a.Tally, CutOff: noon, Began: noon, Finished: noon.Add(9 * time.Second), Requests: a.Requests, Complete: true}
	return a
}

func each(rows []difference.Difference) iter.Seq2[difference.Difference, error] {
	return func(yield func(difference.Difference, error) bool) {
		for _, d := range rows {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// random are rows of every verdict, some of one key.
func random(n int, seed uint64) []difference.Difference {
	r := rand.New(rand.NewPCG(seed, 1))
	causes := []difference.Cause{difference.NoCause, difference.BeforeRule, difference.ByVersionID, difference.Undetermined}
	remedies := []difference.Remedy{difference.NoRemedy, difference.Replicate, difference.CopyInPlace, difference.ChooseWinner}
	verdicts := difference.Verdicts()
	var rows []difference.Difference
	for i := range n {
		d := difference.Difference{
			Candidate: difference.Candidate{Key: fmt.Sprintf("=key,%d\"\n", i/2), Kind: difference.OneSided},
			Verdict:   verdicts[r.IntN(len(verdicts))], Cause: causes[r.IntN(len(causes))], Remedy: remedies[r.IntN(len(remedies))],
			Evidence: []string{"account 111122223333 says no", "secret\x1b[2J"}, Asked: true, StatusA: "FAILED", LookedAt: noon,
		}
		e := &difference.Entry{VersionID: fmt.Sprintf("v%d", i), Size: r.Int64N(1000), Modified: noon, ETag: "abc", Marker: r.IntN(5) == 0, Latest: r.IntN(2) == 0}
		switch r.IntN(3) {
		case 0:
			d.A = e
		case 1:
			d.B = e
		default:
			d.A, d.B, d.Kind = e, e, difference.OtherETag
		}
		if way := pair.Direction(r.IntN(3)); way < 2 {
			d.Direction = &way
		}
		rows = append(rows, d)
	}
	return rows
}

func written(t *testing.T, a report.Audit, format report.Format) string {
	t.Helper()
	var out strings.Builder
	if err := report.Write(&out, a, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What an audit says can be computed again from what it exports, by somebody
// else's few lines.
func TestTheCountsCanBeComputedFromTheRows(t *testing.T) {
	a := audited(random(3000, 7))
	want := map[string]int64{}
	for _, g := range a.Tally.Groups {
		want[strings.Join([]string{string(g.Verdict), string(g.Cause), string(g.Remedy), string(g.Way), string(g.Only)}, "|")] = g.Versions
	}
	t.Run("csv", func(t *testing.T) {
		lines, err := csv.NewReader(strings.NewReader(written(t, a, report.CSV))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) int { return slices.Index(lines[0], name) }
		got := map[string]int64{}
		for _, l := range lines[1:] {
			got[strings.Join([]string{l[at("verdict")], l[at("cause")], l[at("remedy")], l[at("direction")], l[at("only")]}, "|")]++
			if key := l[at("key")]; !strings.HasPrefix(key, "'=key,") {
				t.Fatalf("%q would be run as a formula", key)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("json", func(t *testing.T) {
		got := map[string]int64{}
		var events []string
		var result struct{ Tally difference.Tally }
		for line := range strings.Lines(written(t, a, report.JSON)) {
			var row struct {
				Event, Verdict, Cause, Remedy, Direction, Kind string
				A, B                                           json.RawMessage
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(err)
			}
			if events = append(events, row.Event); row.Event != "difference" {
				result.Tally = difference.Tally{}
				_ = json.Unmarshal([]byte(line), &result)
				continue
			}
			only := ""
			if row.Kind == "one side" {
				only = map[bool]string{true: "A", false: "B"}[row.A != nil]
			}
			got[strings.Join([]string{row.Verdict, row.Cause, row.Remedy, row.Direction, only}, "|")]++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if events[0] != "audit" || events[len(events)-1] != "audit_result" {
			t.Errorf("it begins with %s and ends with %s", events[0], events[len(events)-1])
		}
		if diff := cmp.Diff(a.Tally, result.Tally, cmpopts.IgnoreUnexported(difference.Grouped{}, difference.Tally{})); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNoReportOfAnAuditHasWhatATerminalObeysNorAccountsThatAreMasked(t *testing.T) {
	const attack = "a\x7f\u009b31m\u202e\u2066\u200f\u2028\U000E0001\x1b[2J<script>|111122223333"
	rows := random(20, 1)
	for i := range rows {
		rows[i].Key, rows[i].Evidence = attack, []string{attack}
	}
	a := audited(rows)
	a.Notes, a.Access, a.Version, a.Started.Prefix, a.Started.Pair.A.Bucket = []string{attack}, attack, attack, attack, attack
	for _, kind := range report.Kinds() {
		text := written(t, a.Masked(), kind.Format)
		for _, r := range text {
			if r != '\n' && r != '\r' && !unicode.IsPrint(r) {
				t.Errorf("%s has %U", kind.Format, r)
				break
			}
		}
		if strings.Contains(text, "111122223333") {
			t.Errorf("%s names an account", kind.Format)
		}
		if kind.Format == report.HTML && strings.Contains(text, "<script>") {
			t.Error("a key is a script")
		}
	}
}

func TestReportsOfAnAuditSayTheVerdictFirstAndHowItWasGot(t *testing.T) {
	a := audited(random(40, 3))
	for _, format := range []report.Format{report.Markdown, report.HTML} {
		text := written(t, a, format)
		for _, want := range []string{"versions, ", "2026-11-30 12:00:00 UTC", "less than 0.001 USD", "24 pages of listings", "annotations"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%.1500s", format, want, text)
			}
		}
	}
	a.Result = nil
	if text := written(t, a, report.Markdown); !strings.Contains(text, "So far: ") || !strings.Contains(text, "cut off") {
		t.Errorf("an audit that was cut off does not say so:\n%.600s", text)
	}
}

func TestWhatWasPutRightIsToldFromWhatStaysAndWhatIsNew(t *testing.T) {
	rows := slices.DeleteFunc(random(4000, 9), func(d difference.Difference) bool { return d.Verdict.Severity() == difference.Fine })
	n := len(rows)
	before, after := audited(rows[:n*2/3]), audited(rows[n/3:])
	c, err := report.Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	got := [3]int64{}
	for i, tally := range []difference.Tally{c.PutRight, c.Stays, c.New} {
		for _, g := range tally.Groups {
			got[i] += g.Versions
		}
	}
	if want := [3]int64{int64(n / 3), int64(n*2/3 - n/3), int64(n - n*2/3)}; got != want {
		t.Errorf("put right, stays, new: %v, want %v", got, want)
	}
	for _, format := range report.ComparisonFormats() {
		var out strings.Builder
		if err := c.Write(&out, format); err != nil || !strings.Contains(out.String(), "put right") {
			t.Errorf("%s: %v: %s", format, err, out.String())
		}
	}
	other := audited(nil)
	other.Started.Pair.B.Bucket = "another"
	if _, err := report.Compare(before, other); err == nil || !strings.Contains(err.Error(), "photos-b") {
		t.Errorf("audits of other buckets are compared: %v", err)
	}
	swapped := audited(nil)
	swapped.Started.Pair.A, swapped.Started.Pair.B = swapped.Started.Pair.B, swapped.Started.Pair.A
	if _, err := report.Compare(before, swapped); err == nil {
		t.Error("A is taken for B")
	}
}

func TestAComparisonShowsVerdictsThatChanged(t *testing.T) {
	row := func(key string, v difference.Verdict) difference.Difference {
		return difference.Difference{
			Candidate: difference.Candidate{Key: key, Kind: difference.OneSided, A: &difference.Entry{VersionID: "v"}}, Verdict: v, Remedy: difference.Wait,
		}
	}
	c, err := report.Compare(
		audited([]difference.Difference{row("late", difference.InFlight), row("same", difference.Failed), row("z", difference.InFlight)}),
		audited([]difference.Difference{row("late", difference.Failed), row("same", difference.Failed), row("z", difference.Failed)}))
	if err != nil {
		t.Fatal(err)
	}
	if n := c.Changed[report.Change{From: difference.InFlight, To: difference.Failed}]; n != 2 || len(c.Changed) != 1 {
		t.Errorf("%v", c.Changed)
	}
	for format, want := range map[report.Format]string{
		report.Text: "missing: replication failed, before: on its way: 2 versions", report.Markdown: "such as late", report.JSON: `"changed":[{"from":"in flight","to":"failed","versions":2,`,
	} {
		var out strings.Builder
		if err := c.Write(&out, format); err != nil || !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "3 differences stay (2 with another verdict)") {
			t.Errorf("%s, %v, lacks %q:\n%s", format, err, want, out.String())
		}
	}
}
