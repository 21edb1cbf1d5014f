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
				withInterval(s.FromPlan.Median), withInterval(s.FromPlan.P95), withInterval(s.Median), withInterval(s.P95)))
		}
	}
	return fmt.Sprintf("%s of %d began more than %s s after the planned instant. From there on, with the upload: %s",
		plural(late, "probe"), len(run.Samples), number(probe.LateAfter.Seconds()), strings.Join(texts, "; "))
}

// withInterval is a quantile with its interval in words.
func withInterval(q stats.Quantile) string {
	if q.State == stats.NotEnough {
		return quantileText(q)
	}
	return quantileText(q) + " s (95 %: " + intervalText(q) + ")"
}
