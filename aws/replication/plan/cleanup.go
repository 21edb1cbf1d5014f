package plan

import (
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// CleanUp proposes the removal of the canaries, probe objects and unfinished
// uploads that earlier runs of this pair left behind, and of nothing else: the
// pair goes on replicating. Deleting a version by its ID is not replicated (S3
// User Guide, "What Amazon S3 replicates"), so the rules may stand.
func CleanUp(s *survey.Survey) Plan {
	plan := Plan{Pair: asStands(s), Accounts: s.Accounts(), Purpose: pair.CleanUp}
	for _, name := range pair.Sides() {
		if s.Sides[name].RegionOff {
			plan.Findings = append(plan.Findings, regionFindings(s, name)...)
		}
		plan.Findings = append(plan.Findings, outOfReach(s, name)...)
	}
	flight := &step.Flight{}
	for _, name := range pair.Sides() {
		plan.Findings = append(plan.Findings, undeletableFindings(s, name)...)
		if s.Reachable(name) {
			plan.Steps = append(plan.Steps, removeObjectsStep(s, name, nil, flight))
		}
	}
	plan.Steps = append(plan.Steps, lateObjectsStep(s, plan.Steps, flight)...)
	plan.Findings = append(plan.Findings, strayFindings(s)...)
	if len(plan.Blocked()) > 0 {
		plan.Steps = nil
	}
	return plan
}

// leftFindings tells of what lies where only bothways writes.
func leftFindings(s *survey.Survey) []survey.Finding {
	var found []survey.Finding
	for _, name := range pair.Sides() {
		if title, meaning, todo := s.Sides[name].LeftWords(s.World.Pair.ObjectPrefix()); title != "" {
			found = append(found, finding(survey.Note, name, title, meaning+" "+todo))
		}
	}
	return found
}
