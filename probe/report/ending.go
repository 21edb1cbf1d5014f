package report

import (
	"fmt"

	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Ending is what says of a run how it ended.
type Ending struct {
	Headers []probe.RunEvent
	Samples int
	// Cut: probes began and have no result, or were interrupted, or the
	// journal's last line is torn, or another one is damaged.
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
		if h.Planned() == 0 {
			return e.Used // it had no end of its own
		}
		planned += h.Planned()
	}
	return e.Samples >= planned
}

// early says in words that the run lacks some of what it was to measure, and
// nothing where that can't be said.
func (e Ending) early() string {
	planned := 0
	for _, h := range e.Headers {
		planned += h.Planned()
	}
	if planned == 0 || e.Complete() {
		return ""
	}
	if e.Samples >= planned {
		return "not every probe came to its own end"
	}
	return fmt.Sprintf("%d of %s have a sample", e.Samples, wording.Count(planned, "planned probe"))
}

// Looks is how often its results may have been looked at before the run ended:
// once only if it ended where it was planned to.
func (e Ending) Looks() stats.Looks {
	if len(e.Headers) == 1 && e.Headers[0].Planned() > 0 && e.Complete() {
		return stats.Once
	}
	return stats.Anytime
}

func (run *Run) ending() Ending {
	t := run.tally()
	return Ending{
		Headers: run.Headers, Samples: t.samples,
		Cut: run.Torn || len(run.Damaged) > 0 || t.interrupted > 0 || len(run.Unfinished) > 0, Used: run.Usage != nil,
	}
}

// Complete says whether the run measured all that was asked for.
func (run *Run) Complete() bool { return run.ending().Complete() }

// Looks is how often its results may have been looked at before the run ended.
func (run *Run) Looks() stats.Looks { return run.ending().Looks() }
