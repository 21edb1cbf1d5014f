package plan

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// boundaryFindings is about the permissions boundary of the role that bothways
// makes for direction d: one that was asked for and can't be had, and one that
// nobody asked for.
func boundaryFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	found, account := s.Directions[d], s.Sides[d.From()].Identity.Account
	one := func(severity survey.Severity, title, meaning string) []survey.Finding {
		return []survey.Finding{finding(severity, d.From(), title, meaning)}
	}
	asked := s.World.Pair.Boundary(account)
	switch {
	case found.BoundaryMissing:
		return one(survey.Blocker, "there is no policy "+asked, "It was asked for as the permissions boundary of the role "+d.Arrow()+
			", and IAM makes no role with a boundary that is not there. Make the policy, or give another with --role-boundary.")
	case asked != "" && found.BoundaryUnread != "":
		return one(survey.Note, "whether the policy "+asked+" is there is not known (iam:GetPolicy: "+found.BoundaryUnread+")",
			"It was asked for as the permissions boundary of the role "+d.Arrow()+". Where it is not there, making the role fails.")
	case asked != "" || s.World.Pair.Options.RoleBoundary == pair.NoBoundary || found.RoleExists || found.OwnUnread != "":
		return nil
	}
	sister := wanted.SisterBoundary(s, d)
	switch {
	case wanted.FromSister(s, d):
		return one(survey.Note, "the role "+d.Arrow()+" is made within the permissions boundary of the role "+d.Reverse().Arrow(),
			"Nobody asked for it here, but whoever demands "+sister+" of one role demands it of the other. --role-boundary gives another, or "+pair.NoBoundary+".")
	case sister != "":
		return one(survey.Warning, "the role "+d.Arrow()+" is made without a permissions boundary, and the role "+d.Reverse().Arrow()+" has one of account "+survey.AccountOf(sister),
			"A role can have only one of its own account. Where account "+account+" demands one, give it with --role-boundary.")
	case remade(s, d):
		return one(survey.Note, "the role "+d.Arrow()+" is gone and is made again without a permissions boundary",
			"Whether it had one is not known. Where an organisation demands one, give it with --role-boundary.")
	}
	return nil
}

// remade says that a configuration names our role of direction d, and that it is
// gone.
func remade(s *survey.Survey, d pair.Direction) bool {
	configuration := s.Sides[d.From()].Replication
	return configuration != nil && aws.ToString(configuration.Role) == s.OwnRoleARN(d) && !s.Directions[d].RoleExists
}
