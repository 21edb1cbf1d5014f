package plan

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// regionFindings says which region an account can't use.
func regionFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	side, region := s.Sides[name], s.World.Pair.Side(name).Region
	account := side.Identity.Account
	if side.RegionOff {
		return []survey.Finding{finding(survey.Blocker, name, "region "+region+" is not enabled for account "+account,
			"Its keys are not known there, so nothing can be made or read. Enable the region for the account (it takes minutes to hours), or choose another.")}
	}
	var found []survey.Finding
	for _, of := range pair.Sides() {
		if at := s.World.Pair.Side(of).Region; side.Off(at) != "" {
			found = append(found, finding(survey.Blocker, name, fmt.Sprintf("account %s has not enabled region %s (%s)", account, at, side.Off(at)),
				"S3 replicates only between regions that the owner of the bucket has enabled. Enable it (it takes minutes to hours), or choose another."))
		}
	}
	return found
}

// rightsFindings says which rights are likely missing for a purpose.
func rightsFindings(s *survey.Survey, name pair.SideName, purpose pair.Purpose) []survey.Finding {
	side := s.Sides[name]
	if side.Rights.Unread != "" && !side.RegionOff {
		return []survey.Finding{finding(survey.Note, name, "whether "+side.Identity.Name()+" has all rights is not known ("+side.Rights.Unread+")",
			"IAM was asked to simulate them and did not. A step that lacks a right fails with its name.")}
	}
	reasons := map[string][]string{}
	var order []string
	for _, m := range side.Rights.Missing {
		if m.Optional || m.Again || m.For != "" && m.For != purpose {
			continue
		}
		if !slices.Contains(order, m.By) {
			order = append(order, m.By)
		}
		if !slices.Contains(reasons[m.By], m.Action) {
			reasons[m.By] = append(reasons[m.By], m.Action)
		}
	}
	var found []survey.Finding
	for _, by := range order {
		found = append(found, finding(survey.Warning, name, fmt.Sprintf("%s likely lacks %s", side.Identity.Name(), strings.Join(reasons[by], ", ")),
			"IAM's simulation says so ("+by+"); it does not see all policies. The plan can run, and its step fails where the right is really missing: bothways export --format policy writes a policy with all that is needed."+wayOut(reasons[by])))
	}
	return found
}

// denialFindings says which statements of a bucket's policy deny what the
// replication roles or these credentials need.
func denialFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	side, bucket := s.Sides[name], s.World.Pair.Side(name).Bucket
	if !side.PolicyDeny {
		return nil
	}
	document, err := policy.Parse(side.Policy)
	if err != nil {
		return nil // said among what could not be read
	}
	var found []survey.Finding
	for _, d := range pair.Directions() {
		for _, t := range denialsOn(wantedCheckup(s, d), name, document) {
			found = append(found, finding(survey.Warning, name, t.Title, t.Meaning+" "+t.Todo))
		}
	}
	found = append(found, denialsOfOperator(s, name, document)...)
	if len(found) == 0 {
		return []survey.Finding{finding(survey.Note, name, "the bucket policy of "+bucket+" denies something", "Nothing that replication or bothways needs, as far as can be read.")}
	}
	return found
}

// wantedCheckup is a direction as it will be.
func wantedCheckup(s *survey.Survey, d pair.Direction) *doctor.Checkup {
	p := doctor.NewCheckup(s, d)
	direction := wanted.Compose(s).Directions[d]
	rule := direction.Rule
	p.Rule, p.Configuration = &rule, direction.Configuration
	p.Role = doctor.RoleFacts{Arn: direction.RoleARN, Name: survey.RoleName(direction.RoleARN), Exists: true}
	return p
}

func denialsOn(p *doctor.Checkup, side pair.SideName, document *policy.Document) []doctor.Trouble {
	p.Troubles = nil
	p.Denials(side, document, p.Needs())
	return p.Troubles
}

// denialsOfOperator says what these credentials are denied on their own way to
// the bucket. From which network they come is not known here.
func denialsOfOperator(s *survey.Survey, name pair.SideName, document *policy.Document) []survey.Finding {
	side := s.Sides[name]
	who := side.Identity
	known := map[string][]string{
		"aws:securetransport":  {fmt.Sprint(!strings.HasPrefix(who.Endpoint, "http://"))},
		"aws:principalaccount": {who.Account}, "aws:resourceaccount": {who.Account}, "aws:requestedregion": {s.World.Pair.Side(name).Region},
	}
	principal, certain := operatorARN(side)
	if certain {
		known["aws:principalarn"] = []string{principal}
	}
	hits := map[int]policy.Match{}
	actions := map[int][]string{}
	for _, r := range wanted.RightsFor(*wanted.Compose(s), pair.SetUp) {
		if r.Side != name || !strings.HasPrefix(r.Action, "s3:") || r.Optional {
			continue
		}
		request := policy.Request{
			Principal: principal, PathUnknown: !certain, Action: r.Action, Resource: survey.Example(r.Resource), Context: known,
		}
		for _, m := range document.Denies(request) {
			n := m.Statement.Number
			if m.Answer >= hits[n].Answer {
				hits[n] = m
			}
			actions[n] = append(actions[n], r.Action)
		}
	}
	var found []survey.Finding
	for _, s := range document.Statements {
		m, hit := hits[s.Number]
		if !hit {
			continue
		}
		verb, why := "denies", ""
		if m.Answer == policy.Perhaps {
			verb, why = "may deny", " Whether it does hangs on "+strings.Join(m.Unknown, ", ")+"."
		}
		found = append(found, finding(survey.Warning, name,
			fmt.Sprintf("the bucket policy %s %s %s (%s)", verb, who.Name(), survey.Shorter(actions[s.Number]), s.Name()),
			"Steps that need it fail then."+why+" Except these credentials from the statement, or use others."))
	}
	return found
}

// operatorARN is what bucket policies know a side's credentials by: a session
// by its role, whose path the session's ARN leaves out (IAM User Guide, "AWS
// global condition context keys", aws:PrincipalArn). It is not certain where
// the role could not be read: then the path is missing.
func operatorARN(side survey.Side) (arn string, certain bool) {
	arn = side.Identity.ARN
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return arn, true
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch {
	case kind != "assumed-role":
		return arn, true
	case side.Rights.Principal != "":
		return side.Rights.Principal, true
	}
	role, _, _ := strings.Cut(rest, "/")
	return strings.Join([]string{parts[0], parts[1], "iam", "", parts[4], "role/" + role}, ":"), false
}

// lackFindings names the rights without which nothing can be planned.
func lackFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	found := make([]survey.Finding, 0, len(s.Sides[name].Refused))
	for _, right := range s.Sides[name].Refused {
		found = append(found, finding(survey.Blocker, name, s.Sides[name].Identity.Name()+" lacks "+right,
			"What stands in "+s.World.Pair.Side(name).Bucket+" has to be known before anything is changed. Grant "+right+" on it."))
	}
	return found
}

// unreadRole says that our role can't be looked for, where it matters.
func unreadRole(s *survey.Survey, d pair.Direction) []survey.Finding {
	if denied := s.Directions[d].PolicyUnread; denied != "" && wanted.RoleUse(s, d) == wanted.OwnRole {
		return []survey.Finding{finding(survey.Blocker, d.From(), "the policy of role "+s.OwnRoleName(d)+" can't be read with these credentials ("+denied+")",
			"Whether it is right has to be known before it is written or removed. Grant iam:GetRolePolicy on the role.")}
	}
	denied := s.Directions[d].OwnUnread
	if denied == "" || wanted.RoleUse(s, d) != wanted.OwnRole {
		return nil
	}
	return []survey.Finding{finding(survey.Blocker, d.From(), "role "+s.OwnRoleName(d)+" can't be read with these credentials ("+denied+")",
		"Whether it is there, and ours, has to be known before it is made or removed. Grant iam:GetRole on it.")}
}
