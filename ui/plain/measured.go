package plain

import (
	"fmt"
	"strings"

	"bothways/probe"
	"bothways/probe/watch"
	"bothways/probe/wording"
)

func sampleLine(s probe.Sample) string {
	head := fmt.Sprintf("%s  %-8s ", s.Direction.Arrow(), wording.Size(s.SizeBytes))
	switch {
	case s.Outcome == probe.Replicated && s.LeftCensored:
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
