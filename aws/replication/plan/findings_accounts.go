package plan

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// accountFindings says what it means that the sides belong to two accounts.
func accountFindings(s *survey.Survey) []survey.Finding {
	var found []survey.Finding
	for _, name := range pair.Sides() {
		account := s.Sides[name].Identity.Account
		if named, _, regional := pair.RegionalName(s.World.Pair.Side(name).Bucket); regional && named != account {
			found = append(found, finding(survey.Blocker, name, "bucket name "+s.World.Pair.Side(name).Bucket+" is one of account "+named,
				"Side "+string(name)+" is account "+account+", and only the account in such a name can have it. Use its profile, or another name."))
		}
	}
	if !s.TwoAccounts() {
		return found
	}
	a, b := s.Sides[pair.A].Identity.Account, s.Sides[pair.B].Identity.Account
	found = append(found, finding(survey.Note, "", fmt.Sprintf("side A is account %s, side B is account %s", a, b),
		"Each bucket's policy gets two statements that let the other account's role write replicas. Each role belongs to the account that its direction starts in."))
	for _, name := range pair.Sides() {
		found = append(found, policyFindings(s, name)...)
	}
	for _, d := range pair.Directions() {
		switch {
		case wanted.KeepsOwner(s, d):
			found = append(found, finding(survey.Warning, d.To(), "replicas stay with the account that they come from",
				"ACLs are on here, and you asked to keep the owner: this side's account can't read them. The canary can only ask its origin, and probes can't measure "+d.Arrow()+"."))
		case wanted.OverridesOwner(s, d):
			found = append(found, finding(survey.Note, d.To(), "replicas are given to this side's account",
				"ACLs are on here, so they would belong to the other account otherwise (--keep-replica-owner). Edits of ACLs do not replicate then."))
		}
	}
	return found
}

// policyFindings is about a bucket policy that our statements have to join.
func policyFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	side := s.Sides[name]
	if side.PolicyUnread {
		return []survey.Finding{finding(survey.Blocker, name, "the bucket policy can't be read",
			"Our statements have to join it, and writing it unseen would lose what is there. "+survey.Grant("s3:GetBucketPolicy", side.Refusals["s3:GetBucketPolicy"])+".")}
	}
	own, others, err := wanted.Statements(s, name)
	if err != nil {
		return []survey.Finding{finding(survey.Blocker, name, err.Error(), "Our statements can't join it without losing something. Choose another bucket.")}
	}
	if len(others) == 0 || policy.Same(side.Policy, wanted.BucketPolicy(s, name)) {
		return nil
	}
	if dead := wanted.DeadPrincipals(others); len(dead) > 0 {
		return []survey.Finding{finding(survey.Blocker, name, "the bucket policy names principals that no longer exist: "+strings.Join(dead, ", "),
			"S3 shows them by their ID and refuses the whole policy that has them, so ours can't join it. Take them out, then plan again.")}
	}
	title := "the bucket policy has " + english.Plural(len(others), "statement", "") + " of others"
	if names := wanted.Sids(others); names != "" {
		title += ": " + names
	}
	meaning := "Ours join them; theirs go back byte for byte, and are read back."
	if len(own) > 0 {
		meaning = "Ours are put right among them; theirs go back byte for byte, and are read back."
	}
	return []survey.Finding{agreeable(s, pair.Merge, survey.Note, name, title, meaning)}
}

// optionFindings is about options that cost something or are not to be had
// everywhere.
func optionFindings(s *survey.Survey) []survey.Finding {
	o := s.World.Pair.Options
	var found []survey.Finding
	if o.TimeControl && strings.HasPrefix(s.World.Pair.A.Region, "us-gov-") {
		found = append(found, finding(survey.Blocker, "", "replication time control is not to be had in GovCloud", "Leave --rtc out."))
	}
	if class := pair.ClassNamed(o.StorageClass); class.LeastDays > 0 {
		severity, reading := survey.Note, ""
		if class.Archive {
			severity, reading = survey.Warning, "They have to be restored before they can be read. "
		}
		found = append(found, finding(severity, "", "replicas are stored as "+class.Name,
			fmt.Sprintf("%sEach is billed for %d days at least, canaries and probes too.", reading, class.LeastDays)))
	}
	if o.FilterTags != "" {
		found = append(found, finding(survey.Note, "", "only objects tagged "+o.FilterTags.String()+" replicate",
			"The tags have to be there in the PutObject that writes the object; delete markers have none and never replicate under such a rule."))
	}
	return found
}
