package iam

import (
	"maps"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// entity is what users and roles have in common.
type entity struct {
	name, path, arn, id string
	created             time.Time
	inline              map[string]inlinePolicy
	attached            []string
	boundary            string // ARN of a managed policy, "" for none
	tags                []tag
}

// newEntity makes one of a kind, which is "user" or "role", with an id of that prefix.
func (d *Directory) newEntity(kind, path, name, prefix string) entity {
	return entity{
		name: name, path: path, arn: d.arn(d.account, kind+path+name), id: uniqueID(prefix), created: time.Now(),
		inline: make(map[string]inlinePolicy),
	}
}

// kind is "user" or "role".
func (e *entity) kind() string {
	kind, _, _ := strings.Cut(e.arn[strings.LastIndexByte(e.arn, ':')+1:], "/")
	return kind
}

// nameOf returns the name if the entity is of that kind, else "".
func (e *entity) nameOf(kind string) string {
	if e.kind() != kind {
		return ""
	}
	return e.name
}

func (e *entity) clone() entity {
	c := *e
	c.tags = slices.Clone(e.tags)
	c.inline = maps.Clone(e.inline)
	c.attached = slices.Clone(e.attached)
	return c
}

// user is an IAM user. It is never changed in place: a change is a clone.
type user struct{ entity }

func (d *Directory) userPrincipal(u *user) Principal {
	return Principal{Kind: policy.User, ARN: u.arn, AccountID: d.account, UserID: u.id, Name: u.name}
}

// inlinePolicy is a document that belongs to one user or role.
type inlinePolicy struct {
	text   string
	parsed *policy.Document
}

func newInlinePolicy(text string) (inlinePolicy, error) {
	parsed, err := policy.Parse(text, policy.Identity)
	return inlinePolicy{text, parsed}, err
}

// namedPolicy is one identity policy with the name that simulations and refusals give it.
type namedPolicy struct {
	name, kind string
	document   *policy.Document
}

// identityPolicies collects the documents of a user or role; d.mu must be held.
func (d *Directory) identityPolicies(kind string, e *entity) []namedPolicy {
	documents := make([]namedPolicy, 0, len(e.inline)+len(e.attached))
	for _, name := range slices.Sorted(maps.Keys(e.inline)) {
		documents = append(documents, namedPolicy{kind + "_" + e.name + "_" + name, "IAM Policy", e.inline[name].parsed})
	}
	for _, arn := range e.attached {
		if managed := d.policies[arn]; managed != nil {
			documents = append(documents, namedPolicy{managed.name, "IAM Policy", managed.parsed})
		}
	}
	return documents
}
