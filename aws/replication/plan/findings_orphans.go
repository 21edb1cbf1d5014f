package plan

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// orphanFindings says where a policy of ours may be that was not searched for.
func orphanFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	unsearched := s.Directions[d].Unsearched
	if unsearched == "" {
		return nil
	}
	severity := survey.Note
	if s.World.Consent.To(pair.Merge) || s.Directions[d].Others != nil {
		severity = survey.Warning
	}
	return []survey.Finding{finding(severity, d.From(), "whether a role of others still carries our policy "+s.World.Pair.GuestPolicyName(d)+" is not known ("+unsearched+")",
		"It is there only if this pair was ever set up with --merge beside rules of others. Then take it off: "+
			s.World.Clients(d.From()).CLI("iam", "delete-role-policy", "--role-name", "ROLE", "--policy-name", s.World.Pair.GuestPolicyName(d)))}
}
