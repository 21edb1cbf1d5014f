package report

import (
	"iter"
	"slices"
	"time"

	"bothways/probe"
	"bothways/probe/stats"
)

// Statistics summarises the run's samples.
func (run *Run) Statistics() *stats.Collector {
	if run.far != nil {
		return run.far.statistics
	}
	return run.statisticsOf(func(probe.Sample) bool { return true })
}

// statisticsOf summarises some of the samples.
func (run *Run) statisticsOf(these func(probe.Sample) bool) *stats.Collector {
	c := stats.NewCollector()
	if run.sizesApart {
		c.SizesApart()
	}
	for s := range run.EachSample() {
		if these(s) {
			c.Add(s)
		}
	}
	return c
}

// N counts the samples.
func (run *Run) N() int {
	if run.far != nil {
		return run.far.total.samples
	}
	return len(run.Samples)
}

// EachSample yields all samples in their order, wherever they are kept.
func (run *Run) EachSample() iter.Seq[probe.Sample] {
	if run.far == nil {
		return slices.Values(run.Samples)
	}
	return run.far.allSamples()
}

// EachLoop yields all loop checks in their order.
func (run *Run) EachLoop() iter.Seq[probe.LoopEvent] {
	if run.far == nil {
		return slices.Values(run.Loops)
	}
	return run.far.checks()
}

// eachChecked yields all samples with their loop checks, which are empty where
// there was none.
func (run *Run) eachChecked() iter.Seq2[probe.Sample, probe.LoopEvent] {
	if run.far != nil {
		return func(yield func(probe.Sample, probe.LoopEvent) bool) {
			run.far.all()(func(one checked) bool {
				if one.Loop == nil {
					return yield(one.Sample, probe.LoopEvent{})
				}
				return yield(one.Sample, *one.Loop)
			})
		}
	}
	return func(yield func(probe.Sample, probe.LoopEvent) bool) {
		loops := map[string]probe.LoopEvent{}
		for _, l := range run.Loops {
			loops[l.Key] = l
		}
		for _, s := range run.Samples {
			if !yield(s, loops[s.Key]) {
				return
			}
		}
	}
}

// Began is the run's beginning by the wall clock. Samples come in the order of
// their ends; one that is placed by that clock is never before the start.
func (run *Run) Began() time.Time {
	if run.far != nil {
		return run.far.total.began
	}
	began := run.started()
	for i := range run.Samples {
		began = beganBy(began, run.Samples[i])
	}
	return began
}

// Completions summarises the second end point: the time until the origin of
// each object read COMPLETED. Its counts are those of the samples that were
// followed to it.
func (run *Run) Completions() *stats.Collector {
	if run.far != nil {
		return run.far.completions
	}
	c := stats.NewCollector()
	for _, s := range run.Samples {
		if s.Completed != nil {
			c.Add(CompletedSample(probe.CompletedEvent{Key: s.Key, Direction: s.Direction, SizeBytes: s.SizeBytes, Completion: *s.Completed}))
		}
	}
	return c
}

// CompletedSample is a probe's second end point as package stats takes it.
func CompletedSample(e probe.CompletedEvent) probe.Sample {
	return probe.Sample{
		Direction: e.Direction, SizeBytes: e.SizeBytes, Key: e.Key, DurationMS: e.DurationMS, BracketMS: e.BracketMS,
		LeftCensored: e.LeftCensored, HEADs: e.HEADs, Unknowns: e.Unknowns, Outcome: e.Outcome,
	}
}
