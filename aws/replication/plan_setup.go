package replication

import (
	"bothways/aws/pair"
)

// PlanSetUp proposes what is missing between what the survey found and a pair
// that replicates both ways. The two sides and the two roles don't depend on
// each other, so nothing here is a cycle: each rule needs both buckets and its
// own role, each canary its rule.
func PlanSetUp(s *Survey) Plan {
	wanted := s.wanted()
	plan := Plan{Pair: s.World.Pair, Accounts: s.accounts(), Purpose: SetUp, Findings: s.findings(), Wanted: wanted}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, s.bucketStep(name, wanted))
	}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, s.versioningStep(name))
	}
	plan.Steps = append(plan.Steps, s.settleSteps()...)
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.roleStep(d, wanted))
	}
	for _, name := range pair.Sides() {
		if step, needed := s.policyStep(name, wanted); needed {
			plan.Steps = append(plan.Steps, step)
		}
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.ruleStep(d, wanted))
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.canaryStep(d, wanted, plan))
	}
	return plan
}

// accounts are those of the sides.
func (s *Survey) accounts() map[pair.SideName]string {
	return map[pair.SideName]string{pair.A: s.Sides[pair.A].Identity.Account, pair.B: s.Sides[pair.B].Identity.Account}
}
