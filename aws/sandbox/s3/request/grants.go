package request

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// maxGrants is how many grants an ACL may have (S3 User Guide, Access control
// list overview).
const maxGrants = 100

// permissions are those that a grant may give, by the header that gives them.
var permissions = map[string]string{
	"X-Amz-Grant-Read": store.Read, "X-Amz-Grant-Write": store.Write, "X-Amz-Grant-Read-Acp": store.ReadACP,
	"X-Amz-Grant-Write-Acp": store.WriteACP, "X-Amz-Grant-Full-Control": store.FullControl,
}

// ReadGrants reads an AccessControlPolicy.
func ReadGrants(doc []byte) ([]store.Grant, error) {
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "AccessControlPolicy" || !root.Only(nil, "Owner", "AccessControlList") {
		return nil, MalformedXML()
	}
	list := root.Child("AccessControlList")
	if list == nil || !list.Only([]string{"Grant"}) || len(list.Children) > maxGrants {
		return nil, MalformedXML()
	}
	grants := []store.Grant{}
	for _, n := range list.Children {
		to, permission := n.Child("Grantee"), n.Value("Permission")
		if !n.Only(nil, "Grantee", "Permission") || !isPermission(permission) || !hasOne(to) {
			return nil, MalformedXML()
		}
		grant, err := grantTo(to.Value("ID"), to.Value("URI"))
		if err != nil {
			return nil, err
		}
		grant.Permission = permission
		grants = append(grants, grant)
	}
	return grants, nil
}

func isPermission(name string) bool {
	for _, p := range permissions {
		if p == name {
			return true
		}
	}
	return false
}

// hasOne says whether a grantee is named in one way. DisplayName is no more
// than that.
func hasOne(to *xmltree.Node) bool {
	named := 0
	for _, way := range []string{"ID", "URI", "EmailAddress"} {
		if to.Child(way) != nil {
			named++
		}
	}
	return named == 1 && to.Only(nil, "ID", "DisplayName", "URI", "EmailAddress")
}

// grantTo is a grant to an account or a group; accounts have no addresses here.
func grantTo(id, uri string) (store.Grant, error) {
	groups := []string{store.AllUsers, store.AuthenticatedUsers, store.LogDelivery}
	switch {
	case uri != "" && !slices.Contains(groups, uri):
		return store.Grant{}, InvalidArgument("Invalid group uri", "uri", uri)
	case uri != "":
		return store.Grant{Group: uri}, nil
	case id == "":
		return store.Grant{}, refusal.New(http.StatusBadRequest, "UnresolvableGrantByEmailAddress",
			"The e-mail address you provided does not match any account on record.")
	case len(id) != 64 || strings.Trim(id, "0123456789abcdef") != "":
		return store.Grant{}, InvalidArgument("Invalid id", "id", id)
	}
	return store.Grant{ID: id}, nil
}

// HeaderGrants reads the headers that grant one by one, nil if there is none.
func (c *Call) HeaderGrants() ([]store.Grant, error) {
	var grants []store.Grant
	for _, name := range slices.Sorted(maps.Keys(permissions)) {
		for part := range strings.SplitSeq(strings.Join(c.R.Header.Values(name), ","), ",") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			kind, value, found := strings.Cut(part, "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			var id, uri string
			switch kind = strings.TrimSpace(kind); {
			case !found:
				return nil, InvalidArgument("Argument format is not known", strings.ToLower(name), part)
			case kind == "id":
				id = value
			case kind == "uri":
				uri = value
			case kind != "emailAddress":
				return nil, InvalidArgument("Argument format is not known", strings.ToLower(name), part)
			}
			grant, err := grantTo(id, uri)
			if err != nil {
				return nil, err
			}
			grant.Permission = permissions[name]
			grants = append(grants, grant)
		}
	}
	return grants, nil
}
