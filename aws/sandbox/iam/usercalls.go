package iam

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// getUser answers for the caller if no name is given. A role session is not a user and must give one.
func getUser(d *Directory, q *query) (any, error) {
	type userXML struct {
		Path       string
		UserName   string `xml:",omitempty"`
		UserID     string `xml:"UserId"`
		Arn        string
		CreateDate string
	}
	type result struct{ User userXML }
	name := q.get("UserName")
	if name == "" {
		switch q.principal.Kind {
		case policy.Root:
			return result{userXML{Path: "/", UserID: d.account, Arn: q.principal.ARN, CreateDate: timestamp(d.created)}}, nil
		case policy.User:
			name = q.principal.Name
		default:
			return nil, errValidation("Must specify userName when calling with non-User credentials")
		}
	}
	u := d.users[strings.ToLower(name)]
	if u == nil {
		return nil, errNoSuchEntity("The user with name " + name + " cannot be found.")
	}
	return result{userXML{u.path, u.name, u.id, u.arn, timestamp(u.created)}}, nil
}

// SetUserBoundary sets the permissions boundary of a user to a policy document; "" removes it.
func (d *Directory) SetUserBoundary(name, document string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.users[strings.ToLower(name)]
	if u == nil {
		return errNoSuchEntity("The user with name " + name + " cannot be found.")
	}
	changed := *u
	changed.boundary = ""
	if document != "" {
		boundary := "boundary-of-user-" + u.name
		managed, err := newManagedPolicy(d.arn(d.account, "policy/"+boundary), boundary, "/", document)
		if err != nil {
			return err
		}
		d.policies[managed.arn], changed.boundary = managed, managed.arn
	}
	d.users[strings.ToLower(name)] = &changed
	return nil
}

// AttachUserPolicy attaches a managed policy to a user.
func (d *Directory) AttachUserPolicy(name, policyARN string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.users[strings.ToLower(name)]
	switch {
	case u == nil:
		return errNoSuchEntity("The user with name " + name + " cannot be found.")
	case d.policies[policyARN] == nil:
		return errNoPolicy(policyARN)
	case slices.Contains(u.attached, policyARN):
		return nil
	}
	changed := *u
	changed.attached = append(slices.Clone(u.attached), policyARN)
	d.users[strings.ToLower(name)] = &changed
	return nil
}

// LimitKey makes an access key ask for a session token and expire, as
// temporary credentials do; "" and the zero time lift that.
func (d *Directory) LimitKey(accessKeyID, sessionToken string, expires time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if k, found := d.keys[accessKeyID]; found {
		k.key.SessionToken, k.key.Expires = sessionToken, expires
		d.keys[accessKeyID] = k
	}
}
