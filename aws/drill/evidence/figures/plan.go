package figures

import (
	"fmt"

	"bothways/aws/drill/record"
	"bothways/probe/wording"
)

// testType says what a kind is as a test.
func testType(k record.Kind) string {
	switch k {
	case record.Readiness:
		return "readiness check: everything is read and nothing changed"
	case record.Cut:
		return "simulation: one side is taken to be lost from where the drill runs; production traffic is not moved"
	case record.Pause:
		return "live fault: replication is paused in both directions; production traffic is not moved"
	case record.Alarm:
		return "alarm test: one object of the drill's own is made to fail"
	}
	return ""
}

func scenario(s record.Scope) string {
	switch s.Kind {
	case record.Readiness:
		return "no fault: would a drill, and a fail-over, work?"
	case record.Cut:
		return fmt.Sprintf("the Region of side %s (%s) can no longer be reached", s.Lost, s.Pair.Side(s.Lost))
	case record.Pause:
		return "replication between the two Regions stands still in both directions"
	case record.Alarm:
		return "an object fails to replicate"
	}
	return ""
}

func thirdParties(k record.Kind) []string {
	all := []string{"Amazon Web Services: S3, IAM, STS"}
	if k == record.Pause {
		all = append(all, "Amazon Web Services: Fault Injection Service")
	}
	if k == record.Alarm || k == record.Pause {
		all = append(all, "Amazon Web Services: CloudWatch")
	}
	return all
}

// plan is what was to happen, from what the drill was asked for.
func (f *facts) plan() Plan {
	s := f.scope
	p := Plan{
		Objectives: []string{}, Hypotheses: []string{}, Assumptions: []string{}, Preconditions: []string{}, Expected: []string{}, StopRules: []string{}, Shown: []string{},
		RPOTargetMS: target(s.Targets.RPO), RTOTargetMS: target(s.Targets.RTO),
	}
	if f.Agreed != nil {
		p.Shown = append(p.Shown, f.Agreed.Shown...)
	}
	if s.Objectives != "" {
		p.Objectives = append(p.Objectives, s.Objectives)
	}
	switch s.Kind {
	case record.Readiness:
		p.Objectives = append(p.Objectives, "find out whether rights, settings and replication are as a drill and a fail-over need them")
		p.Expected = append(p.Expected, "no finding that blocks")
		return p
	case record.Alarm:
		p.Objectives = append(p.Objectives, "measure how long it takes until an alarm rings for an object that fails to replicate")
		p.Assumptions = append(p.Assumptions, "CloudWatch publishes replication metrics best effort, by the minute", "a policy of the drill's own on the role stands for whatever else makes objects fail")
		p.Expected = append(p.Expected, "every alarm rings", "the failing objects and what made them fail are gone afterwards, and the roles may do what they might before")
	case record.Cut:
		p.Objectives = append(p.Objectives, "measure what of the lost side's writes the survivor lacks (RPO)", "measure how long it takes until a write is read back on the survivor (RTO)")
		p.Assumptions = append(p.Assumptions, "the way from this computer to the lost side is what is cut; S3 goes on replicating meanwhile, so that the loss of a Region may lose more")
	case record.Pause:
		p.Objectives = append(p.Objectives, "see how the loss grows while replication stands still, and how it drains", "see which version each side serves of keys that both changed", "measure how long it takes until a write is read back on the survivor (RTO)")
		p.Assumptions = append(p.Assumptions,
			"AWS FIS pauses from the source's Region, each direction by an experiment of its own; objects that were there before may replicate for up to an hour more (FIS User Guide)",
			"isolation is what canaries show, never what the API says")
	}
	if s.Kind == record.Cut || s.Kind == record.Pause {
		steadyState := fmt.Sprintf("steady state: at least %d canaries of each direction arrive, before and after", s.Least)
		if s.Targets.RPO > 0 {
			steadyState += ", and 95 of 100 within " + wording.Duration(s.Targets.RPO)
		}
		p.Hypotheses = append(p.Hypotheses, steadyState, "afterwards no direction takes more than 1.25 times as long as before, for certain")
		p.Preconditions = append(p.Preconditions, "an audit of the scope finds both sides the same, or it was asked for anyway", "no other drill of the pair is open")
		p.Expected = append(p.Expected, "both sides come to hold the same again, in two audits 30 s apart", "both replication configurations are what they were", "nothing that the drill made is left")
		p.Assumptions = append(p.Assumptions, "canaries of 1 KiB stand for the data: larger objects take longer, and a writer that writes more often may lose up to one canary's interval more")
	}
	if s.Targets.RTO > 0 {
		p.Hypotheses = append(p.Hypotheses, "a write is read back on the survivor within "+wording.Duration(s.Targets.RTO))
	}
	p.Preconditions = append(p.Preconditions, "the pair's name was typed, and the account named")
	p.StopRules = append(p.StopRules, fmt.Sprintf("the time box of %s", wording.Duration(s.Box)), "a signal or a key press", "an error that the drill can't go on with", "somebody else changes a replication configuration")
	return p
}
