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

// RightsFindings says which rights are likely missing on a side for a purpose
// that is planned elsewhere.
func RightsFindings(s *survey.Survey, name pair.SideName, purpose pair.Purpose) []survey.Finding {
	return rightsFindings(s, name, purpose)
}

// rightsFindings says which rights are likely missing for a purpose.
func rightsFindings(s *survey.Survey, name pair.SideName, purpose pair.Purpose) []survey.Finding {
	side := s.Sides[name]
	if side.Rights.Unread != "" && !side.RegionOff {
		return []survey.Finding{finding(survey.Note, name, "whether "+side.Identity.Name()+" has all rights is not known ("+side.Rights.Unread+")",
			"IAM was asked to simulate them and did not. A step that lacks a right fails with its name.")}
	}
	type group struct {
		survey.Ruling
		actions []string
	}
	var groups []*group
	for _, m := range s.Lacks(name) {
		if m.Optional || m.Again || m.For != "" && m.For != purpose {
			continue
		}
		i := slices.IndexFunc(groups, func(g *group) bool { return g.By == m.By && slices.Equal(g.Unknown, m.Unknown) })
		if i < 0 {
			groups = append(groups, &group{Ruling: m.Ruling})
			i = len(groups) - 1
		}
		if !slices.Contains(groups[i].actions, m.Action) {
			groups[i].actions = append(groups[i].actions, m.Action)
		}
	}
	var found []survey.Finding
	for _, g := range groups {
		verb, hangs := "likely lacks", ""
		if len(g.Unknown) > 0 {
			verb, hangs = "may lack", " Whether it does hangs on "+strings.Join(g.Unknown, ", ")+", which is not known here."
		}
		found = append(found, finding(survey.Warning, name, fmt.Sprintf("%s %s %s", side.Identity.Name(), verb, strings.Join(g.actions, ", ")),
			"IAM's simulation says so ("+g.By+"); it does not see all policies."+hangs+" The plan can run, and its step fails where the right is really missing: "+wayOut(g.Reason)+roleWayOut(g.actions)))
	}
	if len(side.Rights.Open) > 0 {
		found = append(found, finding(survey.Note, name, "what "+side.Identity.Name()+" may do hangs on "+survey.Shorter(slices.Clone(side.Rights.Open)),
			"Policies of these credentials ask for it, and it is not known here: steps may be refused or allowed otherwise than IAM's simulation says."))
	}
	return found
}

// wayOut says what helps against a refusal: what denies something outweighs
// every policy that allows it.
func wayOut(reason survey.Refusal) string {
	switch reason {
	case survey.Denied:
		return "an explicit deny outweighs whatever else allows it, so it is that statement that has to except these credentials."
	case survey.OutOfBounds:
		return "a boundary limits what any policy can give, so it is the boundary that has to allow it."
	case survey.Organisation:
		return "no policy of the account can lift that: only who runs the organisation can, or other accounts."
	case survey.Unallowed:
	}
	return "bothways export --format policy writes a policy with all that is needed."
}

// denialFindings says which statements of a bucket's policy deny what the
// replication roles or these credentials need, and what uploads are up against.
func denialFindings(s *survey.Survey, name pair.SideName, proves map[pair.SideName]bool) []survey.Finding {
	found := uploadFindings(s, name, proves[name])
	if proves[name] {
		found = append(found, keyUploadFindings(s, name)...)
	}
	found = append(found, keptFindings(s, name, proves[name] || proves[name.Other()])...) // a replica is an object, too
	side, bucket := s.Sides[name], s.World.Pair.Side(name).Bucket
	if !side.PolicyDeny {
		return found
	}
	document, err := policy.Parse(side.Policy)
	if err != nil {
		return found // said among what could not be read
	}
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
	p.Rule, p.Configuration, p.Alone = &rule, direction.Configuration, true
	p.Role = doctor.RoleFacts{Arn: direction.RoleARN, Name: survey.RoleName(direction.RoleARN), Exists: true}
	found := s.Directions[d]
	switch others := found.Others; {
	case found.RoleARN == direction.RoleARN:
		p.Role.ID, p.Role.Bounded, p.Role.Tags = found.RoleID, found.Boundary != "", found.RoleTags
	case others != nil && others.ARN == direction.RoleARN:
		p.Role.ID, p.Role.Bounded, p.Role.Tags = others.ID, others.Bounded, others.Tags
	case direction.Own: // as it will be made
		p.Role.Planned = !found.RoleExists
		p.Role.Tags = direction.RoleTags
	}
	return p
}

func denialsOn(p *doctor.Checkup, side pair.SideName, document *policy.Document) []doctor.Trouble {
	p.Troubles = nil
	p.Denials(side, document, p.Needs())
	return p.Troubles
}

// denialsOfOperator says what these credentials are denied on their own way to
// the bucket, beside uploads. From which network they come is not known here.
func denialsOfOperator(s *survey.Survey, name pair.SideName, document *policy.Document) []survey.Finding {
	side := s.Sides[name]
	who := side.Identity
	hits := map[int]policy.Match{}
	actions := map[int][]string{}
	region := s.World.Pair.Side(name).Region
	for _, r := range wanted.RightsFor(*wanted.Compose(s), pair.SetUp) {
		if r.Side != name || !strings.HasPrefix(r.Action, "s3:") || r.Optional || strings.HasPrefix(r.Action, "s3:PutObject") {
			continue // uploads are judged by themselves
		}
		for _, m := range document.Denies(s.Caller(name).Request(r.Action, survey.Example(r.Resource), region)) {
			if r.Action == "s3:DeleteObjectVersion" && m.Answer == policy.Yes {
				continue // that is asked about
			}
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
			"It is an explicit deny, which outweighs whatever allows it: steps that need it fail then."+why+" Except these credentials from the statement, or use others."))
	}
	return found
}

// lackFindings names the rights without which nothing can be planned.
func lackFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	found := make([]survey.Finding, 0, len(s.Sides[name].Refused))
	for _, right := range s.Sides[name].Refused {
		found = append(found, finding(survey.Blocker, name, s.Sides[name].Identity.Name()+" lacks "+right,
			"What stands in "+s.World.Pair.Side(name).Bucket+" has to be known before anything is changed. "+survey.Grant(right+" on it", s.Sides[name].Refusals[right])+"."))
	}
	return found
}

// unreadRole says that our role can't be looked for, where it matters.
func unreadRole(s *survey.Survey, d pair.Direction) []survey.Finding {
	if denied := s.Directions[d].PolicyUnread; denied != "" && wanted.RoleUse(s, d) == wanted.OwnRole {
		return []survey.Finding{finding(survey.Blocker, d.From(), "the policy of role "+s.OwnRoleName(d)+" can't be read with these credentials ("+denied+")",
			"Whether it is right has to be known before it is written or removed. "+survey.Grant("iam:GetRolePolicy on the role", s.Directions[d].Refusal)+".")}
	}
	denied := s.Directions[d].OwnUnread
	if denied == "" || wanted.RoleUse(s, d) != wanted.OwnRole {
		return nil
	}
	return []survey.Finding{finding(survey.Blocker, d.From(), "role "+s.OwnRoleName(d)+" can't be read with these credentials ("+denied+")",
		"Whether it is there, and ours, has to be known before it is made or removed. "+survey.Grant("iam:GetRole on it", s.Directions[d].Refusal)+".")}
}
