package report

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Pool puts several runs of one pair together as if they were one, in the order
// in which they began; between them only the wall clock tells the time. Runs of
// other sides, or of a sandbox and of AWS, are an error, and so is one that
// counts twice.
func Pool(runs []Compared) (Compared, error) {
	if len(runs) == 1 {
		return runs[0], nil
	}
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b Compared) int { return a.started().Compare(b.started()) })
	pooled := Compared{Origin: runs[0].Origin, Run: &Run{}}
	if twice := Twice(runs); twice != "" {
		return pooled, errors.New(twice)
	}
	for _, run := range runs {
		if run.Simulated != pooled.Simulated {
			return pooled, errors.New("one of the runs is of a sandbox and another is not: they can't be taken together")
		}
		if err := pooled.pool(run.Run); err != nil {
			return pooled, err
		}
		if run.Version != pooled.Version && !strings.Contains(pooled.Version, run.Version) {
			pooled.Version += ", " + run.Version
		}
		for _, note := range run.Notes {
			if !slices.Contains(pooled.Notes, note) {
				pooled.Notes = append(slices.Clone(pooled.Notes), note)
			}
		}
		pooled.Pooled = append(pooled.Pooled, run.part())
	}
	pooled.agreeOnTarget(runs)
	for _, run := range runs {
		pooled.sizesApart = pooled.sizesApart || !slices.Equal(run.Statistics().Sizes(), runs[0].Statistics().Sizes())
	}
	return pooled, nil
}

// agreeOnTarget keeps a target that all the runs have, and says that they differ
// where they do: their times are not held against that of one of them.
func (run *Run) agreeOnTarget(runs []Compared) {
	run.Target = runs[0].Target
	differs := func(of Compared) bool { return of.Target != runs[0].Target }
	if slices.ContainsFunc(runs, differs) {
		texts := make([]string, len(runs))
		for i, of := range runs {
			texts[i] = "none"
			if of.Target > 0 {
				texts[i] = wording.Duration(of.Target)
			}
		}
		run.Target = 0
		run.Notices = append(run.Notices, probe.NoticeEvent{Level: probe.Info, Text: "the runs don't have the same target (" + strings.Join(texts, ", ") + "), so the times are held against none; --target sets one"})
	}
}

// Part is what is kept of a run that was pooled with others.
type Part struct {
	RunID   string
	Medians [2]stats.Quantile // of the directions
}

// pooledRun is a Part in JSON.
type pooledRun struct {
	RunID      string   `json:"run_id"`
	MedianAtoB *float64 `json:"a_to_b_median_ms"` // null where it is not known
	MedianBtoA *float64 `json:"b_to_a_median_ms"`
}

func (p Part) json() pooledRun {
	j := pooledRun{RunID: p.RunID}
	j.MedianAtoB, _, _ = p.Medians[pair.AtoB].Members()
	j.MedianBtoA, _, _ = p.Medians[pair.BtoA].Members()
	return j
}

func (run *Run) part() Part {
	c := run.Statistics()
	return Part{RunID: run.id(), Medians: [2]stats.Quantile{c.Direction(pair.AtoB).Median, c.Direction(pair.BtoA).Median}}
}

// id is the run's, "" where it is not known.
func (run *Run) id() string {
	if len(run.Headers) == 0 {
		return ""
	}
	return run.Headers[0].RunID
}

// pool adds a whole run, whose times count from its own start.
func (run *Run) pool(other *Run) error {
	later := 0.0
	for i, h := range other.Headers {
		if err := run.Add(h); err != nil {
			return fmt.Errorf("only runs of one pair can be taken together: %w", err)
		}
		if i == 0 {
			later = run.later
		}
	}
	run.later = later
	for e := range other.placed() {
		if err := run.Add(e); err != nil { // one says enough: a copy of a run repeats all events
			return fmt.Errorf("take the run %s together with the others: %w", other.id(), err)
		}
	}
	for _, n := range other.Notices {
		if !slices.Contains(run.Notices, n) {
			run.Notices = append(run.Notices, n)
		}
	}
	run.RTTs = append(run.RTTs, other.RTTs...)
	run.Left = append(run.Left, other.Left...)
	run.Bias = cmp.Or(other.Bias, run.Bias)
	run.Usage = nil // of one of them it would be too little
	run.Torn = run.Torn || other.Torn
	run.Damaged = append(run.Damaged, other.Damaged...)
	return nil
}

// placed yields what has a key, or a time since the run's start.
func (run *Run) placed() iter.Seq[pair.Event] {
	return func(yield func(pair.Event) bool) {
		_ = eachEvent(run.Samples, yield) && eachEvent(run.Unfinished, yield) && eachEvent(run.Loops, yield) &&
			eachEvent(run.Stalls, yield) && eachEvent(run.Sleeps, yield)
	}
}

// eachEvent yields events until yield wants no more.
func eachEvent[E pair.Event](events []E, yield func(pair.Event) bool) (more bool) {
	for _, e := range events {
		if !yield(e) {
			return false
		}
	}
	return true
}

// pooledText says of runs that were put together how their medians differ.
func pooledText(run *Run) string {
	if len(run.Pooled) == 0 {
		return ""
	}
	text := wording.Count(len(run.Pooled), "run") + " of one pair taken together. What runs differ by themselves is not in the intervals, which take the samples for those of one run. Their medians:"
	for i, d := range pair.Directions() {
		if i > 0 {
			text += ";"
		}
		text += " " + d.Arrow()
		for k, p := range run.Pooled {
			if k > 0 {
				text += ","
			}
			text += " " + p.Medians[d].Words().Text(wording.Duration)
		}
	}
	return text
}
