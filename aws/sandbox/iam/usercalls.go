package iam

import (
	"strings"

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
