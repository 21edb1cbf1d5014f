package plan

import (
	"context"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Look reads everything that the plans are made from: what is there, what IAM
// says of the rights of these credentials, and whether the roles that were
// given will do. It changes nothing. Its error means that nothing useful could
// be read; what merely lies in the way becomes findings.
func Look(ctx context.Context, w survey.World) (*survey.Survey, error) {
	s, err := survey.Read(ctx, w)
	if err != nil {
		return nil, err
	}
	if err := s.LookAtRights(ctx, wanted.Rights(*wanted.Compose(s))); err != nil {
		return nil, err
	}
	return s, lookAtGivenRoles(ctx, s)
}

// lookAtGivenRoles finds out whether the roles that the options name will do.
func lookAtGivenRoles(ctx context.Context, s *survey.Survey) error {
	for _, d := range pair.Directions() {
		arn := s.World.Pair.Given.Role(d)
		if arn == "" || s.Sides[d.From()].RegionOff {
			continue
		}
		p := wantedCheckup(s, d)
		given := *p.Configuration
		given.Role = &arn
		p.Configuration = &given
		if err := p.ReadRole(ctx); err != nil {
			return err
		}
		if err := p.Rights(ctx); err != nil {
			return err
		}
		direction := s.Directions[d]
		for _, t := range p.Troubles { // whether it is there and trusts S3 is said by its own survey
			if t.Cause != doctor.CauseRole && t.Severity != survey.Note && (t.Cause != doctor.CauseTrust || t.Certainty == doctor.Conceivable) {
				direction.Lacks = append(direction.Lacks, finding(survey.Warning, t.Side, t.Title, t.Meaning+" "+t.Todo))
			}
		}
		s.Directions[d] = direction
	}
	return nil
}
