package plan

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// SetUp proposes what is missing between what the survey found and a pair
// that replicates both ways. The two sides and the two roles don't depend on
// each other, so nothing here is a cycle: each rule needs both buckets and its
// own role, each canary its rule.
func SetUp(s *survey.Survey) Plan {
	wanted := wanted.Compose(s)
	plan := Plan{Pair: s.World.Pair, Accounts: s.Accounts(), Purpose: pair.SetUp, Findings: findings(s), Wanted: wanted}
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
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, canaryStep(s, d, wanted, plan))
	}
	return plan
}
