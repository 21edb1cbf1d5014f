package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// fill sets every field of a value to something that is not its zero value.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(start.Add(time.Duration(*n) * time.Second)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("a sample has a field of a kind that this test does not fill: " + v.Kind().String())
	}
}

// wholeRun is a run whose first sample has no empty field.
func wholeRun(t *testing.T) *Run {
	t.Helper()
	run := read(t, journalText(t))
	var full probe.Sample
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	full.Direction, full.Outcome, full.Completed.Outcome = pair.BtoA, probe.Replicated, probe.Replicated
	run.Samples = append([]probe.Sample{full}, run.Samples...)
	return run
}

// fromCSV reads the samples back by the names of the columns.
func fromCSV(t *testing.T, text string) []probe.Sample {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var samples []probe.Sample
	for _, row := range rows[1:] {
		field := map[string]string{}
		for i, name := range rows[0] {
			field[name] = row[i]
		}
		number := func(name string) float64 {
			x, err := strconv.ParseFloat(field[name], 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return x
		}
		known := func(name string) float64 {
			if field[name] == "" {
				return 0
			}
			return number(name)
		}
		// Without an arrival a bracket has no upper end, which the journal puts
		// down as the lower one.
		bracket := func(low, high, outcome string) [2]float64 {
			if arrived := field[outcome] == string(probe.Replicated); arrived == (field[high] == "") {
				t.Errorf("%s of %s is %q", high, field[outcome], field[high])
			}
			if field[high] == "" {
				return [2]float64{number(low), number(low)}
			}
			return [2]float64{number(low), number(high)}
		}
		yes := func(name string) bool { return field[name] == "true" }
		instant := func(name string) time.Time {
			if field[name] == "" {
				return time.Time{}
			}
			at, err := time.Parse(time.RFC3339Nano, field[name])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return at
		}
		// A time that was not seen to end has a column of its own. A failure has none, as
		// it is no time: how long it was watched is its bracket's lower end.
		took := func(arrived, longer, low, outcome string) float64 {
			censored := probe.Outcome(field[outcome]).Censored()
			switch {
			case (field[arrived] != "") != (field[outcome] == string(probe.Replicated)), (field[longer] != "") != censored:
				t.Errorf("of %s: %s %q, %s %q", field[outcome], arrived, field[arrived], longer, field[longer])
			case field[arrived] != "":
				return number(arrived)
			case censored:
				return number(longer)
			}
			return number(low)
		}
		s := probe.Sample{
			SizeBytes: int64(number("size_bytes")), Key: field["key"], VersionID: field["version_id"], Round: int(number("round")),
			PlannedAt: instant("planned_at"), PostedAt: instant("posted_at"), SinceStartMS: known("since_start_ms"), DurationMS: took("duration_ms", "longer_than_ms", "bracket_low_ms", "outcome"),
			BracketMS:       bracket("bracket_low_ms", "bracket_high_ms", "outcome"),
			CommitBracketMS: bracket("commit_bracket_low_ms", "commit_bracket_high_ms", "outcome"),
			CorrectedMS:     known("corrected_ms"), LeftCensored: yes("left_censored"), Held: yes("held"),
			HEADs: int(number("heads")), Unknowns: int(number("unknowns")), Throttled: int(number("throttled")),
			UploadMS: number("upload_ms"), LateMS: number("late_ms"), Late: yes("late"), Unconfirmed: yes("unconfirmed"),
			Outcome: probe.Outcome(field["outcome"]), Detail: field["detail"],
		}
		if s.Outcome != probe.Replicated { // there is nothing to correct
			s.CorrectedMS = s.DurationMS
		}
		if err := s.Direction.UnmarshalText([]byte(field["direction"])); err != nil {
			t.Fatal(err)
		}
		if field["completed_outcome"] != "" {
			s.Completed = &probe.Completion{
				Outcome: probe.Outcome(field["completed_outcome"]), DurationMS: took("completed_ms", "completed_longer_than_ms", "completed_bracket_low_ms", "completed_outcome"),
				BracketMS:    bracket("completed_bracket_low_ms", "completed_bracket_high_ms", "completed_outcome"),
				LeftCensored: yes("completed_left_censored"), HEADs: int(number("completed_heads")),
				Unknowns: int(number("completed_unknowns")), Detail: field["completed_detail"],
			}
		}
		samples = append(samples, s)
	}
	return samples
}

// embedded is the JSON in a page, as a browser hands it to a script.
func embedded(t *testing.T, page string) document {
	t.Helper()
	_, rest, _ := strings.Cut(page, `<script type="application/json" id="bothways-report">`)
	text, _, found := strings.Cut(rest, "</script>")
	if !found {
		t.Fatal("no JSON in the page")
	}
	return parsed(t, text)
}

func parsed(t *testing.T, text string) document {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryFormatForProgramsHoldsTheSamplesOfTheRun(t *testing.T) {
	run := wholeRun(t)
	options := charted("", "Sandbox: simulated distances")
	fromJSON, fromHTML := parsed(t, written(t, run, JSON, options)), embedded(t, written(t, run, HTML, options))
	readBack := map[Format][]probe.Sample{
		JSON: fromJSON.Samples, HTML: fromHTML.Samples, CSV: fromCSV(t, written(t, run, CSV, options)),
	}
	for _, kind := range Kinds() {
		if _, read := readBack[kind.Format]; read != kind.Samples {
			t.Errorf("%s: its row says %v of whether its samples can be read back, and they are here: %v", kind.Format, kind.Samples, read)
		}
	}
	for name, samples := range readBack {
		if len(samples) != len(run.Samples) {
			t.Errorf("%s: %d samples, want %d", name, len(samples), len(run.Samples))
			continue
		}
		for i, want := range run.Samples {
			if !reflect.DeepEqual(samples[i], want) {
				t.Errorf("%s: sample %d is read back as\n%+v, want\n%+v", name, i, samples[i], want)
			}
		}
		// And so the figures computed from them are those of the run.
		again := (&Run{Samples: samples}).Statistics()
		if want := run.Statistics(); !reflect.DeepEqual(again.Events(stats.Once), want.Events(stats.Once)) {
			t.Errorf("%s: the figures differ", name)
		}
	}
	if !reflect.DeepEqual(fromJSON, fromHTML) {
		t.Error("the page's JSON is another than the JSON report")
	}
	if fromJSON.Bias == nil || fromJSON.Usage == nil || len(fromJSON.Stalls) != 1 || len(fromJSON.Loops) != 71 || fromJSON.Origin.Notes[0] != "Sandbox: simulated distances" {
		t.Errorf("%+v", fromJSON.Origin)
	}
	if len(fromJSON.Summaries) != 9 || len(fromJSON.Completions) != 2 || len(fromJSON.Verdicts) < 2 { // four sizes, one in one direction
		t.Errorf("%d summaries, %d completions, %d verdicts", len(fromJSON.Summaries), len(fromJSON.Completions), len(fromJSON.Verdicts))
	}
}

// In whole milliseconds, ordered by size, as the article's function wrote them.
func TestLambdaHoldsEveryReplicatedSampleAndNoOther(t *testing.T) {
	run := wholeRun(t)
	type transfer struct {
		Size int64  `json:"file_size_in_bytes"`
		Post string `json:"post_date"`
		Get  string `json:"get_date"`
		MS   int64  `json:"duration_in_ms"`
	}
	var got map[string][]transfer
	if err := json.Unmarshal([]byte(written(t, run, Lambda, Options{})), &got); err != nil {
		t.Fatal(err)
	}
	const date = "2006-01-02T15:04:05.000Z"
	want := map[string][]transfer{}
	for _, size := range []int64{3, 128 << 10, 1 << 20, 4 << 20} {
		for _, s := range run.Samples {
			if s.Outcome == probe.Replicated && s.SizeBytes == size {
				posted, took := s.PostedAt.UTC().Round(time.Millisecond), int64(math.Round(s.DurationMS))
				want[s.Direction.String()] = append(want[s.Direction.String()], transfer{size, posted.Format(date), posted.Add(time.Duration(took) * time.Millisecond).Format(date), took})
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got["AtoB"]) < 30 {
		t.Errorf("want - got +\n%s", diff)
	}
}

func TestAReportHoldsNoCredentialAndOnRequestNoAccount(t *testing.T) {
	const account, planted = "123456789012", "AKIAPLANTED12345678"
	run := wholeRun(t)
	run.Headers[0].Pair.A.Bucket = "left-" + account
	run.Samples[1].Detail = "arn:aws:iam::" + account + ":role/x, " + planted + ", X-Amz-Signature=abcdef0123"
	run.Samples[1].Outcome = probe.Failed
	run.Samples[0].SizeBytes = 549755813888 // 12 digits that are not an account
	run.Loops[0].Detail, run.Loops[0].OK = account+" "+planted, false
	origin := Origin{Access: "profile " + account, Notes: []string{"Measured by " + account + " with " + planted}}
	for _, kind := range Kinds() {
		format := kind.Format
		plain := written(t, run, format, Options{Origin: origin})
		if strings.Contains(plain, "PLANTED") || strings.Contains(plain, "abcdef0123") {
			t.Errorf("%s: a credential got through", format)
		}
		if format != Lambda && !strings.Contains(plain, account) {
			t.Errorf("%s: the account is hidden without a request", format)
		}
		masked := written(t, run.MaskAccounts(), format, Options{Origin: origin.MaskAccounts()})
		if strings.Contains(masked, account) {
			t.Errorf("%s: an account got through: %s", format, masked)
		}
		if kind.Samples && !strings.Contains(masked, "549755813888") {
			t.Errorf("%s: a size was taken for an account", format)
		}
	}
	if run.Samples[1].Detail[13:25] != account {
		t.Error("masking changed the run itself")
	}
}

func TestFiguresOfTheSecondEndPointComeFromItsOwnTimes(t *testing.T) {
	run := read(t, journalText(t))
	first, second := run.Statistics().Direction(pair.AtoB), run.Completions().Direction(pair.AtoB)
	if second.Replicated != 35 || second.Median.State != stats.Known || second.Median.Value <= first.Median.Value {
		t.Errorf("%+v after %+v", second, first)
	}
}
