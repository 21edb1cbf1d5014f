package iam

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/sigv4"
)

// maxKeys is how many access keys a user may have (IAM User Guide, "IAM and AWS STS quotas").
const maxKeys = 2

// keysOf lists the access keys of a user by id.
func (d *Directory) keysOf(u *user) []string {
	var ids []string
	for id, k := range d.keys {
		if k.principal.Kind == policy.User && k.principal.UserID == u.id && strings.HasPrefix(id, "AKIA") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (k accessKey) status() string {
	if k.inactive {
		return "Inactive"
	}
	return "Active"
}

func createAccessKey(d *Directory, _ *query, u *user) (any, error) {
	if len(d.keysOf(u)) >= maxKeys {
		return nil, errLimit("AccessKeysPerUser", maxKeys)
	}
	var random [30]byte
	_, _ = rand.Read(random[:]) // never fails
	id, secret := "AKIA"+rand.Text()[:16], base64.StdEncoding.EncodeToString(random[:])
	k := accessKey{key: sigv4.Key{SecretAccessKey: secret}, principal: d.userPrincipal(u), created: time.Now()}
	d.keys[id] = k
	type keyXML struct {
		UserName        string
		AccessKeyID     string `xml:"AccessKeyId"`
		Status          string
		SecretAccessKey string
		CreateDate      string
	}
	return struct{ AccessKey keyXML }{keyXML{u.name, id, k.status(), secret, timestamp(k.created)}}, nil
}

// key returns the id of a key of the user that AccessKeyId names.
func (q *query) key(d *Directory, u *user) (string, error) {
	id, err := q.require("AccessKeyId")
	if err == nil && !slices.Contains(d.keysOf(u), id) {
		err = errNoSuchEntity("The Access Key with id " + id + " cannot be found.")
	}
	return id, err
}

func deleteAccessKey(d *Directory, q *query, u *user) (any, error) {
	id, err := q.key(d, u)
	if err != nil {
		return nil, err
	}
	delete(d.keys, id)
	return nil, nil
}

func updateAccessKey(d *Directory, q *query, u *user) (any, error) {
	id, err := q.key(d, u)
	if err != nil {
		return nil, err
	}
	status := q.get("Status")
	if status != "Active" && status != "Inactive" {
		return nil, errValidation("1 validation error detected: Value '" + status + "' at 'status' failed to satisfy constraint: " +
			"Member must satisfy enum value set: [Active, Inactive]")
	}
	k := d.keys[id]
	k.inactive = status == "Inactive"
	d.keys[id] = k
	return nil, nil
}

func listAccessKeys(d *Directory, q *query, u *user) (any, error) {
	type keyXML struct {
		UserName    string
		AccessKeyID string `xml:"AccessKeyId"`
		Status      string
		CreateDate  string
	}
	keys, more, err := page(q, d.keysOf(u), func(id string) keyXML {
		return keyXML{u.name, id, d.keys[id].status(), timestamp(d.keys[id].created)}
	})
	return struct {
		AccessKeyMetadata members[keyXML]
		paging
	}{keys, more}, err
}
