package plan

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// tearDownFindings says what the survey saw that a reviewer of a tear-down
// should know, blockers first.
func tearDownFindings(s *survey.Survey, options TearDownOptions, misnamed bool) []survey.Finding {
	var blockers, rest []survey.Finding
	for _, name := range pair.Sides() {
		if s.Sides[name].RegionOff {
			blockers = append(blockers, regionFindings(s, name)...)
		}
		blockers = append(blockers, outOfReach(s, name)...)
		blockers = append(blockers, lackFindings(s, name)...)
	}
	for _, d := range pair.Directions() {
		blockers = append(blockers, unreadRole(s, d)...)
		rest = append(rest, orphanFindings(s, d)...)
		rest = append(rest, unlistedFindings(s, d)...)
		block, say := directionFindings(s, d)
		blockers, rest = append(blockers, block...), append(rest, say...)
	}
	rest = append(rest, pendingFindings(s, options)...)
	rest = append(rest, strayFindings(s)...)
	for _, name := range pair.Sides() {
		rest = append(rest, rightsFindings(s, name, pair.TearDown)...)
		rest = append(rest, stayingFindings(s, name)...)
		bucket := s.World.Pair.Side(name).Bucket
		switch {
		case s.Sides[name].Absent() && len(blockers) == 0 && !misnamed:
			rest = append(rest, finding(survey.Warning, name, "there is no bucket "+bucket, "If that is not what you expect, check the name: what another pair made is not touched."))
		case s.MadeBucket(name) && !options.Buckets:
			rest = append(rest, finding(survey.Note, name, "bucket "+bucket+" stays", "It was made by bothways; --buckets removes it too. A deleted name can be taken by others."))
		case s.Reachable(name) && !s.MadeBucket(name):
			rest = append(rest, finding(survey.Note, name, "bucket "+bucket+" stays", "bothways did not make it. Its versioning stays Enabled: it can be suspended, never returned to never set."))
		}
	}
	return append(blockers, rest...)
}

// pendingFindings says what taking a rule out does to objects of others that
// are under way: nothing brings them over any more (S3 User Guide,
// "Replication status": an object stays PENDING, or reads FAILED). Buckets that
// are removed hold nothing of others.
func pendingFindings(s *survey.Survey, options TearDownOptions) []survey.Finding {
	if options.Buckets && s.MadeBucket(pair.A) && s.MadeBucket(pair.B) {
		return nil
	}
	for _, d := range pair.Directions() {
		if own, _ := s.OwnRules(d); len(own) > 0 {
			return []survey.Finding{finding(survey.Warning, "", "objects that are PENDING when the rules go may never arrive on the other side",
				"That holds for your own objects, and only those of bothways are waited for. Where the two sides must agree, stop writing and let what was written read COMPLETED first; what did not arrive has to be copied.")}
		}
	}
	return nil
}

// stayingFindings says what a tear-down can't take away, or not see.
func stayingFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	found := undeletableFindings(s, name)
	if own, others, err := wanted.Statements(s, name); err == nil && len(own) > 0 {
		if dead := wanted.DeadPrincipals(others); len(dead) > 0 {
			found = append(found, finding(survey.Warning, name, "the bucket policy names principals that no longer exist: "+strings.Join(dead, ", "),
				"S3 shows them by their ID and refuses the whole policy that has them, so the step that takes our statements out fails. Take these principals out first, then run this again."))
		}
	}
	if s.Sides[name].PolicyUnread && s.TwoAccounts() {
		found = append(found, finding(survey.Warning, name, "the bucket policy can't be read",
			"Statements of ours may stay in it: their Sids begin with "+s.World.Pair.StatementID("")+". Grant s3:GetBucketPolicy to have them removed."))
	}
	return found
}

// undeletableFindings says what keeps what bothways wrote from being deleted.
func undeletableFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	var found []survey.Finding
	if s.Sides[name].ObjectLock {
		found = append(found, finding(survey.Note, name, "object lock is on here",
			"Versions that have a retention or a legal hold can't be deleted before that ends; such a one is named, and stays."))
	}
	if why, certain := wanted.Kept(s, name, s.World.Pair.ObjectPrefix()); why != "" && certain && !s.Sides[name].Retention {
		found = append(found, finding(survey.Warning, name, why, "What bothways wrote under "+s.World.Pair.ObjectPrefix()+" can't be deleted before that is lifted; it is named, and stays."))
	}
	return found
}

// misnamed suspects a slip in a name: one bucket is missing, and nothing of
// this pair was found. The real pair would go on replicating, and this would
// look like a success.
func misnamed(s *survey.Survey) []survey.Finding {
	var missing []pair.SideName
	for _, name := range pair.Sides() {
		found := s.Sides[name]
		if found.Absent() {
			missing = append(missing, name)
		}
		own, _, _ := wanted.Statements(s, name) // what can't be understood has none that are known
		if found.OwnMark == s.World.Pair.ID() || len(own) > 0 {
			return nil
		}
	}
	for _, d := range pair.Directions() {
		if own, _ := s.OwnRules(d); len(own) > 0 || s.Directions[d].RoleMark == s.World.Pair.ID() || s.GuestOf(d) != nil {
			return nil
		}
	}
	if len(missing) != 1 {
		return nil
	}
	return []survey.Finding{finding(survey.Blocker, missing[0], "there is no bucket "+s.World.Pair.Side(missing[0]).Bucket,
		"And nothing that bothways made for this pair was found. Check both names: what another pair made is not touched.")}
}

// outOfReach says what keeps a side from being read: taking the rest down
// would leave its rule pointing at nothing.
func outOfReach(s *survey.Survey, name pair.SideName) []survey.Finding {
	found, want := s.Sides[name], s.World.Pair.Side(name)
	switch {
	case found.Foreign:
		return []survey.Finding{finding(survey.Blocker, name, "bucket "+want.Bucket+" cannot be read",
			"The service refuses these credentials. Nothing is taken down, because a rule there would be left pointing at nothing. Use the profile that set it up.")}
	case found.Exists && found.RealRegion != want.Region:
		return []survey.Finding{finding(survey.Blocker, name, "bucket "+want.Bucket+" lies in "+found.RealRegion,
			"Give side "+string(name)+" as "+found.RealRegion+"/"+want.Bucket+": what bothways made is named after its region.")}
	}
	return nil
}

// directionFindings looks at one direction's rules and role together.
func directionFindings(s *survey.Survey, d pair.Direction) (blockers, rest []survey.Finding) {
	own, others := s.OwnRules(d)
	direction := s.Directions[d]
	switch {
	case len(others) > 0 && direction.RoleExists && direction.RoleMark == s.World.Pair.ID() && aws.ToString(s.Sides[d.From()].Replication.Role) == direction.RoleARN:
		blockers = append(blockers, finding(survey.Blocker, d.From(), fmt.Sprintf("the rule(s) %s use our role %s", survey.RuleNames(others), s.OwnRoleName(d)),
			"Without the role they would fail for every new object. All rules of a bucket share one role: write another into the configuration of "+s.World.Pair.From(d).Bucket+
				", one that may do what these rules need, then run this again."))
	case len(own) > 0 && len(others) > 0 && len(s.Sides[d.From()].Unknown) > 0:
		blockers = append(blockers, finding(survey.Blocker, d.From(), "the replication configuration has elements that bothways does not know: "+strings.Join(s.Sides[d.From()].Unknown, ", "),
			"S3 only takes whole configurations, so taking ours out would lose them. Take the rule "+s.World.Pair.RuleID(d)+" out with the tool that wrote these, then run this again."))
	case len(own) > 0 && len(others) > 0:
		rest = append(rest, finding(survey.Note, d.From(), english.Plural(len(others), "replication rule", "")+" of others stay: "+survey.RuleNames(others),
			"They are written again without ours, element for element and with their role. Rules that were converted to the second schema stay in it."))
	}
	if prefix, differs := otherPrefix(s, d); differs {
		blockers = append(blockers, finding(survey.Blocker, d.From(), fmt.Sprintf("the rule covers the prefix %q, not %q", prefix, s.World.Pair.Options.Prefix),
			"The canaries and probes lie under it. "+underPrefix(s, d, prefix)))
	}
	if direction.RoleExists && direction.RoleMark != s.World.Pair.ID() {
		rest = append(rest, finding(survey.Note, d.From(), "role "+s.OwnRoleName(d)+" is not ours", "It lacks our tag and is left alone."))
	}
	return blockers, rest
}

// underPrefix says how a tear-down gets to look under the prefix of a standing
// rule: one run looks under one.
func underPrefix(s *survey.Survey, d pair.Direction, prefix string) string {
	if own, _ := s.OwnRules(d.Reverse()); len(own) == 1 {
		if other, _ := wanted.Reach(own[0]); other != prefix {
			return fmt.Sprintf("The rule %s covers %q, and one run looks under one prefix: give both the same (apply does, with the options that the pair was set up with), then run this with that one.",
				d.Reverse().Arrow(), other)
		}
	}
	return fmt.Sprintf("Run this with --prefix %q.", prefix)
}

// otherPrefix is the prefix that our standing rule covers, where that is not
// the one that was asked for.
func otherPrefix(s *survey.Survey, d pair.Direction) (string, bool) {
	own, _ := s.OwnRules(d)
	if len(own) != 1 {
		return "", false
	}
	prefix, _ := wanted.Reach(own[0])
	return prefix, prefix != s.World.Pair.Options.Prefix
}

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
