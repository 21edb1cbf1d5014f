// Package permitted says what the credentials of a side may not do that a drill
// has to.
package permitted

import (
	"slices"
	"strings"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Missing says which rights for drills a side's credentials lack, as IAM simulates
// them. A drill must be able to take everything back, so what is likely missing
// keeps it from beginning.
func Missing(s *survey.Survey, side pair.SideName) []record.Finding {
	found := s.Sides[side]
	if found.Rights.Unread != "" {
		return []record.Finding{{
			Level: record.Warns, Side: side, Title: "whether " + found.Identity.Name() + " has all rights is not known (" + found.Rights.Unread + ")",
			Text: "IAM was asked to simulate them and did not. What lacks a right fails, and what was begun is taken back as far as rights allow.",
			Todo: "allow iam:SimulatePrincipalPolicy, or look at what bothways export --format policy and --format drill-policy write",
		}}
	}
	var all []record.Finding
	var by []string
	actions := map[string][]string{}
	unsure := map[string]bool{}
	for _, m := range s.Lacks(side) {
		if m.Optional || m.Again || m.For != "" && m.For != pair.Drill {
			continue
		}
		why := m.By
		if len(m.Unknown) > 0 {
			why += ", and it hangs on " + strings.Join(m.Unknown, ", ") + ", which is not known here"
			unsure[why] = true
		}
		if actions[why] == nil {
			by = append(by, why)
		}
		if !slices.Contains(actions[why], m.Action) {
			actions[why] = append(actions[why], m.Action)
		}
	}
	for _, why := range by {
		level, verb := record.Blocks, "likely lacks"
		if unsure[why] {
			level, verb = record.Warns, "may lack"
		}
		all = append(all, record.Finding{
			Level: level, Side: side, Title: found.Identity.Name() + " " + verb + " " + strings.Join(actions[why], ", "),
			Text: "IAM's simulation says so (" + why + "); it does not see all policies.", Todo: "bothways export --format policy and --format drill-policy write policies with all that is needed",
		})
	}
	return all
}
