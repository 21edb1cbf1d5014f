package plain

import (
	"fmt"

	"bothways/probe/stats"
	"bothways/probe/wording"
)

// summaryLine words what was measured of one direction, or of one size in it.
// A number that the samples can't carry is said to be missing, not shown.
func summaryLine(s stats.SummaryEvent) string {
	what := "all sizes"
	if s.SizeBytes != nil {
		what = wording.Size(*s.SizeBytes)
	}
	missing := stats.Missing{}
	if s.Missing != nil {
		missing = *s.Missing
	}
	tail := quantile(s.P95MS, s.P95OverMS, s.P95AtMostMS, s.P95IntervalMS, missing.P95)
	if s.P99MS != nil || s.P99OverMS != nil || s.P99AtMostMS != nil {
		tail += "  p99 " + quantile(s.P99MS, s.P99OverMS, s.P99AtMostMS, s.P99IntervalMS, missing.P99)
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
		late += fmt.Sprintf(", from the planned instants: median %s  p95 %s",
			quantile(p.MedianMS, p.MedianOverMS, p.MedianAtMostMS, p.MedianIntervalMS, missing.Median),
			quantile(p.P95MS, p.P95OverMS, p.P95AtMostMS, p.P95IntervalMS, missing.P95))
	}
	return fmt.Sprintf("%s  %-9s n %-4d median %s  p90 %s  p95 %s  max %s  gave up %d  failed %d%s  %.1f HEADs a sample%s",
		s.Direction.Arrow(), what, s.N,
		quantile(s.MedianMS, s.MedianOverMS, s.MedianAtMostMS, s.MedianIntervalMS, missing.Median),
		quantile(s.P90MS, s.P90OverMS, s.P90AtMostMS, s.P90IntervalMS, missing.P90), tail, stats.Quoted(s.MaxMS, s.MaxOverMS, s.MaxAtMostMS, nil, 0).Longest(wording.Duration),
		s.GaveUp, s.Failed, cut, s.HEADsPerSample, late)
}

// quantile words a quantile with its interval, or how many more samples it
// takes.
func quantile(value, over, atMost *float64, interval *stats.IntervalMS, missing int) string {
	return stats.Quoted(value, over, atMost, interval, missing).WithInterval("95 %: ", wording.Duration)
}
