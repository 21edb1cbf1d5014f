package iam

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
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

// linkedPath begins the paths of roles that are linked to a service.
const linkedPath = "/aws-service-role/"

// LinkRole makes the role that is linked to a service unless it is there, for a caller who may: starting to use the
// service needs iam:CreateServiceLinkedRole then (IAM User Guide, Create a service-linked role). It refuses with an
// [*refusal.Error]. Such a role can be changed by nobody but the service.
func (d *Directory) LinkRole(caller Principal, service, name, description string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.findRole(name) != nil {
		return nil
	}
	path := linkedPath + service + "/"
	ctx := policy.Context{}
	ctx.Set("iam:AWSServiceName", service)
	if decision := d.decide(caller, "iam:CreateServiceLinkedRole", d.arn(d.account, "role"+path+name), ctx); !decision.Allow {
		return errDenied(decision.Reason)
	}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}]}`
	parsed, err := policy.Parse(trust, policy.Trust)
	if err != nil {
		return err
	}
	d.storeRole(name, &role{
		entity: d.newEntity("role", path, name, "AROA"), description: description, maxSession: defaultMaxSession, trust: trust, trustParsed: parsed,
	})
	d.tell()
	return nil
}

// linked refuses what nobody does to a role that is linked to a service.
func (r *role) linked() error {
	if strings.HasPrefix(r.path, linkedPath) {
		return refusal.New(http.StatusBadRequest, "UnmodifiableEntity",
			"Cannot perform the operation on the protected role '"+r.name+"' - this role is only modifiable by AWS")
	}
	return nil
}
