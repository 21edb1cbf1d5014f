package step

import (
	"context"
	"fmt"
	"slices"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// LookAtRights asks IAM which of the rights that pick chooses the credentials
// of each side have. Where uploads are refused as they would be sent, it looks
// for headers with which they are not: policies of the credentials, and of the
// organisation, ask for such as that of a bucket does, and only IAM sees them.
func LookAtRights(ctx context.Context, s *survey.Survey, pick func(survey.Right) bool) error {
	rights := func() []survey.Right {
		return slices.DeleteFunc(wanted.Rights(*wanted.Compose(s)), func(r survey.Right) bool { return !pick(r) })
	}
	if err := s.LookAtRights(ctx, rights()); err != nil {
		return err
	}
	changed := false
	for _, name := range pair.Sides() {
		found, err := lookForHeaders(ctx, s, name)
		if err != nil {
			return err
		}
		changed = changed || found
	}
	if !changed {
		return nil
	}
	return s.LookAtRights(ctx, rights())
}

// lookForHeaders says whether it found headers with which uploads to a side
// are allowed, where they are not without.
func lookForHeaders(ctx context.Context, s *survey.Survey, name pair.SideName) (bool, error) {
	side := s.Sides[name]
	i := slices.IndexFunc(s.Lacks(name), func(m survey.MissingRight) bool { return m.Action == "s3:PutObject" })
	if i < 0 {
		return false, nil
	}
	missing := s.Lacks(name)[i]
	candidates := wanted.HeadersToTry(s, name)
	questions := make([]policy.Request, len(candidates))
	for i, headers := range candidates {
		questions[i] = s.Caller(name).Request(missing.Action, survey.Example(missing.Resource), s.World.Pair.Side(name).Region)
		for key, values := range headers.Known() {
			questions[i].Context[key] = values
		}
	}
	rulings, err := survey.Simulate(ctx, s.World.Clients(name).IAM, side.Rights.Principal, questions)
	if ctx.Err() != nil {
		return false, fmt.Errorf("look for what uploads have to carry on side %s: %w", name, ctx.Err())
	}
	if err != nil {
		return false, nil //nolint:nilerr // the simulation is a help
	}
	i = slices.IndexFunc(rulings, func(r survey.Ruling) bool { return r.Allowed })
	if i < 0 {
		return false, nil
	}
	side.Carries = candidates[i]
	s.Sides[name] = side
	return true, nil
}
