package report

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
)

// lateText says how many probes started late, and what the times of their
// directions are from the planned instants on; "" where none was late.
func lateText(run *Run) string {
	if !slices.ContainsFunc(run.Samples, func(s probe.Sample) bool { return s.Late }) {
		return ""
	}
	c := run.Statistics()
	var texts []string
	late := 0
	for _, d := range pair.Directions() {
		s := c.Direction(d)
		late += s.Late
		if s.FromPlan != nil {
			texts = append(texts, fmt.Sprintf("%s median %s, p95 %s (from the upload's end: median %s, p95 %s)", d.Arrow(),
				withInterval(s.FromPlan.Median), withUnit(s.FromPlan.P95), withInterval(s.Median), withUnit(s.P95)))
		}
	}
	return fmt.Sprintf("%s of %d began more than %s s after the planned instant. From there on, with the upload: %s",
		plural(late, "probe"), len(run.Samples), number(probe.LateAfter.Seconds()), strings.Join(texts, "; "))
}

// withUnit is a quantile in words.
func withUnit(q stats.Quantile) string {
	text := quantileText(q)
	if q.State != stats.NotEnough {
		text += " s"
	}
	return text
}

// withInterval is withUnit and the interval, where there is one.
func withInterval(q stats.Quantile) string {
	text := withUnit(q)
	if q.State == stats.Known || q.State == stats.AtMost {
		text += " (" + intervalText(q) + ")"
	}
	return text
}
