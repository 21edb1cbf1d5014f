package iam

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// userXML is a user as it appears in answers.
type userXML struct {
	Path                string
	UserName            string `xml:",omitempty"`
	UserID              string `xml:"UserId"`
	Arn                 string
	CreateDate          string
	PermissionsBoundary *boundaryXML  `xml:",omitempty"`
	Tags                *members[tag] `xml:",omitempty"`
}

// xml shows a user; tags and boundary are not in lists (IAM API Reference, ListUsers).
func (u *user) xml(whole bool) userXML {
	x := userXML{Path: u.path, UserName: u.name, UserID: u.id, Arn: u.arn, CreateDate: timestamp(u.created)}
	if whole && u.boundary != "" {
		x.PermissionsBoundary = &boundaryXML{"PermissionsBoundaryPolicy", u.boundary}
	}
	if whole && len(u.tags) > 0 {
		x.Tags = &members[tag]{u.tags}
	}
	return x
}

func errNoUser(name string) *refusal.Error {
	return errNoSuchEntity("The user with name " + name + " cannot be found.")
}

// user returns the user that UserName names, the caller if nothing does. A role session is not a user and must name one.
func (q *query) user(d *Directory) (*user, error) {
	name := q.get("UserName")
	if name == "" && q.principal.Kind == policy.User {
		name = q.principal.Name
	}
	if name == "" {
		return nil, errValidation("Must specify userName when calling with non-User credentials")
	}
	if u := d.users[strings.ToLower(name)]; u != nil {
		return u, nil
	}
	return nil, errNoUser(name)
}

// ofUser makes a call of what is done with the user that it names.
func ofUser(do func(*Directory, *query, *user) (any, error)) func(*Directory, *query) (any, error) {
	return func(d *Directory, q *query) (any, error) {
		u, err := q.user(d)
		if err != nil {
			return nil, err
		}
		return do(d, q, u)
	}
}

// ofUserEntity makes a call of what is done with users as with roles.
func ofUserEntity(do func(*Directory, *query, *entity) (any, error)) func(*Directory, *query) (any, error) {
	return ofUser(func(d *Directory, q *query, u *user) (any, error) { return do(d, q, &u.entity) })
}

// changingUser makes a call of a change of a user, as of a role. The change is made to a copy.
func changingUser(change func(*Directory, *query, *entity) error) func(*Directory, *query) (any, error) {
	return ofUser(func(d *Directory, q *query, u *user) (any, error) {
		changed := &user{u.clone()}
		if err := change(d, q, &changed.entity); err != nil {
			return nil, err
		}
		d.users[strings.ToLower(u.name)] = changed
		return nil, nil
	})
}

// userNames lists the users by the lower case of their names.
func (d *Directory) userNames() []string { return slices.Sorted(maps.Keys(d.users)) }

func createUser(d *Directory, q *query) (any, error) {
	name, err := q.name("UserName", 64)
	if err != nil {
		return nil, err
	}
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	u := &user{d.newEntity("user", path, name, "AIDA")}
	if u.tags, err = mergeTags(nil, q.tags()); err != nil {
		return nil, err
	}
	u.boundary = q.get("PermissionsBoundary")
	switch {
	case u.boundary != "" && d.policies[u.boundary] == nil:
		return nil, errNoSuchEntity("Scope ARN: " + u.boundary + " does not exist or is not attachable.")
	case d.users[strings.ToLower(name)] != nil:
		return nil, refusal.New(http.StatusConflict, "EntityAlreadyExists", "User with name "+name+" already exists.")
	}
	d.users[strings.ToLower(name)] = u
	return struct{ User userXML }{u.xml(true)}, nil
}

// getUser answers for the root user where he asks and names nobody.
func getUser(d *Directory, q *query) (any, error) {
	if q.get("UserName") == "" && q.principal.Kind == policy.Root {
		return struct{ User userXML }{userXML{Path: "/", UserID: d.account, Arn: q.principal.ARN, CreateDate: timestamp(d.created)}}, nil
	}
	u, err := q.user(d)
	if err != nil {
		return nil, err
	}
	return struct{ User userXML }{u.xml(true)}, nil
}

func listUsers(d *Directory, q *query) (any, error) {
	names := slices.DeleteFunc(d.userNames(), func(name string) bool { return !strings.HasPrefix(d.users[name].path, q.get("PathPrefix")) })
	users, more, err := page(q, names, func(name string) userXML { return d.users[name].xml(false) })
	return struct {
		Users members[userXML]
		paging
	}{users, more}, err
}

func deleteUser(d *Directory, _ *query, u *user) (any, error) {
	var first string
	switch {
	case len(d.keysOf(u)) > 0:
		first = "delete access keys"
	case len(u.inline) > 0:
		first = "delete policies"
	case len(u.attached) > 0:
		first = "detach all policies"
	default:
		delete(d.users, strings.ToLower(u.name))
		return nil, nil
	}
	return nil, refusal.New(http.StatusConflict, "DeleteConflict", "Cannot delete entity, must "+first+" first.")
}

// none answers that a user has nothing of that kind, which tools ask before they delete him.
func none(list string) func(*Directory, *query) (any, error) {
	return ofUser(func(*Directory, *query, *user) (any, error) {
		return struct {
			List named
			paging
		}{named{list, struct{}{}}, paging{}}, nil
	})
}

// noLoginProfile says that users have no passwords here.
func noLoginProfile(_ *Directory, _ *query, u *user) (any, error) {
	return nil, errNoSuchEntity("Login Profile for User " + u.name + " cannot be found.")
}
