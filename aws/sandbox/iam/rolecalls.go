package iam

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// Quotas of an account and of a role (IAM User Guide, "IAM and AWS STS quotas").
const (
	maxRoles          = 1000
	maxTrustSize      = 2048
	maxManagedSize    = 6144
	maxAttached       = 10
	maxTags           = 50
	defaultMaxSession = time.Hour
)

// maxInlineSize is how large the inline policies of an entity may be together.
var maxInlineSize = map[string]int{"role": 10240, "user": 2048}

// roleXML is a role as it appears in answers.
type roleXML struct {
	Path                     string
	RoleName                 string
	RoleID                   string `xml:"RoleId"`
	Arn                      string
	CreateDate               string
	AssumeRolePolicyDocument string
	Description              string        `xml:",omitempty"`
	MaxSessionDuration       int           `xml:",omitempty"`
	PermissionsBoundary      *boundaryXML  `xml:",omitempty"`
	Tags                     *members[tag] `xml:",omitempty"`
	RoleLastUsed             *struct{}     `xml:",omitempty"`
}

type boundaryXML struct {
	PermissionsBoundaryType string
	PermissionsBoundaryArn  string
}

// xml shows a role; tags, boundary and last use are in the whole answer only, not in lists (IAM API Reference,
// ListRoles).
func (r *role) xml(whole bool) roleXML {
	x := roleXML{
		Path:                     r.path,
		RoleName:                 r.name,
		RoleID:                   r.id,
		Arn:                      r.arn,
		CreateDate:               timestamp(r.created),
		AssumeRolePolicyDocument: escape(r.trust),
		Description:              r.description,
		MaxSessionDuration:       int(r.maxSession / time.Second),
	}
	if !whole {
		return x
	}
	if r.boundary != "" {
		x.PermissionsBoundary = &boundaryXML{"PermissionsBoundaryPolicy", r.boundary}
	}
	if len(r.tags) > 0 {
		x.Tags = &members[tag]{r.tags}
	}
	x.RoleLastUsed = &struct{}{}
	return x
}

// escape writes a document as IAM returns it, encoded by RFC 3986.
func escape(document string) string { return strings.ReplaceAll(url.QueryEscape(document), "+", "%20") }

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// role returns the role that RoleName names.
func (q *query) role(d *Directory) (*role, error) {
	name, err := q.name("RoleName", 64)
	if err != nil {
		return nil, err
	}
	if r := d.findRole(name); r != nil {
		return r, nil
	}
	return nil, errNoRole(name)
}

// ofRole makes a call of what is done with the role that it names.
func ofRole(do func(*Directory, *query, *role) (any, error)) func(*Directory, *query) (any, error) {
	return func(d *Directory, q *query) (any, error) {
		r, err := q.role(d)
		if err != nil {
			return nil, err
		}
		return do(d, q, r)
	}
}

// changingRole makes a call of a change of the role that it names. The change is made to a copy, which takes the role's
// place unless there is an error.
func changingRole(change func(*Directory, *query, *role) error) func(*Directory, *query) (any, error) {
	return ofRole(func(d *Directory, q *query, r *role) (any, error) {
		if err := r.linked(); err != nil {
			return nil, err
		}
		r = r.clone()
		if err := change(d, q, r); err != nil {
			return nil, err
		}
		d.storeRole(r.name, r)
		return nil, nil
	})
}

// ofRoleEntity makes a call of what is done with roles as with users.
func ofRoleEntity(do func(*Directory, *query, *entity) (any, error)) func(*Directory, *query) (any, error) {
	return ofRole(func(d *Directory, q *query, r *role) (any, error) { return do(d, q, &r.entity) })
}

// changingRoleEntity makes a call of a change of a role, as of a user.
func changingRoleEntity(change func(*Directory, *query, *entity) error) func(*Directory, *query) (any, error) {
	return changingRole(func(d *Directory, q *query, r *role) error { return change(d, q, &r.entity) })
}

func errLimit(quota string, limit int) *refusal.Error {
	return refusal.New(http.StatusConflict, "LimitExceeded",
		"Cannot exceed quota for "+quota+": "+strconv.Itoa(limit))
}

func createRole(d *Directory, q *query) (any, error) {
	name, err := q.name("RoleName", 64)
	if err != nil {
		return nil, err
	}
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	session, err := q.number("MaxSessionDuration", int(defaultMaxSession/time.Second), 3600, 43200)
	if err != nil {
		return nil, err
	}
	trust, parsed, err := d.readTrust(q, "AssumeRolePolicyDocument")
	if err != nil {
		return nil, err
	}
	tags, err := mergeTags(nil, q.tags())
	if err != nil {
		return nil, err
	}
	boundary := q.get("PermissionsBoundary")
	if boundary != "" && d.policies[boundary] == nil {
		return nil, errNoSuchEntity("Scope ARN: " + boundary + " does not exist or is not attachable.")
	}
	if d.findRole(name) != nil {
		return nil, refusal.New(http.StatusConflict, "EntityAlreadyExists",
			"Role with name "+name+" already exists.")
	}
	if len(d.roles) >= maxRoles {
		return nil, errLimit("RolesPerAccount", maxRoles)
	}
	r := &role{
		entity: d.newEntity("role", path, name, "AROA"), description: q.get("Description"),
		maxSession: time.Duration(session) * time.Second, trust: trust, trustParsed: parsed,
	}
	r.boundary, r.tags = boundary, tags
	d.storeRole(name, r)
	answer := r.xml(true)
	// AWS leaves these two to GetRole (IAM API Reference, CreateRole, example).
	answer.MaxSessionDuration, answer.RoleLastUsed = 0, nil
	return struct{ Role roleXML }{answer}, nil
}

// readTrust checks a trust policy. Identities of this account that it names must exist.
func (d *Directory) readTrust(q *query, parameter string) (string, *policy.Document, error) {
	text, err := q.require(parameter)
	if err != nil {
		return "", nil, err
	}
	parsed, err := policy.Parse(text, policy.Trust)
	if err != nil {
		return "", nil, err
	}
	if size(text) > maxTrustSize {
		return "", nil, errLimit("ACLSizePerRole", maxTrustSize)
	}
	for _, arn := range parsed.NamedPrincipals() {
		if !d.mayExist(arn) {
			return "", nil, &policy.SyntaxError{Message: `Invalid principal in policy: "AWS":"` + arn + `"`}
		}
	}
	return text, parsed, nil
}

// mayExist reports whether a principal can be named: everything in other accounts, and what there is in this one.
func (d *Directory) mayExist(arn string) bool {
	if rest, ok := strings.CutPrefix(arn, d.arn(d.account, "user/")); ok {
		u := d.users[strings.ToLower(rest[strings.LastIndexByte(rest, '/')+1:])]
		return u != nil && u.arn == arn
	}
	if rest, ok := strings.CutPrefix(arn, d.arn(d.account, "role/")); ok {
		r := d.findRole(rest[strings.LastIndexByte(rest, '/')+1:])
		return r != nil && r.arn == arn
	}
	return true
}

// size counts a document as quotas do: white space is free.
func size(document string) int {
	count := 0
	for _, r := range document {
		if !strings.ContainsRune(" \t\r\n", r) {
			count++
		}
	}
	return count
}

func getRole(_ *Directory, _ *query, r *role) (any, error) {
	return struct{ Role roleXML }{r.xml(true)}, nil
}

// roleNames lists the roles whose path begins so.
func (d *Directory) roleNames(prefix string) []string {
	var names []string
	for _, history := range d.roles {
		if r := history.latest(); r != nil && strings.HasPrefix(r.path, prefix) {
			names = append(names, r.name)
		}
	}
	slices.Sort(names)
	return names
}

func listRoles(d *Directory, q *query) (any, error) {
	roles, more, err := page(q, d.roleNames(q.get("PathPrefix")), func(name string) roleXML { return d.findRole(name).xml(false) })
	return struct {
		Roles members[roleXML]
		paging
	}{roles, more}, err
}

func updateRole(d *Directory, q *query, r *role) (any, error) {
	session, err := q.number("MaxSessionDuration", int(r.maxSession/time.Second), 3600, 43200)
	if err != nil {
		return nil, err
	}
	r = r.clone()
	r.maxSession = time.Duration(session) * time.Second
	if q.form.Has("Description") {
		r.description = q.get("Description")
	}
	d.storeRole(r.name, r)
	return struct{}{}, nil
}

func updateRoleDescription(d *Directory, q *query, r *role) (any, error) {
	r = r.clone()
	r.description = q.get("Description")
	d.storeRole(r.name, r)
	return struct{ Role roleXML }{r.xml(true)}, nil
}

func deleteRole(d *Directory, q *query, r *role) (any, error) {
	if err := r.linked(); err != nil {
		return nil, err
	}
	var conflict string
	switch {
	case d.profiled(r.name):
		conflict = "Cannot delete entity, must remove roles from instance profile first."
	case len(r.inline) > 0:
		conflict = "Cannot delete entity, must delete policies first."
	case len(r.attached) > 0:
		conflict = "Cannot delete entity, must detach all policies first."
	}
	if conflict != "" {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict", conflict)
	}
	d.storeRole(r.name, nil)
	return nil, nil
}

func updateAssumeRolePolicy(d *Directory, q *query, r *role) error {
	var err error
	r.trust, r.trustParsed, err = d.readTrust(q, "PolicyDocument")
	return err
}
