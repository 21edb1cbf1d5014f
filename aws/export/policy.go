package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// policies write the least that the person who runs bothways has to be
// allowed: one policy an account. What is only needed to look into things is
// in a statement of its own, and so is what only the removal needs, and what
// audits, inventories and backfills take: whoever does none of them leaves those out.
func policies(w *wanted.Documents) ([]File, error) {
	return anAccount(w, "bothways-policy", slices.Concat(wanted.Rights(*w), w.Loop))
}

// drillPolicies write what drills take beside that. Both together are longer than
// IAM lets one policy be (IAM User Guide, "IAM and AWS STS quotas").
func drillPolicies(w *wanted.Documents) ([]File, error) {
	links := map[pair.SideName]bool{pair.A: true, pair.B: true} // any account's first experiment
	usual := slices.Concat(wanted.Rights(*w), w.Loop)
	return anAccount(w, "bothways-drill-policy", beside(usual, wanted.DrillRights(*w, links)))
}

// anAccount writes rights as a policy an account.
func anAccount(w *wanted.Documents, called string, rights []survey.Right) ([]File, error) {
	if w.Sides[pair.A].Account == w.Sides[pair.B].Account {
		file, err := policyFile(called+".json", rights)
		return []File{file}, err
	}
	files := make([]File, 0, len(pair.Sides()))
	for _, name := range pair.Sides() {
		own := slices.DeleteFunc(slices.Clone(rights), func(r survey.Right) bool { return r.Side != name })
		file, err := policyFile(called+"-"+name.Slug()+"-"+w.Sides[name].Account+".json", own)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// beside are those rights that others do not give already.
func beside(others, rights []survey.Right) []survey.Right {
	given := map[[3]string]bool{}
	for _, r := range others {
		given[[3]string{r.Action, r.Resource, r.PassedTo}] = true
	}
	return slices.DeleteFunc(slices.Clone(rights), func(r survey.Right) bool { return given[[3]string{r.Action, r.Resource, r.PassedTo}] })
}

func policyFile(name string, rights []survey.Right) (File, error) {
	var content bytes.Buffer
	if err := json.Indent(&content, []byte(policy.Compose(statements(rights)...)), "", "  "); err != nil {
		return File{}, fmt.Errorf("write the policy: %w", err)
	}
	return File{name, content.String() + "\n"}, nil
}

// room names the statement that a right belongs to.
func room(r survey.Right) string {
	switch {
	case r.For == pair.Backfill && r.PassedTo == "", r.For == pair.Audit, r.For == pair.Inventory:
		return loopRoom(r)
	case r.PassedTo != "":
		return "PassRole"
	case r.Optional:
		return "Look"
	case r.For == pair.TearDown:
		return "TearDownOnly"
	case bounded(r):
		return "BoundedRoles"
	case r.For == pair.Drill:
		return "DrillsOnly"
	case strings.HasPrefix(r.Action, "iam:"):
		return "Roles"
	case strings.HasPrefix(r.Action, "kms:"):
		return "Keys"
	case strings.Contains(r.Resource, "/"):
		return "Objects"
	}
	return "Buckets"
}

// loopRoom is the statement of a right that only audits, inventories and backfills need.
func loopRoom(r survey.Right) string {
	switch {
	case r.For == pair.Audit && r.Optional:
		return "AuditLook"
	case r.For == pair.Audit:
		return "Audit"
	case r.For == pair.Inventory:
		return "Inventory"
	case bounded(r):
		return "BackfillBoundedRoles"
	case strings.HasPrefix(r.Action, "iam:"):
		return "BackfillRoles"
	case strings.HasPrefix(r.Action, "kms:"):
		return "BackfillKeys"
	case strings.Contains(r.Resource, ":job/") || r.Resource == "*":
		return "BackfillJobs"
	case strings.Contains(r.Resource, "/"):
		return "BackfillObjects"
	}
	return "BackfillBuckets"
}

// place is where actions are collected: a room, what they act on, and the
// condition that they are allowed on, as a key and its value.
type place struct{ room, resource, key, value string }

// bounded says whether a right is given for roles with their boundary alone:
// without it, whoever makes roles could give them more than the organisation
// lets roles have. Rights may be taken from any.
func bounded(r survey.Right) bool { return r.Boundary != "" && r.Action != "iam:DeleteRolePolicy" }

// placeOf is the place of a right. A role may only be passed to the service
// that takes it.
func placeOf(r survey.Right) place {
	at := place{room: room(r), resource: r.Resource}
	switch {
	case r.PassedTo != "":
		at.key, at.value = "iam:PassedToService", r.PassedTo
	case bounded(r):
		at.key, at.value = "iam:PermissionsBoundary", r.Boundary
	}
	return at
}

// statements join the rights: those of one room with the same actions share a
// statement, and an action that another purpose needs anyway is not repeated
// for the removal.
func statements(rights []survey.Right) []policy.Draft {
	sorted := slices.Clone(rights)
	slices.SortStableFunc(sorted, func(x, y survey.Right) int { return order(x) - order(y) })
	actions := map[place][]string{}
	granted := map[[2]string]bool{}
	var places []place
	for _, r := range sorted {
		key := [2]string{r.Action, r.Resource}
		if granted[key] {
			continue
		}
		granted[key] = true
		at := placeOf(r)
		if actions[at] == nil {
			places = append(places, at)
		}
		actions[at] = append(actions[at], r.Action)
	}
	slices.SortFunc(places, func(x, y place) int { return cmp.Or(cmp.Compare(x.room, y.room), cmp.Compare(x.resource, y.resource)) })
	resources := map[string][]string{}
	var keys []string
	var drafts []policy.Draft
	for _, at := range places {
		list := actions[at]
		slices.Sort(list)
		key := at.room + " " + at.value + " " + strings.Join(list, " ")
		if resources[key] == nil {
			draft := policy.Draft{Sid: at.room, Effect: "Allow", Action: list}
			if at.key != "" {
				draft.Condition = map[string]map[string]any{"StringEquals": {at.key: at.value}}
			}
			keys, drafts = append(keys, key), append(drafts, draft)
		}
		resources[key] = append(resources[key], at.resource)
	}
	for i, key := range keys {
		drafts[i].Resource = resources[key]
	}
	return numbered(drafts)
}

// order puts the removal's rights behind those of the set-up, and those of audits,
// backfills and drills last, so that they only hold what nothing before them needs.
func order(r survey.Right) int {
	switch r.For {
	case pair.TearDown:
		return 1
	case pair.Audit, pair.Inventory:
		return 2
	case pair.Backfill:
		return 3
	case pair.Drill:
		return 4
	default:
	}
	return 0
}

// numbered makes the Sids unique, as IAM asks for.
func numbered(drafts []policy.Draft) []policy.Draft {
	seen := map[string]int{}
	for i := range drafts {
		sid := &drafts[i].Sid
		seen[*sid]++
		if n := seen[*sid]; n > 1 {
			*sid = fmt.Sprintf("%s%d", *sid, n)
		}
	}
	return drafts
}
