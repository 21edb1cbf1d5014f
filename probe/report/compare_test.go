package report

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/polling"
	"bothways/probe/stats"
)

// runWith is a run of 20 rounds whose medians are those given, in seconds.
func runWith(seed uint64, sizes []int64, ab, ba float64) Compared {
	r := rand.New(rand.NewPCG(seed, 3))
	h := header()
	h.Rounds, h.Sizes = 20, sizes
	run := &Run{Headers: []probe.RunEvent{h}, RTTs: []probe.RTTEvent{{Side: pair.A, MinMS: 10, N: 5}, {Side: pair.B, MinMS: 180, N: 5}}}
	for round := range h.Rounds {
		for _, size := range sizes {
			for _, d := range pair.Directions() {
				ms := 1000 * []float64{ab, ba}[d] * math.Exp(0.4*r.NormFloat64())
				run.Samples = append(run.Samples, probe.Sample{
					Direction: d, SizeBytes: size, Round: round + 1, PostedAt: start.Add(time.Duration(round) * 3 * time.Second),
					DurationMS: ms, BracketMS: [2]float64{0.98 * ms, 1.02 * ms}, Outcome: probe.Replicated,
				})
			}
		}
	}
	return Compared{Origin: Origin{Version: "1.0"}, Run: run}
}

func compared(t *testing.T, c *Comparison, format Format) string {
	t.Helper()
	var out strings.Builder
	if err := c.Write(&out, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestComparisons(t *testing.T) {
	before := runWith(1, []int64{1 << 10, 1 << 20, 4 << 20}, 4, 9)
	after := runWith(2, []int64{1 << 10, 1 << 20}, 8, 9)
	after.Headers[0].RunID, after.Headers[0].Pair.B.Region = "20260305-010203", "us-west-2"
	after.Notes = []string{"Sandbox: simulated distances"}
	for i := range 5 {
		s := &after.Samples[4*i+1]
		s.Outcome, s.DurationMS, s.BracketMS = probe.GaveUp, 900_000, [2]float64{900_000, 900_000}
	}
	c := Compare(before, after)
	for _, format := range ComparisonFormats() {
		t.Run(string(format), func(t *testing.T) {
			text := compared(t, c, format)
			if text == "" {
				t.Fatal("Comparison.Write writes nothing in it")
			}
			golden.RequireEqual(t, text)
		})
	}
}

func TestAChangeIsShownWhereThereIsOneAndNotElsewhere(t *testing.T) {
	c := Compare(runWith(1, []int64{1 << 10}, 4, 9), runWith(2, []int64{1 << 10}, 8, 9))
	if v := c.Directions[pair.AtoB].Ratio; !v.Shown || v.Lower > 2 || v.Upper < 2 {
		t.Errorf("A to B takes twice as long: %+v", v)
	}
	if v := c.Directions[pair.BtoA].Ratio; v.Shown || v.Lower > 1 || v.Upper < 1 {
		t.Errorf("B to A takes as long as before: %+v", v)
	}
	if len(c.Conditions) != 0 {
		t.Errorf("conditions of equal runs: %+v", c.Conditions)
	}
}

func TestAComparisonSaysThatItsRunsStandInTheOtherOrder(t *testing.T) {
	early, late := runWith(1, []int64{1 << 10}, 4, 9), runWith(2, []int64{1 << 10}, 8, 9)
	late.Headers[0].StartedAt = start.Add(time.Hour)
	const warning = "WARNING: AFTER began before BEFORE did, 2026-03-04 05:06:07 UTC and 2026-03-04 06:06:07 UTC: the ratios are of the earlier run to the later one."
	for _, of := range []struct {
		name          string
		before, after Compared
		reversed      bool
	}{{"in order", early, late, false}, {"reversed", late, early, true}, {"itself", early, early, false}, {"no header", late, Compared{Run: &Run{}}, false}} {
		c := Compare(of.before, of.after)
		if c.Reversed != of.reversed {
			t.Errorf("%s: reversed %v", of.name, c.Reversed)
		}
		for format, words := range map[Format]string{Text: "\n" + warning + "\n", Markdown: "\n- " + warning + "\n", JSON: `"reversed":true`} {
			if text := compared(t, c, format); strings.Contains(text, words) != of.reversed {
				t.Errorf("%s, %s: said %v:\n%s", of.name, format, !of.reversed, text)
			}
		}
	}
}

func TestAComparisonNamesTheSizesThatItLeavesOut(t *testing.T) {
	var kib int64 = 1 << 10
	for _, of := range []struct {
		name          string
		before, after []int64
		note, row     string
		json          string
	}{
		{"same", []int64{kib, 2 * kib}, []int64{2 * kib, kib}, "", "A → B   all sizes ", `"sizes_bytes":[1024,2048]}`},
		{
			"some",
			[]int64{kib, 2 * kib, 3 * kib},
			[]int64{2 * kib, 4 * kib},
			"Compared over the sizes that both runs measured, 2 KiB. Left out: 1 KiB, 3 KiB (measured before only), 4 KiB (measured after only).\n", "A → B   common sizes ",
			`"sizes_bytes":[2048],"only_before_sizes_bytes":[1024,3072],"only_after_sizes_bytes":[4096]}`,
		},
		{
			"none",
			[]int64{kib},
			[]int64{2 * kib},
			"The runs have no file size in common: nothing can be compared.\n", "",
			`"sizes_bytes":[],"only_before_sizes_bytes":[1024],"only_after_sizes_bytes":[2048]}`,
		},
	} {
		c := Compare(runWith(1, of.before, 4, 9), runWith(2, of.after, 8, 9))
		text := compared(t, c, Text)
		if !strings.Contains(text, of.note) || of.note == "" && strings.Contains(text, "Left out") || !strings.Contains(text, of.row) || of.row == "" && strings.Contains(text, "A → B") {
			t.Errorf("%s: no %q and %q in\n%s", of.name, of.note, of.row, text)
		}
		if text := compared(t, c, JSON); !strings.Contains(text, of.json) {
			t.Errorf("%s: no %s in\n%s", of.name, of.json, text)
		}
	}
}

func TestTablesOfAComparisonSayWhyNothingWasCompared(t *testing.T) {
	before, after := runWith(1, []int64{1 << 10, 1 << 20}, 4, 9), runWith(2, []int64{1 << 10, 1 << 20}, 4, 9)
	kept := after.Samples[:0]
	for i, s := range after.Samples {
		if s.SizeBytes == 1<<20 && s.Direction == pair.AtoB && i > 8 {
			continue // two of them are left
		}
		if s.Direction == pair.BtoA && i > 5 {
			s.Outcome, s.DurationMS, s.BracketMS = probe.Interrupted, 1, [2]float64{1, 1}
		}
		kept = append(kept, s)
	}
	after.Samples = kept
	c := Compare(before, after)
	for format, want := range map[Format][]string{
		Text:     {"shares differ\n", "too few\n"},
		Markdown: {" | shares differ | shares differ |", " | too few | too few |"},
		JSON:     {`"reason":"shares_differ"`, `"reason":"too_few"`, `"n":[40,22]`, `"interval":"anytime"`},
	} {
		text := compared(t, c, format)
		for _, words := range want {
			if !strings.Contains(text, words) {
				t.Errorf("%s: no %q in\n%s", format, words, text)
			}
		}
	}
	for reason, want := range map[stats.Verdict]string{
		{Reason: stats.TooFewArrivals}: "too few arrivals", {Reason: stats.TooManyGaveUp}: "too many gave up",
		{Enough: true, Ratio: math.NaN(), Upper: math.Inf(1)}: "×? (not bounded) not shown", {Enough: true, Ratio: 2, Upper: 3}: "×2.00 (at most 3.00) not shown",
		{Enough: true, Ratio: 2, Lower: 1.5, Upper: math.Inf(1), Shown: true}: "×2.00 (at least 1.50) shown",
	} {
		if got := ratioText(reason); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestARunThatMayHaveBeenStoppedForWhatItShowedIsLookedAtAnytime(t *testing.T) {
	whole := func() Compared {
		c := runWith(1, []int64{1 << 10}, 4, 9)
		for i := range c.Samples { // long enough for a verdict at any look
			c.Samples[i].SinceStartMS = 1 + 6000*float64(i/2)
		}
		return c
	}
	for name, c := range map[string]struct {
		change func(*Run)
		want   stats.Looks
	}{
		"as planned":        {func(*Run) {}, stats.Once},
		"in time":           {func(r *Run) { r.Headers[0].Rounds, r.Headers[0].ForMS = 0, 200_000 }, stats.Once},
		"stopped":           {func(r *Run) { r.Samples[39].Outcome = probe.Interrupted }, stats.Anytime},
		"stopped between":   {func(r *Run) { r.Samples = r.Samples[:36] }, stats.Anytime},
		"stopped in time":   {func(r *Run) { r.Headers[0].Rounds, r.Headers[0].ForMS, r.Usage = 0, 210_000, &cost.Usage{} }, stats.Anytime},
		"torn":              {func(r *Run) { r.Torn = true }, stats.Anytime},
		"no planned end":    {func(r *Run) { r.Headers[0].Rounds, r.Usage = 0, &cost.Usage{} }, stats.Anytime},
		"taken up again":    {func(r *Run) { r.Headers = append(r.Headers, r.Headers[0]) }, stats.Anytime},
		"no header at all":  {func(r *Run) { r.Headers = nil }, stats.Anytime},
		"left without ends": {func(r *Run) { r.Unfinished = []probe.StartedEvent{{}} }, stats.Anytime},
	} {
		other := whole()
		c.change(other.Run)
		if got := other.Looks(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if v := Compare(whole(), other).Directions[0].Ratio; v.Looks != c.want {
			t.Errorf("%s, compared: %d, want %d", name, v.Looks, c.want)
		}
		text := written(t, other.Run, Markdown, Options{})
		if strings.Contains(text, "95 % at every look: ") != (c.want == stats.Anytime) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}

func TestOnlySizesOfBothRunsAreCompared(t *testing.T) {
	before, after := runWith(1, []int64{1 << 10, 1 << 30}, 4, 9), runWith(2, []int64{1 << 10, 7}, 4, 9)
	for i := range before.Samples { // the size that only one run has must not count
		if before.Samples[i].SizeBytes == 1<<30 {
			before.Samples[i].DurationMS *= 1000
			before.Samples[i].BracketMS = [2]float64{before.Samples[i].DurationMS, before.Samples[i].DurationMS}
		}
	}
	c := Compare(before, after)
	if len(c.Sizes) != 1 || c.Directions[0].Before.N != 20 || c.Directions[0].Ratio.Shown {
		t.Errorf("sizes %v, n %d, %+v", c.Sizes, c.Directions[0].Before.N, c.Directions[0].Ratio)
	}
	none := Compare(before, runWith(2, []int64{7}, 4, 9))
	for _, format := range []Format{Text, Markdown} {
		if text := compared(t, none, format); !strings.Contains(text, "no file size in common") {
			t.Errorf("%s:\n%s", format, text)
		}
	}
}

func TestOtherConditionsAreListedAndThoseThatChangeTimesAreWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*Compared)
		what    string
		warning bool
	}{
		"sandbox":   {func(c *Compared) { c.Notes = []string{"Sandbox: simulated distances"} }, "what was measured", true},
		"region":    {func(c *Compared) { c.Headers[0].Pair.A.Region = "us-east-1" }, "region of side A", true},
		"bucket":    {func(c *Compared) { c.Headers[0].Pair.B.Bucket = "other" }, "bucket of side B", false},
		"swapped":   {func(c *Compared) { p := &c.Headers[0].Pair; p.A, p.B = p.B, p.A }, "the sides' names", true},
		"place":     {func(c *Compared) { c.RTTs[0].MinMS = 95 }, "round trip to side A", true},
		"sizes":     {func(c *Compared) { c.Headers[0].Sizes = []int64{1} }, "sizes", false},
		"every":     {func(c *Compared) { c.Headers[0].EveryMS = 60_000 }, "one round every", false},
		"limit":     {func(c *Compared) { c.Headers[0].LimitMS = 60_000 }, "given up after", false},
		"pace":      {func(c *Compared) { c.Headers[0].Pace = polling.Fine }, "pace", false},
		"rate":      {func(c *Compared) { c.Headers[0].MaxRate = 5 }, "most requests a second at any moment", false},
		"prefix":    {func(c *Compared) { c.Headers[0].Pair.Options.Prefix = "x/" }, "prefix", false},
		"cut short": {func(c *Compared) { c.Samples[0].Outcome = probe.Interrupted }, "complete", false},
		"version":   {func(c *Compared) { c.Version = "2.0" }, "version of bothways", false},
	} {
		after := runWith(2, []int64{1 << 10}, 4, 9)
		c.change(&after)
		found := false
		for _, condition := range Compare(runWith(1, []int64{1 << 10}, 4, 9), after).Conditions {
			if condition.What == c.what {
				found = true
				if condition.Warning != c.warning || condition.Before == condition.After {
					t.Errorf("%s: %+v", name, condition)
				}
			}
		}
		if !found {
			t.Errorf("%s is not said", name)
		}
	}
}

func TestTheLinesOfAComparisonAreEachAnObjectAndHoldTheRatios(t *testing.T) {
	c := Compare(runWith(1, []int64{1 << 10, 1 << 20}, 4, 9), runWith(2, []int64{1 << 10, 1 << 20}, 8, 9))
	names := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(compared(t, c, JSON)), "\n") {
		var e struct {
			Event string `json:"event"`
			ChangeEvent
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		names[e.Event]++
		if e.Event == "change" && (e.Ratio.Ratio == nil || e.Before.N == 0 || e.Before.Direction != e.After.Direction) {
			t.Errorf("%s", line)
		}
	}
	if names["compared"] != 1 || names["change"] != 6 {
		t.Errorf("%v", names)
	}
}

func TestARunIsCompleteOnlyWithAllThatWasPlanned(t *testing.T) {
	whole := func() *Run { return runWith(1, []int64{1 << 10}, 4, 9).Run }
	if !whole().Complete() {
		t.Error("20 rounds of 20")
	}
	endedEarly := func(r *Run) string {
		for _, f := range Facts(r, Origin{}) {
			if f.Name == "Ended early" {
				return f.Text
			}
		}
		return ""
	}
	if told := endedEarly(whole()); told != "" {
		t.Errorf("of a whole run: %s", told)
	}
	for name, run := range map[string]struct {
		change func(*Run)
		told   string
	}{
		"a sample less":  {func(r *Run) { r.Samples = r.Samples[1:] }, "39 of 40 planned probes have a sample"},
		"interrupted":    {func(r *Run) { r.Samples[0].Outcome = probe.Interrupted }, "not every probe came to its own end"},
		"in flight":      {func(r *Run) { r.Unfinished = []probe.StartedEvent{{}} }, "not every probe came to its own end"},
		"torn":           {func(r *Run) { r.Torn = true }, "not every probe came to its own end"},
		"without an end": {func(r *Run) { r.Headers[0].Rounds = 0 }, ""},
		"without begin":  {func(r *Run) { r.Headers = nil }, ""},
	} {
		r := whole()
		run.change(r)
		if r.Complete() {
			t.Errorf("%s: complete", name)
		}
		if told := endedEarly(r); told != run.told {
			t.Errorf("%s: %q is told, want %q", name, told, run.told)
		}
	}
	watched := whole()
	watched.Headers[0].Rounds, watched.Headers[0].ForMS, watched.Usage = 0, 60_000, &cost.Usage{}
	if !watched.Complete() {
		t.Error("a watch that came to its end")
	}
}
