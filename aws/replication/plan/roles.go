package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// asStands is the pair with the prefix that its roles have: the journal of a
// run that was not told of it leads to them, too.
func asStands(s *survey.Survey) pair.Pair {
	p := s.World.Pair
	for _, d := range pair.Directions() {
		if s.Directions[d].Own(p) {
			p.Options.RolePrefix = p.PrefixOf(d, s.OwnRoleName(d))
		}
	}
	return p
}

// within says which permissions boundary limits a role, or "".
func within(boundary string) string {
	if boundary == "" {
		return ""
	}
	return ", within the boundary " + boundary
}

// roleChange says what of our own role is put right.
func roleChange(s *survey.Survey, d pair.Direction, w *wanted.Documents) string {
	var changes []string
	if w.Directions[d].Bounds {
		changes = append(changes, "its permissions boundary: "+cmp.Or(s.Directions[d].Boundary, "none")+" -> "+cmp.Or(w.Directions[d].RoleBoundary, "none"))
	}
	if !wanted.RoleRightsHold(s, d) {
		changes = append(changes, "its trust or its policy differs from what is needed -> put right")
	}
	return strings.Join(changes, "; ")
}

// boundaryUndo says how a boundary that a role gets is taken back.
func boundaryUndo(was string, direction wanted.Direction) string {
	switch {
	case !direction.Bounds:
		return ""
	case was == "":
		return "; its boundary by aws iam delete-role-permissions-boundary"
	}
	return "; its boundary by --role-boundary " + was
}

// madeRoleFindings is about what was asked of the role that bothways makes for
// direction d: what can't be had, and what stands otherwise and is kept.
func madeRoleFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	if wanted.RoleUse(s, d) != wanted.OwnRole {
		return nil
	}
	p, account := s.World.Pair, s.Sides[d.From()].Identity.Account
	var found []survey.Finding
	if asked := p.Options.RoleBoundary; asked != "" && asked != pair.NoBoundary && p.Boundary(account) == "" {
		found = append(found, finding(survey.Blocker, d.From(), "no permissions boundary is given for the role of account "+account,
			fmt.Sprintf("The role %s belongs to account %s, and its boundary can only be a policy of that account or of AWS: %s is not. Give --role-boundary one for each account, with a space between them in one pair of quotes.",
				d.Arrow(), account, asked)))
	}
	found = append(found, boundaryFindings(s, d)...)
	path, name := survey.SplitRole(s.OwnRoleARN(d))
	otherwise := p.Options.RolePath != "" && path != p.RolePath() || p.Options.RolePrefix != "" && name != p.RoleName(d)
	if s.Directions[d].Own(p) && otherwise {
		found = append(found, finding(survey.Warning, d.From(), "the role "+d.Arrow()+" stands as "+path+name+" and is kept",
			"You asked for "+p.RolePath()+p.RoleName(d)+", but IAM can't rename or move a role. To have it so, take the pair down with destroy and apply again."))
	}
	return found
}

// unlistedFindings says that a role of ours may stand under a prefix that this
// run was not told of.
func unlistedFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	why := s.Directions[d].Unlisted
	if why == "" {
		return nil
	}
	name := s.World.Pair.RuleID(d)
	return []survey.Finding{finding(survey.Note, d.From(), "whether a role of ours stands under a prefix of its own is not known ("+why+")",
		"It does only if this pair was ever set up with --role-prefix: then its name ends in "+name+", and the same --role-prefix finds it. To look for it: "+
			s.World.Clients(d.From()).CLI("iam", "list-roles", "--query", "Roles[?contains(RoleName, '"+pair.RulePrefix+s.World.Pair.ID()+"-')].Arn"))}
}

// roleWayOut says what to do where rights are missing, if making a role is among
// them, or is "".
func roleWayOut(actions []string) string {
	if slices.Contains(actions, "iam:CreateRole") {
		return " " + step.WayOut
	}
	return ""
}
