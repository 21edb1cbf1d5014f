package iam

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"bothways/aws/sandbox/refusal"
)

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
	names, more, err := page(q, slices.Sorted(maps.Keys(r.inline)), func(name string) string { return name })
	return struct {
		PolicyNames members[string]
		paging
	}{names, more}, err
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

func attachRolePolicy(d *Directory, q *query, r *role) error {
	arn, err := q.require("PolicyArn")
	switch {
	case err != nil:
		return err
	case d.policies[arn] == nil:
		return errNoSuchEntity("Policy " + arn + " does not exist or is not attachable.")
	case slices.Contains(r.attached, arn):
		return nil
	case len(r.attached) >= maxAttached:
		return errLimit("PoliciesPerRole", maxAttached)
	}
	r.attached = append(r.attached, arn)
	return nil
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
	type attached struct{ PolicyName, PolicyArn string }
	policies, more, err := page(q, slices.Sorted(slices.Values(r.attached)), func(arn string) attached {
		return attached{d.policies[arn].name, arn}
	})
	return struct {
		AttachedPolicies members[attached]
		paging
	}{policies, more}, err
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
