package iam

import (
	"slices"
	"strings"
)

// listPolicies lists the managed policies, those of AWS too unless Scope is Local.
func listPolicies(d *Directory, q *query) (any, error) {
	var arns []string
	for arn, p := range d.policies {
		scope := q.get("Scope")
		if scope == "Local" && d.ofAWS(p) || scope == "AWS" && !d.ofAWS(p) || !strings.HasPrefix(p.path, q.get("PathPrefix")) ||
			q.get("OnlyAttached") == "true" && d.attachments(arn) == 0 {
			continue
		}
		arns = append(arns, arn)
	}
	slices.Sort(arns)
	policies, more, err := page(q, arns, func(arn string) policyXML { return d.policies[arn].xml(d, false) })
	return struct {
		Policies members[policyXML]
		paging
	}{policies, more}, err
}

// listEntitiesForPolicy lists whom a policy is attached to, and whom it bounds.
func listEntitiesForPolicy(d *Directory, q *query, p *managedPolicy) (any, error) {
	type (
		roleEntity struct {
			RoleName string
			RoleID   string `xml:"RoleId"`
		}
		userEntity struct {
			UserName string
			UserID   string `xml:"UserId"`
		}
	)
	var answer struct {
		PolicyGroups struct{}
		PolicyUsers  members[userEntity]
		PolicyRoles  members[roleEntity]
		paging
	}
	filter, usage := q.get("EntityFilter"), q.get("PolicyUsageFilter")
	concerns := func(e *entity) bool {
		return usage != "PermissionsBoundary" && slices.Contains(e.attached, p.arn) || usage != "PermissionsPolicy" && e.boundary == p.arn
	}
	for _, name := range d.userNames() {
		if u := d.users[name]; (filter == "" || filter == "User") && concerns(&u.entity) {
			answer.PolicyUsers.Member = append(answer.PolicyUsers.Member, userEntity{u.name, u.id})
		}
	}
	for _, name := range d.roleNames("") {
		if r := d.findRole(name); (filter == "" || filter == "Role") && concerns(&r.entity) {
			answer.PolicyRoles.Member = append(answer.PolicyRoles.Member, roleEntity{r.name, r.id})
		}
	}
	return answer, nil
}

// listAccountAliases answers that the account has none.
func listAccountAliases(*Directory, *query) (any, error) {
	return struct {
		AccountAliases struct{}
		paging
	}{}, nil
}
