package iam

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"bothways/aws/sandbox/refusal"
)

// nameList is how the Query protocol writes a list of names.
type nameList struct {
	Member []string `xml:"member"`
}

func errNoRolePolicy(name string) *refusal.Error {
	return errNoSuchEntity("The role policy with name " + name + " cannot be found.")
}

func putRolePolicy(_ *Directory, q *query, r *role) error {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return err
	}
	text, err := q.require("PolicyDocument")
	if err != nil {
		return err
	}
	inline, err := newInlinePolicy(text)
	if err != nil {
		return err
	}
	r.inline[name] = inline
	total := 0
	for _, p := range r.inline {
		total += size(p.text)
	}
	if total > maxInlineSize {
		return refusal.New(http.StatusConflict, "LimitExceeded",
			"Maximum policy size of "+strconv.Itoa(maxInlineSize)+" bytes exceeded for role "+r.name)
	}
	return nil
}

func getRolePolicy(_ *Directory, q *query, r *role) (any, error) {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return nil, err
	}
	inline, found := r.inline[name]
	if !found {
		return nil, errNoRolePolicy(name)
	}
	return struct{ RoleName, PolicyName, PolicyDocument string }{r.name, name, escape(inline.text)}, nil
}

func listRolePolicies(_ *Directory, q *query, r *role) (any, error) {
	names, more, err := q.page(slices.Sorted(maps.Keys(r.inline)))
	if err != nil {
		return nil, err
	}
	return struct {
		PolicyNames nameList
		paging
	}{nameList{names}, more}, nil
}

func deleteRolePolicy(_ *Directory, q *query, r *role) error {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return err
	}
	if _, found := r.inline[name]; !found {
		return errNoRolePolicy(name)
	}
	delete(r.inline, name)
	return nil
}

func attachRolePolicy(d *Directory, q *query, r *role) (any, error) {
	arn, err := q.require("PolicyArn")
	if err != nil {
		return nil, err
	}
	switch {
	case d.policies[arn] == nil:
		return nil, errNoSuchEntity("Policy " + arn + " does not exist or is not attachable.")
	case slices.Contains(r.attached, arn):
		return nil, nil
	case len(r.attached) >= maxAttached:
		return nil, errLimit("PoliciesPerRole", maxAttached)
	}
	r = r.clone()
	r.attached = append(r.attached, arn)
	d.storeRole(r.name, r)
	return nil, nil
}

func detachRolePolicy(_ *Directory, q *query, r *role) error {
	arn, err := q.require("PolicyArn")
	if err != nil {
		return err
	}
	at := slices.Index(r.attached, arn)
	if at < 0 {
		return errNoPolicy(arn)
	}
	r.attached = slices.Delete(r.attached, at, at+1)
	return nil
}

func listAttachedRolePolicies(d *Directory, q *query, r *role) (any, error) {
	arns, more, err := q.page(slices.Sorted(slices.Values(r.attached)))
	if err != nil {
		return nil, err
	}
	type attached struct{ PolicyName, PolicyArn string }
	var result struct {
		AttachedPolicies struct {
			Member []attached `xml:"member"`
		}
		paging
	}
	result.paging = more
	for _, arn := range arns {
		result.AttachedPolicies.Member = append(result.AttachedPolicies.Member, attached{d.policies[arn].name, arn})
	}
	return result, nil
}

func putRoleBoundary(d *Directory, q *query, r *role) error {
	arn, err := q.require("PermissionsBoundary")
	if err != nil {
		return err
	}
	if d.policies[arn] == nil {
		return errNoPolicy(arn)
	}
	r.boundary = arn
	return nil
}

func deleteRoleBoundary(_ *Directory, _ *query, r *role) error {
	r.boundary = ""
	return nil
}
