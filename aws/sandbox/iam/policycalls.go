package iam

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// The calls below are those of roles and of users: what they do to the entity is the same.

func errNoInlinePolicy(e *entity, name string) *refusal.Error {
	return errNoSuchEntity("The " + e.kind() + " policy with name " + name + " cannot be found.")
}

func putInlinePolicy(_ *Directory, q *query, e *entity) error {
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
	e.inline[name] = inline
	total, most := 0, maxInlineSize[e.kind()]
	for _, p := range e.inline {
		total += size(p.text)
	}
	if total > most {
		return refusal.New(http.StatusConflict, "LimitExceeded",
			"Maximum policy size of "+strconv.Itoa(most)+" bytes exceeded for "+e.kind()+" "+e.name)
	}
	return nil
}

func getInlinePolicy(_ *Directory, q *query, e *entity) (any, error) {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return nil, err
	}
	inline, found := e.inline[name]
	if !found {
		return nil, errNoInlinePolicy(e, name)
	}
	return struct {
		RoleName, UserName         string `xml:",omitempty"`
		PolicyName, PolicyDocument string
	}{e.nameOf("role"), e.nameOf("user"), name, escape(inline.text)}, nil
}

func listInlinePolicies(_ *Directory, q *query, e *entity) (any, error) {
	names, more, err := page(q, slices.Sorted(maps.Keys(e.inline)), func(name string) string { return name })
	return struct {
		PolicyNames members[string]
		paging
	}{names, more}, err
}

func deleteInlinePolicy(_ *Directory, q *query, e *entity) error {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return err
	}
	if _, found := e.inline[name]; !found {
		return errNoInlinePolicy(e, name)
	}
	delete(e.inline, name)
	return nil
}

func attachPolicy(d *Directory, q *query, e *entity) error {
	arn, err := q.require("PolicyArn")
	switch {
	case err != nil:
		return err
	case d.policies[arn] == nil:
		return errNoSuchEntity("Policy " + arn + " does not exist or is not attachable.")
	case slices.Contains(e.attached, arn):
		return nil
	case len(e.attached) >= maxAttached:
		return errLimit("PoliciesPer"+strings.ToUpper(e.kind()[:1])+e.kind()[1:], maxAttached)
	}
	e.attached = append(e.attached, arn)
	return nil
}

func detachPolicy(_ *Directory, q *query, e *entity) error {
	arn, err := q.require("PolicyArn")
	if err != nil {
		return err
	}
	at := slices.Index(e.attached, arn)
	if at < 0 {
		return errNoPolicy(arn)
	}
	e.attached = slices.Delete(e.attached, at, at+1)
	return nil
}

func listAttachedPolicies(d *Directory, q *query, e *entity) (any, error) {
	type attached struct{ PolicyName, PolicyArn string }
	policies, more, err := page(q, slices.Sorted(slices.Values(e.attached)), func(arn string) attached {
		return attached{d.policies[arn].name, arn}
	})
	return struct {
		AttachedPolicies members[attached]
		paging
	}{policies, more}, err
}

func putBoundary(d *Directory, q *query, e *entity) error {
	arn, err := q.require("PermissionsBoundary")
	if err != nil {
		return err
	}
	if d.policies[arn] == nil {
		return errNoPolicy(arn)
	}
	e.boundary = arn
	return nil
}

func deleteBoundary(_ *Directory, _ *query, e *entity) error {
	e.boundary = ""
	return nil
}
