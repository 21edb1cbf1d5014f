package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"bothways/aws/pair"
	"bothways/probe/stats"
)

// runNo is a run with an ID, a start and keys of its own, whose medians are those given, in
// seconds.
func runNo(n int, sizes []int64, ab, ba float64) Compared {
	run := runWith(uint64(n), sizes, ab, ba)
	run.Headers[0].RunID, run.Headers[0].StartedAt = fmt.Sprintf("2026030%d-050607", n), start.Add(time.Duration(n)*24*time.Hour)
	for i := range run.Samples {
		run.Samples[i].Key = fmt.Sprintf("%d-%d", n, i)
		run.Samples[i].SinceStartMS = 1 + 1000*float64(i)
	}
	return run
}

func several() *Repeated {
	sizes := []int64{1 << 10, 1 << 20}
	before := []Compared{runNo(1, append(sizes, 4<<20), 4, 9), runNo(2, sizes, 4.4, 9), runNo(3, sizes, 3.8, 9)}
	after := []Compared{runNo(4, sizes, 8, 9.5), runNo(5, sizes, 9, 8.5)}
	after[1].Headers[0].Pair.B.Region = "us-west-2"
	return CompareRepeats(before, after)
}

func TestComparisonsOfSeveralRuns(t *testing.T) {
	for _, format := range ComparisonFormats() {
		t.Run(string(format), func(t *testing.T) {
			var out strings.Builder
			if err := several().Write(&out, format); err != nil {
				t.Fatal(err)
			}
			golden.RequireEqual(t, out.String())
		})
	}
	if err := several().Write(&strings.Builder{}, CSV); err == nil {
		t.Error("a comparison as CSV")
	}
}

func TestSeveralRunsWithoutACommonSizeAreNotCompared(t *testing.T) {
	c := CompareRepeats([]Compared{runNo(3, []int64{1}, 4, 9), runNo(4, []int64{1}, 4, 9)}, []Compared{runNo(1, []int64{2}, 4, 9)})
	for _, format := range []Format{Text, Markdown} {
		var out strings.Builder
		if err := c.Write(&out, format); err != nil || !strings.Contains(out.String(), "no file size in common") || !strings.Contains(out.String(), "began before one of BEFORE") || strings.Contains(out.String(), "one in 20") {
			t.Errorf("%s: %v\n%s", format, err, out.String())
		}
	}
}

func TestARunThatCountsTwiceIsNamed(t *testing.T) {
	sizes := []int64{1 << 10}
	first, second := runNo(1, sizes, 4, 9), runNo(2, sizes, 4, 9)
	copied := runNo(1, sizes, 4, 9)
	copied.Headers[0].RunID = "another"
	for i := range copied.Samples {
		copied.Samples[i].Key = fmt.Sprint("another-", i)
	}
	cut := copied
	shorter := *copied.Run
	shorter.Samples = copied.Samples[:7]
	cut.Run = &shorter
	for want, runs := range map[string][]Compared{
		"":                         {first, second},
		"20260301-050607 is named": {first, first},
		"20260301-050607 and another have samples in common": {first, copied},
		"20260302-050607 is named":                           {first, second, second},
		"another and 20260301-050607 have samples in common": {second, cut, first},
	} {
		if got := Twice(runs); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := Pool([]Compared{first, copied}); err == nil || !strings.Contains(err.Error(), "in common") {
		t.Errorf("a copy is pooled with its run: %v", err)
	}
}

func TestRunsOfOnePairArePooledInTheOrderOfTheirStarts(t *testing.T) {
	sizes := []int64{1 << 10}
	pooled, err := Pool([]Compared{runNo(2, sizes, 16, 9), runNo(1, sizes, 4, 9)})
	if err != nil {
		t.Fatal(err)
	}
	if len(pooled.Samples) != 80 || pooled.Headers[0].RunID != "20260301-050607" || pooled.Samples[40].SinceStartMS != 24*3600*1000+1 || pooled.Complete() != true {
		t.Errorf("%d samples, %s first, the second run's first after %v ms, complete %v", len(pooled.Samples), pooled.Headers[0].RunID, pooled.Samples[40].SinceStartMS, pooled.Complete())
	}
	if stretches := pooled.Stretches(pair.AtoB); len(stretches) != 2 {
		t.Errorf("the second run takes four times as long: %+v", stretches)
	}
	facts := Facts(pooled.Run, pooled.Origin)
	if i := slices.IndexFunc(facts, func(f Fact) bool { return f.Name == "Pooled" }); i < 0 || !facts[i].Warning || !strings.Contains(facts[i].Text, "2 runs of one pair taken together") {
		t.Errorf("nothing says that they were pooled: %+v", facts)
	}
	if text := written(t, pooled.Run, JSON, Options{}); strings.Count(text, `"a_to_b_median_ms"`) != 2 {
		t.Error("the JSON report does not name the runs")
	}
}

func TestWhatIsNoRunOfTheSamePairIsNotPooled(t *testing.T) {
	sizes := []int64{1 << 10}
	other, simulated := runNo(2, sizes, 4, 9), runNo(3, sizes, 4, 9)
	other.Headers[0].Pair.A.Bucket, simulated.Simulated = "another", true
	for want, runs := range map[string][]Compared{
		"of other sides": {runNo(1, sizes, 4, 9), other},
		"sandbox":        {runNo(1, sizes, 4, 9), simulated},
		"named twice":    {runNo(1, sizes, 4, 9), runNo(1, sizes, 4, 9)},
	} {
		if _, err := Pool(runs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if one, err := Pool([]Compared{other}); err != nil || one.Run != other.Run || one.Pooled != nil {
		t.Errorf("one run alone: %v", err)
	}
}

func TestRunsTakenTogetherKeepATargetThatAllHave(t *testing.T) {
	for name, c := range map[string]struct{ targets, want time.Duration }{
		"another": {time.Minute, 0}, "none": {0, 0}, "the same": {5 * time.Second, 5 * time.Second},
	} {
		first, second := runNo(1, []int64{1 << 10}, 4, 9), runNo(2, []int64{1 << 10}, 4, 9)
		first.Target, second.Target = c.targets, 5*time.Second
		for _, run := range []Compared{first, second} {
			run.Headers[0].TargetMS = run.Target.Milliseconds()
		}
		pooled, err := Pool([]Compared{first, second})
		if err != nil || pooled.Target != c.want {
			t.Errorf("%s: target %v, want %v: %v", name, pooled.Target, c.want, err)
		}
		told := slices.ContainsFunc(Facts(pooled.Run, pooled.Origin), func(f Fact) bool {
			return f.Name == "Note" && strings.Contains(f.Text, "target") && strings.Contains(f.Text, ", 5.0 s)")
		})
		if told != (c.want == 0) {
			t.Errorf("%s: it says that the targets differ: %t", name, told)
		}
	}
}

func TestACopyOfARunIsRefusedInOneLine(t *testing.T) {
	copied := runNo(1, []int64{1 << 10}, 4, 9)
	copied.Headers[0].RunID = "20260302-050607"
	_, err := Pool([]Compared{runNo(1, []int64{1 << 10}, 4, 9), copied})
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), copied.Headers[0].RunID) || !strings.Contains(err.Error(), "in common") {
		t.Errorf("%v", err)
	}
}

func TestAFactorHasAsManyDigitsAsSaySomething(t *testing.T) {
	for x, want := range map[float64]string{1: "1.00", 1.003: "1.003", 1.5: "1.50", 38.6: "38.60", 742.96: "743", .0012: "0.0012", .07: "0.070", .00001: "0.000010"} {
		if got := factor(x); got != want {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
}

func TestPooledRunsOfOtherSizesShowNoLinkToTheSize(t *testing.T) {
	pooled, err := Pool([]Compared{runNo(1, []int64{1 << 10}, 4, 9), runNo(2, []int64{4 << 20}, 6, 14)})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range pooled.Statistics().VerdictEvents(pooled.Looks()) {
		if v.About == stats.AboutSizes && (v.Shown || v.Ratio != nil || v.Reason != stats.SharesDiffer) {
			t.Errorf("%+v", v)
		}
	}
	same, err := Pool([]Compared{runNo(1, []int64{1 << 10, 4 << 20}, 4, 9), runNo(2, []int64{1 << 10, 4 << 20}, 4, 9)})
	if err != nil {
		t.Fatal(err)
	}
	if v := same.Statistics().CompareSizes(same.Looks()); v.Reason == stats.SharesDiffer {
		t.Errorf("runs of the same sizes: %+v", v)
	}
}
