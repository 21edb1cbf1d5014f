package metrics_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/metrics"
)

// followed is a run with samples of every outcome and a probe in flight.
func followed(now time.Time) *watch.Watch {
	w := watch.New()
	w.Take(probe.RTTEvent{Side: pair.A, MinMS: 12, N: 3})
	for i := range 60 {
		w.Take(probe.Sample{
			Direction: pair.AtoB, SizeBytes: 128 << 10, Outcome: probe.Replicated,
			DurationMS: 100 * float64(i+1), BracketMS: [2]float64{100 * float64(i), 100 * float64(i+2)}, HEADs: 14, Unknowns: 1,
		})
	}
	for _, outcome := range []probe.Outcome{probe.GaveUp, probe.Failed, probe.Interrupted, probe.Suspended} {
		w.Take(probe.Sample{Direction: pair.BtoA, SizeBytes: 0, Outcome: outcome, DurationMS: 900_000, HEADs: 3})
	}
	w.Take(probe.PostedEvent{Key: "k", Direction: pair.BtoA, PostedAt: now.Add(-90 * time.Second)})
	w.Take(probe.StallEvent{Direction: pair.BtoA, Stalled: true})
	return w
}

// scraped is what a scrape brings.
func scraped(t *testing.T, w *watch.Watch) string {
	t.Helper()
	server := httptest.NewServer(metrics.Handler(w, `v1 "x"`))
	defer server.Close()
	response, err := http.Get(server.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "application/openmetrics-text; version=1.0.0; charset=utf-8" {
		t.Errorf("the content type is %q", kind)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parsed(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	var parser expfmt.TextParser
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("Prometheus' own parser: %v\n%s", err, text)
	}
	return families
}

// value finds a sample by its family and the values of its labels.
func value(t *testing.T, families map[string]*dto.MetricFamily, family string, labels ...string) float64 {
	t.Helper()
	for _, m := range families[family].GetMetric() {
		matched := 0
		for _, l := range m.GetLabel() {
			for _, want := range labels {
				if l.GetValue() == want {
					matched++
				}
			}
		}
		if matched == len(labels) {
			return m.GetGauge().GetValue() + m.GetUntyped().GetValue() + m.GetCounter().GetValue()
		}
	}
	t.Errorf("there is no %s of %v", family, labels)
	return 0
}

func TestPrometheusReadsWhatHappened(t *testing.T) {
	families := parsed(t, scraped(t, followed(time.Now())))
	for _, c := range []struct {
		want   float64
		family string
		labels []string
	}{
		{60, "bothways_probes_total", []string{"AtoB", "131072", "replicated"}},
		{1, "bothways_probes_total", []string{"BtoA", "0", "gave_up"}},
		{1, "bothways_probes_total", []string{"BtoA", "0", "suspended"}},
		{840, "bothways_polls_total", []string{"AtoB", "131072"}},
		{60, "bothways_polls_unknown_total", []string{"AtoB", "131072"}},
		{1, "bothways_in_flight", []string{"BtoA"}},
		{0, "bothways_in_flight", []string{"AtoB"}},
		{1, "bothways_stalled", []string{"BtoA"}},
		{1, "bothways_stalls_total", []string{"BtoA"}},
		{3.05, "bothways_quantile_seconds", []string{"AtoB", "0.5", "exact"}},
		{3.05, "bothways_mean_seconds", []string{"AtoB", "exact"}},
		{.012, "bothways_round_trip_seconds", []string{"A"}},
		{1, "bothways_build_info", []string{`v1 "x"`}},
	} {
		if got := value(t, families, c.family, c.labels...); got != c.want {
			t.Errorf("%s of %v is %v, want %v", c.family, c.labels, got, c.want)
		}
	}
	if age := value(t, families, "bothways_oldest_age_seconds", "BtoA"); age < 90 || age > 120 {
		t.Errorf("the oldest age is %v s", age)
	}
	histograms := families["bothways_replication_duration_seconds"].GetMetric()
	if len(histograms) != 2 {
		t.Fatalf("%d histograms, want one a cell", len(histograms))
	}
	for _, m := range histograms {
		h := m.GetHistogram()
		below := map[float64]uint64{}
		for _, b := range h.GetBucket() {
			below[b.GetUpperBound()] = b.GetCumulativeCount()
		}
		switch h.GetSampleCount() {
		case 60:
			if below[1] != 10 || below[5] != 50 || below[10] != 60 || h.GetSampleSum() != 183 {
				t.Errorf("the histogram of A to B is %v, sum %v", below, h.GetSampleSum())
			}
		case 1:
			if below[5000] != 0 {
				t.Errorf("a probe that was given up counts as arrived: %v", below)
			}
		default:
			t.Errorf("a histogram counts %d", h.GetSampleCount())
		}
	}
}

// What OpenMetrics 1.0.0 asks for beyond the older format that the parser
// reads.
func TestTheTextKeepsTheRulesOfOpenMetrics(t *testing.T) {
	text := scraped(t, followed(time.Now()))
	if !strings.HasSuffix(text, "\n# EOF\n") || strings.Count(text, "# EOF") != 1 {
		t.Error("it does not end with # EOF")
	}
	sample := regexp.MustCompile(`^([a-z_]+)\{([a-z_]+="([^"\\]|\\.)*",?)*\} [-+0-9.e]+$`)
	typed := regexp.MustCompile(`^# TYPE ([a-z_]+) (counter|gauge|histogram)$`)
	described := regexp.MustCompile(`^# (UNIT|HELP) ([a-z_]+) `)
	suffixes := map[string][]string{"counter": {"_total"}, "gauge": {""}, "histogram": {"_bucket", "_sum", "_count"}}
	family, kind, seen := "", "", map[string]bool{}
	for line := range strings.Lines(strings.TrimSuffix(text, "# EOF\n")) {
		line = strings.TrimSuffix(line, "\n")
		if m := typed.FindStringSubmatch(line); m != nil {
			if family, kind = m[1], m[2]; seen[family] {
				t.Errorf("the family %s comes twice", family)
			}
			seen[family] = true
			continue
		}
		if m := described.FindStringSubmatch(line); m != nil {
			if m[2] != family {
				t.Errorf("%q stands in the family %s", line, family)
			}
			if m[1] == "UNIT" && (!strings.HasSuffix(line, " seconds") || !strings.HasSuffix(family, "_seconds")) {
				t.Errorf("%q: a unit must be the end of the name", line)
			}
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%q is neither a sample nor about a family", line)
			continue
		}
		fits := false
		for _, suffix := range suffixes[kind] {
			fits = fits || m[1] == family+suffix
		}
		if !fits {
			t.Errorf("%q does not belong to the %s %s", line, kind, family)
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d families", len(seen))
	}
}

func TestAQuantileThatTheFirstPollsFoundIsAnUpperBound(t *testing.T) {
	w := watch.New()
	for range 30 {
		w.Take(probe.Sample{Direction: pair.AtoB, SizeBytes: 1, Outcome: probe.Replicated, DurationMS: 250, BracketMS: [2]float64{0, 500}, LeftCensored: true})
	}
	text := scraped(t, w)
	if got := value(t, parsed(t, text), "bothways_quantile_seconds", "AtoB", "0.5", "at_most"); got != .5 {
		t.Errorf("at most %v, want 0.5", got)
	}
	if strings.Contains(text, `bound="exact"`) {
		t.Errorf("quoted as measured:\n%s", text)
	}
}

func TestAMeanWithAGiveUpSaysWhereItIsCut(t *testing.T) {
	run := followed(time.Now())
	run.Take(probe.Sample{Direction: pair.AtoB, SizeBytes: 128 << 10, Outcome: probe.GaveUp, DurationMS: 61_000})
	families := parsed(t, scraped(t, run))
	if mean, cut := value(t, families, "bothways_mean_seconds", "AtoB", "exact"), value(t, families, "bothways_mean_cut_seconds", "AtoB"); mean != 4 || cut != 61 {
		t.Errorf("the mean of 183 s in 60 and one of 61 s is %v, cut at %v", mean, cut)
	}
}

func TestAMissedTargetIsTold(t *testing.T) {
	run := followed(time.Now())
	run.Take(probe.RunEvent{TargetMS: 4100})
	run.Take(probe.StartedEvent{Key: "on its way", Direction: pair.AtoB, SizeBytes: 128 << 10})
	families := parsed(t, scraped(t, run))
	for bound, want := range map[string]float64{"least": 40. / 61, "most": 42. / 61} { // the bracket from 4 s to 4.2 s holds it
		if got := value(t, families, "bothways_within_target_ratio", "AtoB", bound); got != want {
			t.Errorf("%s: %v, want %v", bound, got, want)
		}
	}
	if got := value(t, families, "bothways_target_seconds", "AtoB"); got != 4.1 {
		t.Errorf("the target is %v s", got)
	}
}
