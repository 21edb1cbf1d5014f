package plan

import (
	"context"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// SetUp proposes what is missing between what the survey found and a pair
// that replicates both ways. The two sides and the two roles don't depend on
// each other, so nothing here is a cycle: each rule needs both buckets and its
// own role, each canary its rule.
func SetUp(s *survey.Survey) Plan {
	wanted := wanted.Compose(s)
	plan := Plan{Pair: asStands(s), Accounts: s.Accounts(), Purpose: pair.SetUp, Wanted: wanted}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, bucketStep(s, name, wanted))
	}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, versioningStep(s, name))
	}
	plan.Steps = append(plan.Steps, settleSteps(s)...)
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, roleStep(s, d, wanted))
	}
	for _, name := range pair.Sides() {
		if step, needed := policyStep(s, name, wanted); needed {
			plan.Steps = append(plan.Steps, step)
		}
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, ruleStep(s, d, wanted))
	}
	proves := map[pair.SideName]bool{} // the sides that a canary is written on
	for _, d := range pair.Directions() {
		canary := canaryStep(s, d, wanted, plan)
		plan.Steps, proves[d.From()] = append(plan.Steps, canary), canary.Change == step.Prove
	}
	for i := range plan.Steps {
		unknown(s, &plan.Steps[i])
	}
	plan.Findings = findings(s, proves)
	return plan
}

// unknown plans nothing where what stands is not known: a bucket that can't be
// seen is no bucket to create, and none without versioning or rules. A finding
// keeps such a plan from running.
func unknown(s *survey.Survey, st *step.Step) {
	about := []pair.SideName{st.Side}
	if st.Direction != nil {
		switch st.Kind {
		case step.KindRule:
			about = []pair.SideName{st.Direction.From()}
		case step.KindCanary:
			about = pair.Sides()
		default: // a role is no bucket's
			return
		}
	}
	for _, name := range about {
		if s.Sides[name].Unseen() {
			st.Change, st.What, st.Undo = step.Nothing, "not known: "+s.NotReached(name), "nothing to undo"
			return
		}
	}
}

// Look reads everything that the plans are made from: what is there, what IAM
// says of the rights of these credentials, and whether the roles that were
// given will do. It changes nothing. Its error means that nothing useful could
// be read; what merely lies in the way becomes findings.
func Look(ctx context.Context, w survey.World) (*survey.Survey, error) {
	s, err := survey.Read(ctx, w)
	if err != nil {
		return nil, err
	}
	if err := step.LookAtRights(ctx, s, func(survey.Right) bool { return true }); err != nil {
		return nil, err
	}
	if s, err = withUploadKeys(ctx, s); err != nil {
		return nil, err
	}
	return s, lookAtGivenRoles(ctx, s)
}

// withUploadKeys reads the keys that uploads have to name, too, as policies ask.
func withUploadKeys(ctx context.Context, s *survey.Survey) (*survey.Survey, error) {
	for _, name := range pair.Sides() {
		upload := wanted.CanaryUpload(s, wanted.Incoming(name.Other())).Headers
		use := wanted.KeyUseOf(s, name, upload, s.World.Pair.CanaryPrefix())
		if use == nil || use.Key == "" {
			continue
		}
		var err error
		if s, err = s.WithKey(ctx, use.Key); err != nil {
			return nil, err
		}
	}
	return s, nil
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
