package report

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// lateText says how many probes started late, and what the times of their
// directions are from the planned instants on; "" where none was late.
func lateText(run *Run) string {
	if !slices.ContainsFunc(run.Samples, func(s probe.Sample) bool { return s.Late }) {
		return ""
	}
	c := run.Statistics()
	words := func(q stats.Quantile) string { return q.Words().WithInterval("95 %: ", wording.Duration) }
	var texts []string
	late := 0
	for _, d := range pair.Directions() {
		s := c.Direction(d)
		late += s.Late
		if s.FromPlan != nil {
			texts = append(texts, fmt.Sprintf("%s median %s, p95 %s (from the upload's end: median %s, p95 %s)", d.Arrow(),
				words(s.FromPlan.Median), words(s.FromPlan.P95), words(s.Median), words(s.P95)))
		}
	}
	return fmt.Sprintf("%s of %d began more than %s after the planned instant. From there on, with the upload: %s",
		wording.Count(late, "probe"), len(run.Samples), wording.Duration(probe.LateAfter), strings.Join(texts, "; "))
}
