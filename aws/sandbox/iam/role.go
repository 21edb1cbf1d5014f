package iam

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// role is one state of a role. It is never changed in place: a change is a clone, so that the state of a moment ago can
// still be evaluated.
type role struct {
	entity
	description string
	maxSession  time.Duration
	trust       string
	trustParsed *policy.Document
}

func (r *role) clone() *role {
	c := *r
	c.entity = r.entity.clone()
	return &c
}

// roleHistory is a role over time, so that changes can take a while to be effective.
type roleHistory struct {
	versions []roleVersion // oldest first, never empty
}

type roleVersion struct {
	since time.Time
	role  *role // nil after the role was deleted
}

// latest returns the role as the calls that manage it see it, nil if there is none.
func (h *roleHistory) latest() *role {
	if h == nil {
		return nil
	}
	return h.versions[len(h.versions)-1].role
}

// at returns the role as it was at an instant, nil if it did not exist.
func (h *roleHistory) at(instant time.Time) *role {
	if h == nil {
		return nil
	}
	for _, version := range slices.Backward(h.versions) {
		if !version.since.After(instant) {
			return version.role
		}
	}
	return nil
}

// put adds a state and forgets those that can no longer be effective at any instant from horizon on.
func (h *roleHistory) put(r *role, now, horizon time.Time) {
	h.versions = append(h.versions, roleVersion{now, r})
	for len(h.versions) > 1 && !h.versions[1].since.After(horizon) {
		h.versions = h.versions[1:]
	}
}

// findRole returns the latest state of a role, nil if there is none. Names differ by more than case (IAM API Reference,
// CreateRole). d.mu must be held.
func (d *Directory) findRole(name string) *role { return d.roles[strings.ToLower(name)].latest() }

// effectiveRole returns the role that an ARN names as services see it now, nil if they see none. d.mu must be held.
func (d *Directory) effectiveRole(arn string, now time.Time) *role {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	r := d.roles[strings.ToLower(name)].at(now.Add(-d.propagation))
	if r == nil || r.arn != arn {
		return nil
	}
	return r
}

// storeRole records a new state under a name; a nil role is a deletion. d.mu must be held for writing.
func (d *Directory) storeRole(name string, r *role) {
	now := time.Now()
	key := strings.ToLower(name)
	history := d.roles[key]
	if history == nil {
		history = &roleHistory{}
		d.roles[key] = history
	}
	history.put(r, now, now.Add(-d.propagation))
	if len(history.versions) == 1 && history.latest() == nil {
		delete(d.roles, key)
	}
}
