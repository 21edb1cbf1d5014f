package report

import (
	"slices"

	"bothways/probe"
)

// Complete says whether the run measured all that was asked for: it was not
// stopped before its end, and neither was this program.
func (run *Run) Complete() bool {
	if len(run.Headers) == 0 || run.Torn || len(run.Unfinished) > 0 {
		return false
	}
	if slices.ContainsFunc(run.Samples, func(s probe.Sample) bool { return s.Outcome == probe.Interrupted }) {
		return false
	}
	planned := 0
	for _, h := range run.Headers {
		if h.Rounds == 0 {
			return run.Usage != nil // it had no end of its own, or one in time
		}
		planned += 2 * len(h.Sizes) * h.Rounds
	}
	return len(run.Samples) >= planned
}
