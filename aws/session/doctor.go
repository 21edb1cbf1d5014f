package session

import (
	"cmp"
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// Examine finds out whether a pair replicates, and why not. An examination
// that writes canaries keeps a journal; one that only reads has done nothing
// that a record is needed of.
func (s *Session) Examine(ctx context.Context, access account.Access, p pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return doctor.Diagnosis{}, err
	}
	for _, o := range s.glance(ctx, access, world) {
		severity := survey.Warning
		if o.Pauses {
			severity = survey.Blocker
		}
		todo := "bothways drill undo takes it back."
		if o.Running {
			todo = "Wait until it has ended, or end it where it runs: it takes everything back itself."
		}
		options.Also = append(options.Also, doctor.Trouble{
			Severity: severity, Cause: doctor.CauseDrill, Certainty: doctor.Certain, Title: o.Words(), Meaning: cmp.Or(o.There(), "Its canaries may still be in the buckets."), Todo: todo,
		})
	}
	if options.Canaries {
		record := s.record("doctor", access, world, emit)
		defer record.close()
		emit = record.emit
	} else {
		emit = s.followed(emit)
	}
	return doctor.Examine(ctx, world, options, emit)
}
