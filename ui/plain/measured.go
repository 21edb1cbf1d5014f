package plain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/probe/wording"
)

func sampleLine(s probe.Sample) string {
	head := fmt.Sprintf("%s  %-8s ", s.Direction.Arrow(), wording.Size(s.SizeBytes))
	switch {
	case s.AtMost():
		return head + fmt.Sprintf("at most %s  (%s)", wording.Milliseconds(s.BracketMS[1]), polls(s))
	case s.Outcome == probe.Replicated:
		return head + fmt.Sprintf("%s  (between %s and %s, %s)",
			wording.Milliseconds(s.DurationMS), wording.Milliseconds(s.BracketMS[0]), wording.Milliseconds(s.BracketMS[1]), polls(s))
	case s.Outcome.Censored():
		return head + fmt.Sprintf("%s: longer than %s  (%s) %s", words(s.Outcome), wording.Milliseconds(s.DurationMS), polls(s), s.Detail)
	}
	return head + words(s.Outcome) + ": " + s.Detail
}

// polls words how a sample was polled and what its reader should know of it.
func polls(s probe.Sample) string {
	parts := []string{wording.Count(s.HEADs, "HEAD")}
	if s.Unknowns > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", s.Unknowns))
	}
	if s.Throttled > 0 {
		parts = append(parts, fmt.Sprintf("%d throttled", s.Throttled))
	}
	if s.Late {
		parts = append(parts, "started "+wording.Milliseconds(s.LateMS)+" late")
	}
	if s.Held {
		parts = append(parts, "held answer")
	}
	if s.Unconfirmed {
		parts = append(parts, "REPLICA not confirmed")
	}
	return strings.Join(parts, ", ")
}

// completedLine is the second end point.
func completedLine(e probe.CompletedEvent) string {
	head := fmt.Sprintf("%s  %-8s COMPLETED at its origin: ", e.Direction.Arrow(), wording.Size(e.SizeBytes))
	switch {
	case e.Outcome == probe.Replicated && e.LeftCensored:
		return head + "at most " + wording.Milliseconds(e.BracketMS[1])
	case e.Outcome == probe.Replicated:
		return head + fmt.Sprintf("%s  (between %s and %s, %s)",
			wording.Milliseconds(e.DurationMS), wording.Milliseconds(e.BracketMS[0]), wording.Milliseconds(e.BracketMS[1]), wording.Count(e.HEADs, "HEAD"))
	case e.Outcome.Censored():
		return strings.TrimRight(head+fmt.Sprintf("not by %s  %s", wording.Milliseconds(e.DurationMS), e.Detail), " ")
	}
	return "" // the sample said it
}

func biasLine(e probe.BiasEvent) string {
	return fmt.Sprintf("from here A → B reads %s and B → A %s shorter than from commit to visible (half a round trip to the side that is written to); corrected_ms is free of that",
		wording.Milliseconds(e.AtoBMS), wording.Milliseconds(e.BtoAMS))
}

func stallLine(e probe.StallEvent) string {
	if !e.Stalled {
		return fmt.Sprintf("%s  something arrived again after %s", e.Direction.Arrow(), wording.Milliseconds(e.QuietMS))
	}
	if e.InFlight == 0 {
		return fmt.Sprintf("warning: %s  nothing arrived for the last %s of the run", e.Direction.Arrow(), wording.Milliseconds(e.QuietMS))
	}
	return fmt.Sprintf("warning: %s  nothing has arrived for %s while %s, the oldest for %s",
		e.Direction.Arrow(), wording.Milliseconds(e.QuietMS), waiting(e.InFlight), wording.Milliseconds(e.OldestMS))
}

func waiting(probes int) string {
	if probes == 1 {
		return "1 probe waits"
	}
	return fmt.Sprintf("%d probes wait", probes)
}

// standingLine is "" while it is too early to say anything: that passes by itself.
func standingLine(e watch.StandingEvent) string {
	if e.Verdict.Reason == stats.TooEarly {
		return ""
	}
	return fmt.Sprintf("%d of %s done. %s", e.Rounds, wording.Count(e.Of, "round"), e.Verdict.Line())
}

func progressLine(e watch.ProgressEvent) string {
	line := fmt.Sprintf("so far %s  n %d, none of them in flight", e.Direction.Arrow(), e.N)
	if e.InFlight > 0 {
		line = fmt.Sprintf("so far %s  n %d, %d of them in flight, the oldest for %s", e.Direction.Arrow(), e.N, e.InFlight, wording.Milliseconds(e.OldestMS))
	}
	line += "  median " + quantile(e.MedianMS, e.MedianOverMS, e.MedianAtMostMS, e.MedianIntervalMS, 0)
	line += "  p95 " + quantile(e.P95MS, e.P95OverMS, e.P95AtMostMS, e.P95IntervalMS, 0)
	line += fmt.Sprintf("  gave up %d  failed %d", e.GaveUp, e.Failed)
	if e.Stalled {
		line += "  STALLED"
	}
	return line
}

func words(o probe.Outcome) string { return strings.ReplaceAll(string(o), "_", " ") }

// summaryLine words what was measured of one direction, or of one size in it.
// A number that the samples can't carry is said to be missing, not shown.
func summaryLine(s stats.SummaryEvent) string {
	what := "all sizes"
	if s.SizeBytes != nil {
		what = wording.Size(*s.SizeBytes)
	}
	missing := s.Lacking()
	tail := quantile(s.P95MS, s.P95OverMS, s.P95AtMostMS, s.P95IntervalMS, missing.P95)
	if s.P99MS != nil || s.P99OverMS != nil || s.P99AtMostMS != nil {
		tail += "  p99 " + quantile(s.P99MS, s.P99OverMS, s.P99AtMostMS, s.P99IntervalMS, missing.P99)
	}
	cut := ""
	if s.Worth > 0 { // in bursts, so many
		cut = fmt.Sprintf("  worth %d independent samples", s.Worth)
	}
	if s.Interrupted > 0 {
		cut += fmt.Sprintf("  interrupted %d", s.Interrupted)
	}
	if s.Suspended > 0 {
		cut += fmt.Sprintf("  suspended %d", s.Suspended)
	}
	late := ""
	if s.Late > 0 {
		late = fmt.Sprintf("  late starts %d", s.Late)
	}
	if p := s.FromPlanned; p != nil {
		late += fmt.Sprintf(", from the planned instants: median %s  p95 %s",
			quantile(p.MedianMS, p.MedianOverMS, p.MedianAtMostMS, p.MedianIntervalMS, missing.Median),
			quantile(p.P95MS, p.P95OverMS, p.P95AtMostMS, p.P95IntervalMS, missing.P95))
	}
	return fmt.Sprintf("%s  %-9s n %-4d median %s  mean %s  p90 %s  p95 %s  max %s  gave up %d  failed %d%s  %.1f HEADs a sample%s",
		s.Direction.Arrow(), what, s.N,
		quantile(s.MedianMS, s.MedianOverMS, s.MedianAtMostMS, s.MedianIntervalMS, missing.Median),
		stats.QuotedMean(s).WithInterval("95 %: ", wording.Duration),
		quantile(s.P90MS, s.P90OverMS, s.P90AtMostMS, s.P90IntervalMS, missing.P90), tail, stats.Quoted(s.MaxMS, s.MaxOverMS, s.MaxAtMostMS, nil, 0).Longest(wording.Duration),
		s.GaveUp, s.Failed, cut, s.HEADsPerSample, late)
}

// quantile words a quantile with its interval, or how many more samples it
// takes.
func quantile(value, over, atMost *float64, interval *stats.IntervalMS, missing int) string {
	return stats.Quoted(value, over, atMost, interval, missing).WithInterval("95 %: ", wording.Duration)
}

// mostLeft is how many of the things that a run left behind have a line.
const mostLeft = 5

// left counts what a run may have left behind and lists the first few, a line
// each. The JSON output, the journal and the JSON report have them all.
func (w *Writer) left(e probe.LeftEvent) {
	w.Line("warning: %s may be left behind. In AWS, bothways clean removes that, and nothing else:", probe.LeftText(e.Objects))
	for _, o := range e.Objects[:min(mostLeft, len(e.Objects))] {
		what := "version " + o.VersionID
		switch {
		case o.UploadID != "":
			what = "unfinished upload " + o.UploadID
		case o.VersionID == "":
			what = "a version whose ID is not known"
		}
		w.Line("    %s/%s, %s: %s", o.Bucket, o.Key, what, o.Why)
	}
	if more := len(e.Objects) - mostLeft; more > 0 {
		w.Line("    and %d more, which bothways report --format json lists", more)
	}
}

// estimated words what a probe run will ask for, before it starts.
func estimated(c cost.Estimate) string {
	price := fmt.Sprintf("about %.2g USD at AWS's list prices of %s", c.Dollars, c.PricesAsOf)
	if c.Dollars < 0.001 {
		price = "less than 0.001 USD at AWS's list prices of " + c.PricesAsOf
	}
	if !c.Priced {
		price = "its price is unknown here for one of the regions"
	}
	each := ""
	if c.Unending {
		each = " a round"
	}
	return fmt.Sprintf("Estimate%s: %d PUTs, about %d HEADs, %s A → B, %s B → A; about %s requests a second on average, at most %d at any moment; on AWS %s.",
		each, c.PUTs, c.HEADs, wording.Size(c.BytesAtoB), wording.Size(c.BytesBtoA), wording.Rate(c.PerSecond), c.MaxRate, price)
}

// counted words what a run asked for and what it cost, counted as it went.
func counted(u cost.Usage) string {
	kinds := make([]string, 0, len(u.Requests))
	for _, operation := range slices.Sorted(maps.Keys(u.Requests)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", operation, u.Requests[operation]))
	}
	price := fmt.Sprintf("%.2g USD at AWS's list prices of %s", u.Dollars, u.PricesAsOf)
	if !u.Priced {
		price = "its price is unknown here for one of the regions"
	}
	rate := ""
	if mean := u.PerSecond(); mean > 0 {
		rate = fmt.Sprintf(", %s a second on average", wording.Rate(mean))
	}
	return fmt.Sprintf("Counted: %d requests%s (%s), uploaded %s on A and %s on B; on AWS %s.",
		u.Total(), rate, strings.Join(kinds, ", "), wording.Size(u.BytesAtoB), wording.Size(u.BytesBtoA), price)
}
