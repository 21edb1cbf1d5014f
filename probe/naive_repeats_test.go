// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
)

// TestAComparisonOfSeveralRunsCanBeRecomputed makes runs of one by lengthening
// its times, and takes Student's test from the CSV reports again.
func TestAComparisonOfSeveralRunsCanBeRecomputed(t *testing.T) {
	var events []pair.Event
	synctest.Test(t, func(t *testing.T) { _, events = recorded(t) })
	factors := [2][]float64{{1, 1.13, .9}, {1.9, 1.6}}
	var runs [2][]report.Compared
	var medians [2]map[string][]float64 // by direction and size, -1 for all
	for side, list := range factors {
		medians[side] = map[string][]float64{}
		for i, factor := range list {
			run, rows := lengthened(t, events, fmt.Sprintf("run-%d-%d", side, i), factor)
			runs[side] = append(runs[side], report.Compared{Run: run})
			for _, direction := range []string{"AtoB", "BtoA"} {
				for _, size := range []int64{-1, 0, 128 << 10, 1 << 20} {
					var ms []float64
					for _, r := range rows {
						switch {
						case r.direction != direction || size >= 0 && r.size != size:
						case r.outcome == "replicated":
							ms = append(ms, r.ms)
						case r.watchedOnly():
							ms = append(ms, math.Inf(1))
						}
					}
					slices.Sort(ms)
					name := fmt.Sprint(direction, size)
					medians[side][name] = append(medians[side][name], naiveQuantile(ms, 50))
				}
			}
		}
	}
	c := report.CompareRepeats(runs[0], runs[1])
	checked := 0
	for _, r := range slices.Concat(c.Directions, c.BySize) {
		size := int64(-1)
		if r.OneSize {
			size = r.SizeBytes
		}
		name := fmt.Sprint(r.Direction.String(), size)
		x, y := medians[0][name], medians[1][name]
		if slices.ContainsFunc(slices.Concat(x, y), func(ms float64) bool { return math.IsInf(ms, 1) }) {
			if r.Reason != stats.MedianUnknown {
				t.Errorf("%s: a median is not known: %+v", name, r)
			}
			continue
		}
		ratio, lower, upper, spread := naiveStudents(x, y)
		for what, pair := range map[string][2]float64{"ratio": {r.Ratio, ratio}, "lower": {r.Lower, lower}, "upper": {r.Upper, upper}, "spread": {r.Spread, spread}} {
			if math.Abs(pair[0]/pair[1]-1) > 1e-4 {
				t.Errorf("%s: %s %v, recomputed %v", name, what, pair[0], pair[1])
			}
		}
		if r.Shown != (lower > 1 || upper < 1) {
			t.Errorf("%s: shown %v, from %v to %v", name, r.Shown, lower, upper)
		}
		checked++
	}
	if checked < 4 {
		t.Errorf("%d comparisons were recomputed", checked)
	}
}

// lengthened is a run with another ID whose arrivals took so many times as
// long, and its rows.
func lengthened(t *testing.T, events []pair.Event, id string, factor float64) (*report.Run, []row) {
	t.Helper()
	var journal bytes.Buffer
	for _, event := range events {
		switch e := event.(type) {
		case probe.RunEvent:
			e.RunID = id
			event = e
		case probe.Sample:
			if e.Outcome == probe.Replicated {
				e.DurationMS, e.BracketMS[0], e.BracketMS[1] = e.DurationMS*factor, e.BracketMS[0]*factor, e.BracketMS[1]*factor
			}
			event = e
		}
		line, err := pair.EncodeEvent(event)
		if err != nil {
			t.Fatal(err)
		}
		journal.Write(append(line, '\n'))
	}
	run, err := report.Read(&journal)
	if err != nil {
		t.Fatal(err)
	}
	var csv strings.Builder
	if err := report.Write(&csv, run, report.CSV, report.Options{}); err != nil {
		t.Fatal(err)
	}
	return run, rowsOf(t, csv.String())
}

// naiveStudents is the ratio of the groups' geometric means with Student's
// interval, and one standard deviation within the groups, as factors.
func naiveStudents(x, y []float64) (ratio, lower, upper, spread float64) {
	of := func(values []float64) (mean, squares, n float64) {
		n = float64(len(values))
		for _, v := range values {
			mean += math.Log(v) / n
		}
		for _, v := range values {
			squares += math.Pow(math.Log(v)-mean, 2)
		}
		return mean, squares, n
	}
	mx, sx, nx := of(x)
	my, sy, ny := of(y)
	variance := (sx + sy) / (nx + ny - 2)
	width := naiveStudent(nx+ny-2, .025) * math.Sqrt(variance/nx+variance/ny)
	return math.Exp(my - mx), math.Exp(my - mx - width), math.Exp(my - mx + width), math.Exp(math.Sqrt(variance))
}
