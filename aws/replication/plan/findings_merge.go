package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// mergeFindings says what rules of others in direction d's bucket mean for
// ours.
func mergeFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	_, others := s.OwnRules(d)
	if len(others) == 0 {
		return nil
	}
	if ruleHolds(s, d) { // what is said of a write is over, and not what the rules mean
		return append(outrankedFindings(s, d), copiedFindings(s, d)...)
	}
	side, bucket := s.Sides[d.From()], s.World.Pair.From(d).Bucket
	title := english.Plural(len(others), "replication rule", "") + " of others: " + survey.RuleNames(others)
	if len(side.Unknown) > 0 {
		return []survey.Finding{finding(survey.Blocker, d.From(), "the replication configuration has elements that bothways does not know: "+strings.Join(side.Unknown, ", "),
			"S3 only takes whole configurations, so writing ours would lose them. Choose another bucket, or add the rule with the tool that wrote these: "+s.World.Pair.RuleID(d)+".")}
	}
	own, _ := s.OwnRules(d)
	if len(own) == 0 && len(others) >= wanted.MostRules {
		return []survey.Finding{finding(survey.Blocker, d.From(), fmt.Sprintf("bucket %s has %d replication rules", bucket, len(others)),
			fmt.Sprintf("S3 allows %d in one bucket. Remove one, or choose another bucket.", wanted.MostRules))}
	}
	found := schemaFindings(s, d, others)
	meaning := "S3 only takes whole configurations, so ours is written together with them; each of theirs goes back element for element, and is read back to see that it did."
	if wanted.RoleUse(s, d) == wanted.GuestRole {
		_, role := survey.SplitRole(wanted.RoleARN(s, d))
		meaning += " All rules of a bucket share one role: theirs, " + role + ", stays and gets one more inline policy, " + s.World.Pair.GuestPolicyName(d) + "."
	}
	found = append(found, agreeable(s, pair.Merge, survey.Note, d.From(), title, meaning))
	return append(append(found, overlapFindings(s, d)...), copiedFindings(s, d)...)
}

// schemaFindings is about rules of the first schema, which can't stand beside
// ours.
func schemaFindings(s *survey.Survey, d pair.Direction, others []types.ReplicationRule) []survey.Finding {
	configuration := s.Sides[d.From()].Replication
	if !wanted.FirstSchema(configuration) {
		return nil
	}
	if slices.ContainsFunc(others, func(r types.ReplicationRule) bool {
		_, tags := wanted.Reach(r)
		return r.Filter != nil && len(tags) > 0
	}) {
		return []survey.Finding{finding(survey.Blocker, d.From(), "the replication rules mix the first schema with filters by tags",
			"What such a configuration means is not documented, so it can't be rewritten with the same meaning. Write it in one schema, then plan again.")}
	}
	title := english.Plural(len(others), "replication rule", "") + " of the first schema: " + survey.RuleNames(others)
	meaning := "One configuration can't hold both schemas. They would be rewritten in the second, meaning the same: the prefix as a filter, delete markers replicated, a priority each. That is not turned back by an undo."
	return []survey.Finding{agreeable(s, pair.ConvertV1, survey.Warning, d.From(), title, meaning)}
}

// overlapFindings names rules of others that cover objects of ours, by the
// configuration as it will read: a conversion gives them priorities.
func overlapFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	direction := wanted.ComposeDirection(s, d)
	own := direction.Rule
	return append(outrankedFindings(s, d), outrankFindings(s, d, wanted.Outranks(own, direction.Configuration.Rules), aws.ToInt32(own.Priority))...)
}

// outrankedFindings is about rules of others that come before ours: they decide
// for what both cover, whatever ours says.
func outrankedFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	direction := wanted.ComposeDirection(s, d)
	over := wanted.OutrankedBy(direction.Rule, direction.Configuration.Rules)
	if len(over) == 0 {
		return nil
	}
	severity := survey.Note
	names, differ := make([]string, 0, len(over)), make([]string, 0, len(over))
	for _, r := range over {
		names = append(names, r.ID)
		if len(r.Changes) > 0 {
			severity = survey.Warning
			differ = append(differ, "for "+r.Objects+" "+r.ID+" decides, otherwise than ours: "+strings.Join(r.Changes, ", "))
		}
	}
	meaning := fmt.Sprintf("What these rules cover goes on as they say, delete markers, replica edits, storage class and keys included: their priority is above ours (%d). Ours adds what they leave out.",
		aws.ToInt32(direction.Rule.Priority))
	if more := len(differ) - survey.MostNamed; more > 0 {
		differ = append(differ[:survey.MostNamed], fmt.Sprintf("and %d more differ", more))
	}
	if len(differ) > 0 {
		text := strings.Join(differ, "; ")
		meaning += " " + strings.ToUpper(text[:1]) + text[1:] + "."
	}
	return []survey.Finding{finding(severity, d.From(), "to the same bucket already: "+survey.Named(names), meaning)}
}

// outrankFindings is about rules of others that ours comes before. Where it
// says otherwise than they do, that has to be agreed to.
func outrankFindings(s *survey.Survey, d pair.Direction, below []wanted.Outranked, priority int32) []survey.Finding {
	var same, changed, changes []string
	rules := map[string][]string{} // by what becomes of their objects
	for _, r := range below {
		if len(r.Changes) == 0 {
			same = append(same, r.ID)
			continue
		}
		changed = append(changed, r.ID)
		change := r.Objects + ": " + strings.Join(r.Changes, ", ")
		if rules[change] == nil {
			changes = append(changes, change)
		}
		rules[change] = append(rules[change], r.ID)
	}
	for i, change := range changes {
		changes[i] = survey.Named(rules[change]) + ", " + change
	}
	var found []survey.Finding
	if len(same) > 0 {
		found = append(found, finding(survey.Note, d.From(), "ours comes before "+survey.Named(same),
			fmt.Sprintf("No priority is free below theirs, so ours (%d) decides for what both cover. Both say the same of it.", priority)))
	}
	if len(changed) > 0 {
		if more := len(changes) - survey.MostNamed; more > 0 {
			changes = append(changes[:survey.MostNamed], fmt.Sprintf("and %d more such changes", more))
		}
		found = append(found, agreeable(s, pair.Outrank, survey.Warning, d.From(), "ours comes before "+survey.Named(changed)+" and changes what becomes of their objects",
			fmt.Sprintf("No priority is free below theirs, so ours (%d) decides for what both cover. %s. The rules stay as they are, and what only they cover goes on as they say.",
				priority, strings.Join(changes, "; "))))
	}
	return found
}

// othersRoleFindings is about a role of others that direction d takes.
func othersRoleFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	use := wanted.RoleUse(s, d)
	role := s.Directions[d].Others
	if use == wanted.OwnRole || role == nil {
		return nil
	}
	block := func(title, meaning string) []survey.Finding {
		return []survey.Finding{finding(survey.Blocker, d.From(), title, meaning)}
	}
	_, others := s.OwnRules(d)
	configuration := s.Sides[d.From()].Replication
	flag := "--role-" + d.Slug()
	another := "give another with " + flag
	if len(others) > 0 { // beside which no other can be given
		another = "have another written into the configuration, whose rules share one"
	}
	switch account := s.Sides[d.From()].Identity.Account; {
	case survey.AccountOf(role.ARN) != account:
		return block("role "+role.Name+" is one of account "+survey.AccountOf(role.ARN), "S3 takes only a role of the account that owns the bucket, "+account+": "+another+".")
	case !role.Exists:
		return block("there is no role "+role.Name, "The configuration would name a role that S3 can't take. Make it, or "+another+".")
	case use == wanted.GivenRole && len(others) > 0 && aws.ToString(configuration.Role) != role.ARN && !ruleHolds(s, d):
		return block("the rules of others take another role than "+role.Name, "One configuration has one role, and theirs stays: leave out "+flag+", and ours takes it too, with --merge.")
	case !role.Trusted && len(s.Directions[d].Unread) == 0:
		return block("S3 may not take role "+role.Name, "Its trust policy does not name s3.amazonaws.com, so its rules replicate nothing. Mend its trust, or "+another+".")
	case use == wanted.GuestRole && len(s.Directions[d].Unread) > 0:
		return block("role "+role.Name+" can't be read with these credentials", "Our policy has to be added to it, and looked at before that. Grant iam:GetRole and iam:GetRolePolicy on it.")
	}
	if use == wanted.GuestRole && !wanted.GuestPolicyHolds(s, d) && ruleHolds(s, d) && !s.World.Consent.To(pair.Merge) {
		ask := finding(survey.Blocker, d.From(), "our policy on role "+role.Name+" is not as it is needed",
			"The role is not ours. Its policy "+s.World.Pair.GuestPolicyName(d)+" is, and would be written again; its others stay as they are. Agree with --merge.")
		ask.Consent = pair.Merge
		return []survey.Finding{ask}
	}
	if use == wanted.GivenRole {
		return []survey.Finding{finding(survey.Note, d.From(), "role "+role.Name+" is used as it is", "bothways changes nothing about it: its rights are yours to see to, and the canary shows whether they suffice.")}
	}
	return nil
}

// ruleHolds says whether direction d's rule is exactly as wanted.
func ruleHolds(s *survey.Survey, d pair.Direction) bool {
	act := step.PutRule{Pair: s.World.Pair, Direction: d, Wanted: wanted.ComposeDirection(s, d).Configuration}
	return act.Stands(s.Sides[d.From()].Replication)
}
