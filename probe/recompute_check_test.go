// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bothways/probe/stats"
)

func checkSummary(t *testing.T, e stats.SummaryEvent, rows []row) {
	t.Helper()
	name := e.Direction.String()
	beside := pick(rows, func(r row) bool {
		return r.direction != e.Direction.String() && (e.SizeBytes == nil || r.size == *e.SizeBytes)
	})
	rows = pick(rows, func(r row) bool {
		return r.direction == e.Direction.String() && (e.SizeBytes == nil || r.size == *e.SizeBytes)
	})
	if e.SizeBytes != nil {
		name += fmt.Sprint(" ", *e.SizeBytes)
	}
	want := naiveSummary(rows, beside)
	for what, pair := range map[string][2]int{
		"n": {e.N, want.n}, "worth": {e.Worth, want.worth}, "probes": {e.Probes, len(rows)}, "replicated": {e.Replicated, want.of["replicated"]},
		"gave up": {e.GaveUp, want.of["gave_up"]}, "failed": {e.Failed, want.of["failed"]},
		"interrupted": {e.Interrupted, want.of["interrupted"]}, "suspended": {e.Suspended, want.of["suspended"]},
		"at most": {e.LeftCensored, want.left}, "held": {e.Held, want.held}, "late": {e.Late, want.late}, "HEADs": {e.HEADs, want.heads}, "unknown polls": {e.Unknowns, want.unknowns},
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
	// A bound or a middle, never both.
	either := func(what string, got, atMost *float64, want quoted) {
		t.Helper()
		if want.atMost {
			same(what+" at most", atMost, want.ms)
			same(what, got, math.Inf(1))
			return
		}
		same(what, got, want.ms)
		same(what+" at most", atMost, math.Inf(1))
	}
	interval := func(what string, got *stats.IntervalMS, want quoted) {
		t.Helper()
		if (got == nil) != want.none {
			t.Errorf("%s: the interval of %s is %v, %d are missing", name, what, got, want.missing)
		}
		if got == nil {
			return
		}
		same("lower end of "+what, got[0], want.lower)
		same("upper end of "+what, got[1], want.upper)
	}
	either("maximum", e.MaxMS, e.MaxAtMostMS, want.longest)
	if e.Missing == nil {
		e.Missing = &stats.Missing{}
	}
	for _, of := range []struct {
		name, short string
		got, atMost *float64
		interval    *stats.IntervalMS
		missing     int
		want        quoted
		from        int
	}{
		{"the median", "median", e.MedianMS, e.MedianAtMostMS, e.MedianIntervalMS, e.Missing.Median, want.median, 6},
		{"p90", "p90", e.P90MS, e.P90AtMostMS, e.P90IntervalMS, e.Missing.P90, want.p90, 29},
		{"p95", "p95", e.P95MS, e.P95AtMostMS, e.P95IntervalMS, e.Missing.P95, want.p95, 59},
		{"p99", "p99", e.P99MS, e.P99AtMostMS, e.P99IntervalMS, e.Missing.P99, want.p99, 299},
	} {
		either(of.name, of.got, of.atMost, of.want)
		interval(of.name, of.interval, of.want)
		if of.missing != of.want.missing || !of.want.bursts && of.missing != max(0, of.from-want.n) || slices.Contains(e.TooFewBursts, of.short) != of.want.bursts {
			t.Errorf("%s: %d missing for %s of %d, recomputed %d", name, of.missing, of.name, want.n, of.want.missing)
		}
	}
	checkMean(t, name, e, rows, want.inflation)
	if (e.FromPlanned != nil) != (want.late > 0 && e.SizeBytes == nil) {
		t.Errorf("%s: %d late, from the planned instants %+v", name, want.late, e.FromPlanned)
	}
	if p := e.FromPlanned; p != nil {
		planned := naiveSummaryOf(fromPlan(rows), naiveAround(rows, beside), false)
		either("the median from the plan", p.MedianMS, p.MedianAtMostMS, planned.median)
		interval("the median from the plan", p.MedianIntervalMS, planned.median)
		either("p95 from the plan", p.P95MS, p.P95AtMostMS, planned.p95)
		interval("p95 from the plan", p.P95IntervalMS, planned.p95)
	}
}

func orNone(x *float64) any {
	if x == nil {
		return "none"
	}
	return *x
}

func checkVerdict(t *testing.T, e stats.VerdictEvent, rows []row, kind string) {
	t.Helper()
	if e.Interval != kind {
		t.Errorf("%s: the interval is for %s, want %s", e.About, e.Interval, kind)
	}
	var ratio, lower, upper float64
	brokenOff := 0 // by whatever stopped the run, so that they are in no line
	also := true   // shown by the times as they were measured
	in := func(direction string) []row { return pick(rows, func(r row) bool { return r.direction == direction }) }
	if e.About == stats.AboutDirections {
		if apart := naiveSharesApart(in("AtoB"), in("BtoA")); apart > .0999999 {
			if e.Reason != stats.SharesDiffer || e.Ratio != nil || e.Shown {
				t.Errorf("the shares of a size differ by %v, reason %q: %s", apart, e.Reason, e.Sentence)
			}
			return
		}
		how := naiveTogether(in("AtoB"), in("BtoA"))
		measured, low, high := naiveRatio(in("AtoB"), in("BtoA"), kind, how)
		open := naiveOpenRatio(in("AtoB"), in("BtoA"), kind)
		low, high = open.widen(measured, low, high, 1)
		also = low > 1 || high < 1
		rows = corrected(rows)
		ratio, lower, upper = naiveRatio(in("AtoB"), in("BtoA"), kind, how)
		lower, upper = open.widen(ratio, lower, upper, ratio/measured)
	} else {
		if e.Direction != nil {
			rows = in(e.Direction.String())
		}
		brokenOff = len(pick(rows, func(r row) bool { return r.size > 0 && r.outcome == "interrupted" }))
		rows = pick(rows, func(r row) bool { return r.size > 0 && (r.outcome == "replicated" || r.outcome == "gave_up") })
	}
	all := rows
	if e.About == stats.AboutSizes {
		rows = pick(rows, func(r row) bool { return !r.held }) // no line is laid through those
	}
	if n := [2]int{naiveSummary(in("AtoB"), nil).n, naiveSummary(in("BtoA"), nil).n}; e.N != n {
		t.Errorf("%s: n %v, recomputed %v", e.About, e.N, n)
	}
	if e.About == stats.AboutSizes {
		for reason, of := range map[string]struct {
			percent, count, n int
		}{
			"oo many gave up or were interrupted":  {1, brokenOff + len(pick(rows, func(r row) bool { return r.outcome == "gave_up" })), len(rows) + brokenOff},
			"oo many were there at the first poll": {10, len(pick(rows, func(r row) bool { return r.left && r.outcome == "replicated" && !r.held })), len(rows)},
			"oo many answers were held":            {1, len(all) - len(rows), len(all)},
		} {
			if 100*of.count <= of.percent*of.n {
				continue
			}
			if e.Ratio != nil || e.Shown || e.Reason == "" || !strings.Contains(e.Sentence, "oo many ") {
				t.Errorf("%d of %d, %s: %s", of.count, len(rows), reason, e.Sentence)
			}
			return
		}
		if naiveWide(pick(all, func(r row) bool { return r.direction == "AtoB" })) || naiveWide(pick(all, func(r row) bool { return r.direction == "BtoA" })) {
			if e.Reason != stats.TooWide || e.Ratio != nil || e.Shown {
				t.Errorf("wide brackets, reason %q: %s", e.Reason, e.Sentence)
			}
			return
		}
		ratio, lower, upper = naiveSlope(rows, kind)
	}
	for what, pair := range map[string]struct {
		got  *float64
		want float64
	}{"ratio": {e.Ratio, ratio}, "lower end": {e.Lower, lower}, "upper end": {e.Upper, upper}} {
		if math.IsInf(pair.want, 0) || math.IsNaN(pair.want) {
			if pair.got != nil {
				t.Errorf("%s: %s %v, recomputed not known", e.About, what, *pair.got)
			}
			continue
		}
		if pair.got == nil || math.Abs(*pair.got-pair.want) > 1e-4*pair.want {
			t.Errorf("%s: %s %v, recomputed %v", e.About, what, orNone(pair.got), pair.want)
		}
	}
	if e.Shown != (also && (lower > 1 || upper < 1)) {
		t.Errorf("%s: shown %v, the interval is %v to %v", e.About, e.Shown, lower, upper)
	}
	unknown := math.IsNaN(ratio) || math.IsInf(ratio, 0) || !(lower > 0) || math.IsInf(upper, 1)
	if unknown != (e.Reason != "") || kind == "anytime" != strings.Contains(e.Sentence, "95 % at every look") {
		t.Errorf("%s, reason %q: %s", kind, e.Reason, e.Sentence)
	}
	if math.IsNaN(ratio) {
		if e.Reason != stats.TooManyAtFirst || !strings.Contains(e.Sentence, "too many were there at the first poll") {
			t.Errorf("the ratio is not known: %s", e.Sentence)
		}
		return
	}
	shownRatio := ratio
	if e.About == stats.AboutDirections && e.Shown && ratio < 1 {
		shownRatio = 1 / ratio
	}
	// Two digits, and as many as it takes where the ratio is all but 1.
	written := func(digits int) string { return strconv.FormatFloat(shownRatio, 'f', digits, 64) }
	digits := 1
	for digits < 6 && (digits == 1 || strings.Trim(written(digits), "10.") == "") && !strings.Contains(e.Sentence, written(digits)) {
		digits++
	}
	if !strings.Contains(e.Sentence, written(digits)) {
		t.Errorf("no %v in: %s", shownRatio, e.Sentence)
	}
}

// checkText looks for every summary's figures, rounded, in one line of a table.
func checkText(t *testing.T, text string, rows []row) {
	t.Helper()
	text = strings.ReplaceAll(text, `\(`, "(")
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
	short := func(ms float64) string { // as in a sentence, below a minute
		if ms < 9950 {
			return strconv.FormatFloat(ms/1000, 'f', 1, 64)
		}
		return strconv.FormatFloat(ms/1000, 'f', 0, 64)
	}
	for _, direction := range []string{"AtoB", "BtoA"} {
		for _, size := range []int64{-1, 0, 128 << 10, 1 << 20} {
			of := naiveSummary(pick(rows, func(r row) bool { return r.direction == direction && (size < 0 || r.size == size) }),
				pick(rows, func(r row) bool { return r.direction != direction && (size < 0 || r.size == size) }))
			want := []string{strings.Replace(direction, "to", " → ", 1), strconv.Itoa(of.n), strconv.Itoa(of.of["gave_up"]), strconv.Itoa(of.unknowns), strconv.Itoa(of.left)}
			for _, q := range []quoted{of.median, of.p90, of.p95, of.p99} {
				want = append(want, q.cell(rounded))
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
		of := pick(rows, func(r row) bool { return r.direction == direction })
		beside := pick(rows, func(r row) bool { return r.direction != direction })
		all, planned := naiveSummary(of, beside), naiveSummaryOf(fromPlan(of), naiveAround(of, beside), false)
		interval := planned.median.interval(short)
		if !strings.Contains(interval, " to ") || planned.median.lower == 0 { // of one end, which keeps its unit
			interval += " s"
		}
		want := strings.Replace(direction, "to", " → ", 1) + " median " + planned.median.text(short) + " s (95 %: " + interval + "), p95 "
		if strings.Contains(text, want) != (all.late > 0) {
			t.Errorf("%d late, says it from the planned instants: %v (%s)", all.late, all.late == 0, want)
		}
	}
	if late := naiveSummary(rows, nil).late; late > 0 && !strings.Contains(text, fmt.Sprintf("%d probes of %d began", late, len(rows))) || late == 0 && strings.Contains(text, "Late starts") {
		t.Errorf("%d late starts are not counted", late)
	}
}
