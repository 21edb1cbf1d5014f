package session

import (
	"context"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
)

// Examine finds out whether a pair replicates, and why not. An examination
// that writes canaries keeps a journal; one that only reads has done nothing
// that a record is needed of.
func (s *Session) Examine(ctx context.Context, access account.Access, p pair.Pair, options doctor.ExamineOptions, emit pair.Emit) (doctor.Diagnosis, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return doctor.Diagnosis{}, err
	}
	if options.Canaries {
		record := s.record("doctor", access, world, emit)
		defer record.close()
		emit = record.emit
	}
	return doctor.Examine(ctx, world, options, emit)
}
