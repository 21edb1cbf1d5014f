package store

import (
	"bytes"
	"slices"
)

// Grant is one grant of an ACL: to an account by its canonical user id, or to
// a group by its URI.
type Grant struct {
	ID         string `json:",omitempty"`
	Group      string `json:",omitempty"`
	Permission string
}

// The permissions of grants.
const (
	Read        = "READ"
	Write       = "WRITE"
	ReadACP     = "READ_ACP"
	WriteACP    = "WRITE_ACP"
	FullControl = "FULL_CONTROL"
)

// The groups that S3 knows (S3 User Guide, Access control list overview).
const (
	AllUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	AuthenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	LogDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// Public says whether a grant is to everybody, or to everybody who has an
// account.
func (g Grant) Public() bool { return g.Group == AllUsers || g.Group == AuthenticatedUsers }

// CanonicalID is the canonical user id of an account: 64 hexadecimal digits
// that depend on the account alone.
func CanonicalID(accountID string) string {
	const filler = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c"
	return filler + accountID
}

// Grants returns the ACL of a version. Without one its owner alone has it.
func (b *Bucket) Grants(v *Version) []Grant {
	if v.ACL == nil || b.EnforcesOwner() {
		return []Grant{{ID: CanonicalID(b.OwnerOf(v)), Permission: FullControl}}
	}
	return v.ACL
}

// granted says whether one of the grants gives an account a permission.
func granted(grants []Grant, account, permission string) bool {
	return slices.ContainsFunc(grants, func(g Grant) bool {
		return g.ID == CanonicalID(account) && (g.Permission == permission || g.Permission == FullControl)
	})
}

// MayRead says whether the bucket's owner can read a new version: his own, or
// one whose owner lets him. It may be called with the bucket's lock held.
func (b *Bucket) MayRead(v *Version) bool {
	return v.Owner == "" || v.Owner == b.Owner || granted(v.ACL, b.Owner, Read)
}

// EnforcesOwner says whether ACLs are disabled: the bucket's owner has all that
// lies in it (S3 User Guide, Controlling ownership of objects).
func (b *Bucket) EnforcesOwner() bool {
	doc, _ := b.Setting("ownershipControls")
	return bytes.Contains(doc, []byte(">BucketOwnerEnforced<"))
}
