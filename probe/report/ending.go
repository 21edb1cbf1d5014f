package report

import (
	"slices"

	"bothways/probe"
	"bothways/probe/stats"
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
		if h.Planned() == 0 {
			return run.Usage != nil // it had no end of its own
		}
		planned += h.Planned()
	}
	return len(run.Samples) >= planned
}

// Looks is how often its results may have been looked at before the run ended:
// once only if it ended where it was planned to.
func (run *Run) Looks() stats.Looks {
	if len(run.Headers) == 1 && run.Headers[0].Planned() > 0 && run.Complete() {
		return stats.Once
	}
	return stats.Anytime
}
