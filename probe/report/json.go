package report

import (
	"encoding/json"
	"io"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
)

// document is the JSON report: what the journal holds, and what follows from
// its samples.
type document struct {
	Origin     Origin               `json:"origin"`
	Runs       []probe.RunEvent     `json:"runs"`
	RTTs       []probe.RTTEvent     `json:"rtt"`
	Samples    []probe.Sample       `json:"samples"`
	Loops      []probe.LoopEvent    `json:"loop_checks"`
	Unfinished []probe.StartedEvent `json:"unfinished"`
	Bias       *probe.BiasEvent     `json:"bias"`
	Stalls     []probe.StallEvent   `json:"stalls"`
	Sleeps     []probe.SleptEvent   `json:"sleeps"`
	Notices    []probe.NoticeEvent  `json:"notices"`
	Left       []probe.LeftObject   `json:"left"`
	Usage      *cost.Usage          `json:"usage"`
	TornLine   bool                 `json:"torn_last_line"`
	Damaged    []int                `json:"damaged_lines,omitempty"` // their numbers in the journal
	Summaries  []stats.SummaryEvent `json:"summaries"`
	Verdicts   []stats.VerdictEvent `json:"verdicts"`
	// Pooled are the runs that were taken together, where it was more than one.
	Pooled []pooledRun `json:"pooled,omitempty"`
	// Targets say how many arrived within the run's target, where it has one.
	Targets []stats.WithinEvent `json:"targets,omitempty"`
	// Stretches are the parts of the run in which a direction's times kept their
	// level: one where no change is shown.
	Stretches []stats.StretchEvent `json:"stretches"`
	// Completions summarise the second end point, COMPLETED at the origin.
	Completions []stats.SummaryEvent `json:"completions"`
}

func writeJSON(w io.Writer, run *Run, options Options) error {
	text, err := json.MarshalIndent(documentOf(run, options.Origin), "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(pair.EscapeJSON(text), '\n'))
	return err
}

func documentOf(run *Run, origin Origin) document {
	origin.Notes = list(origin.Notes)
	c := run.Statistics()
	d := document{
		Origin: origin,
		Runs:   list(run.Headers), RTTs: list(run.RTTs), Samples: list(run.Samples), Loops: list(run.Loops),
		Bias: run.Bias, Stalls: list(run.Stalls), Sleeps: list(run.Sleeps), Notices: list(run.Notices), Left: list(run.Left), Usage: run.Usage,
		Unfinished: list(run.Unfinished), TornLine: run.Torn, Damaged: run.Damaged,
		Summaries: c.SummaryEvents(), Verdicts: c.VerdictEvents(run.Looks()),
	}
	if run.Target > 0 {
		d.Targets = run.targeted().WithinEvents(run.Target)
	}
	for _, p := range run.Pooled {
		d.Pooled = append(d.Pooled, p.json())
	}
	d.Stretches = []stats.StretchEvent{}
	for _, direction := range pair.Directions() {
		for _, s := range run.Stretches(direction) {
			d.Stretches = append(d.Stretches, s.Event())
		}
	}
	completions := run.Completions()
	for _, direction := range pair.Directions() {
		d.Completions = append(d.Completions, completions.Direction(direction).Event())
	}
	return d
}

// list makes an absent list an empty one, so that readers never meet null.
func list[E any](events []E) []E {
	if events == nil {
		return []E{}
	}
	return events
}
