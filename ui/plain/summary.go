package plain

import (
	"fmt"

	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/ui/chart"
)

// summaryLine words what was measured of one direction, or of one size in it.
// A number that the samples can't carry is said to be missing, not shown.
func summaryLine(s stats.SummaryEvent) string {
	what := "all sizes"
	if s.SizeBytes != nil {
		what = chart.Size(*s.SizeBytes)
	}
	missing := stats.Missing{}
	if s.Missing != nil {
		missing = *s.Missing
	}
	tail := quantile(s.P95MS, s.P95OverMS, s.P95AtMostMS, missing.P95) + interval(s.P95IntervalMS)
	if s.P99MS != nil || s.P99OverMS != nil || s.P99AtMostMS != nil {
		tail += "  p99 " + quantile(s.P99MS, s.P99OverMS, s.P99AtMostMS, missing.P99) + interval(s.P99IntervalMS)
	}
	cut := ""
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
		late += fmt.Sprintf(", from the planned instants: median %s%s  p95 %s%s",
			quantile(p.MedianMS, p.MedianOverMS, p.MedianAtMostMS, missing.Median), interval(p.MedianIntervalMS),
			quantile(p.P95MS, p.P95OverMS, p.P95AtMostMS, missing.P95), interval(p.P95IntervalMS))
	}
	return fmt.Sprintf("%s  %-9s n %-4d median %s  p90 %s  p95 %s  max %s  gave up %d  failed %d%s  %.1f HEADs a sample%s",
		s.Direction.Arrow(), what, s.N,
		quantile(s.MedianMS, s.MedianOverMS, s.MedianAtMostMS, missing.Median)+interval(s.MedianIntervalMS),
		quantile(s.P90MS, s.P90OverMS, s.P90AtMostMS, missing.P90)+interval(s.P90IntervalMS), tail, maximum(s),
		s.GaveUp, s.Failed, cut, s.HEADsPerSample, late)
}

// quantile words a quantile, or how many more samples it takes.
func quantile(value, over, atMost *float64, missing int) string {
	switch {
	case value != nil:
		return milliseconds(*value)
	case over != nil:
		return "over " + milliseconds(*over)
	case atMost != nil:
		return "at most " + milliseconds(*atMost)
	}
	return report.TooFew(missing)
}

// maximum words the longest time, or that there is none.
func maximum(s stats.SummaryEvent) string {
	if s.MaxMS == nil && s.MaxOverMS == nil && s.MaxAtMostMS == nil {
		return report.NoMaximum
	}
	return quantile(s.MaxMS, s.MaxOverMS, s.MaxAtMostMS, 0)
}

func interval(i *stats.IntervalMS) string {
	if i == nil || i[0] == nil {
		return ""
	}
	if i[1] == nil {
		return fmt.Sprintf(" (95 %%: from %s)", milliseconds(*i[0]))
	}
	if *i[0] == 0 {
		return fmt.Sprintf(" (95 %%: up to %s)", milliseconds(*i[1]))
	}
	return fmt.Sprintf(" (95 %%: %s to %s)", milliseconds(*i[0]), milliseconds(*i[1]))
}
