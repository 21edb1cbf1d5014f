package report

import (
	"bothways/probe"
	"bothways/probe/stats"
)

// Completions summarises the second end point: the time until the origin of
// each object read COMPLETED. Its counts are those of the samples that were
// followed to it.
func (run *Run) Completions() *stats.Collector {
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
