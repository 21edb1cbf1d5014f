package report

import (
	"slices"

	"bothways/probe"
)

// Ending is what says of a run how it ended.
type Ending struct {
	Headers []probe.RunEvent
	Samples int
	// Cut: probes began and have no result, or were interrupted, or the
	// journal's last line is torn.
	Cut bool
	// Used: the run's usage was told, which comes after its last probe.
	Used bool
}

// Complete says whether the run measured all that was asked for: it was not
// stopped before its end, and neither was this program.
func (e Ending) Complete() bool {
	if len(e.Headers) == 0 || e.Cut {
		return false
	}
	planned := 0
	for _, h := range e.Headers {
		if h.Rounds == 0 {
			return e.Used // it had no end of its own, or one in time
		}
		planned += 2 * len(h.Sizes) * h.Rounds
	}
	return e.Samples >= planned
}

// Complete says whether the run measured all that was asked for.
func (run *Run) Complete() bool {
	interrupted := slices.ContainsFunc(run.Samples, func(s probe.Sample) bool { return s.Outcome == probe.Interrupted })
	return Ending{
		Headers: run.Headers, Samples: len(run.Samples),
		Cut: run.Torn || interrupted || len(run.Unfinished) > 0, Used: run.Usage != nil,
	}.Complete()
}
