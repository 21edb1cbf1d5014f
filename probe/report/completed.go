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
		if s.Completed == nil {
			continue
		}
		c.Add(probe.Sample{
			Direction: s.Direction, SizeBytes: s.SizeBytes, Round: s.Round, PostedAt: s.PostedAt,
			DurationMS: s.Completed.DurationMS, BracketMS: s.Completed.BracketMS, LeftCensored: s.Completed.LeftCensored,
			HEADs: s.Completed.HEADs, Unknowns: s.Completed.Unknowns, Outcome: s.Completed.Outcome,
		})
	}
	return c
}
