package request

import (
	"slices"

	"bothways/aws/sandbox/store"
)

// BucketGrants returns the ACL of the bucket.
func (c *Call) BucketGrants() []store.Grant {
	doc, found := c.Bucket.Setting("acl")
	if found && !c.Bucket.EnforcesOwner() {
		if grants, err := ReadGrants(doc); err == nil { // it was read before it was kept
			return grants
		}
	}
	return []store.Grant{{ID: store.CanonicalID(c.Bucket.Owner), Permission: store.FullControl}}
}

// byACL are the actions that the ACL of an object or, below, that of a bucket
// can allow (S3 User Guide, Access control list overview: Mapping of ACL
// permissions and access policy permissions).
var (
	byACL = map[string]string{
		"s3:GetObject": store.Read, "s3:GetObjectVersion": store.Read,
		"s3:GetObjectAcl": store.ReadACP, "s3:GetObjectVersionAcl": store.ReadACP,
		"s3:PutObjectAcl": store.WriteACP, "s3:PutObjectVersionAcl": store.WriteACP,
	}
	byBucketACL = map[string]string{
		"s3:ListBucket": store.Read, "s3:ListBucketVersions": store.Read, "s3:ListBucketMultipartUploads": store.Read,
		"s3:PutObject": store.Write, "s3:GetBucketAcl": store.ReadACP, "s3:PutBucketAcl": store.WriteACP,
	}
)

// granted says whether an ACL lets the caller do an action with the object or
// the bucket.
func (c *Call) granted(action string) bool {
	if c.Bucket.EnforcesOwner() {
		return false
	}
	if permission := byBucketACL[action]; permission != "" {
		return c.Grants(c.BucketGrants(), permission)
	}
	permission := byACL[action]
	if permission == "" || c.Key == "" {
		return false
	}
	v, err := c.Bucket.Find(c.Key, c.Query.Get("versionId"))
	return err == nil && !v.Marker && c.Grants(c.Bucket.Grants(v), permission)
}

// Grants says whether grants give the caller's account a permission. Those to
// everybody count unless the bucket ignores public ACLs.
func (c *Call) Grants(grants []store.Grant, permission string) bool {
	return slices.ContainsFunc(grants, func(g store.Grant) bool {
		switch {
		case g.Permission != permission && g.Permission != store.FullControl:
			return false
		case g.Public():
			return (g.Group == store.AllUsers || !c.Anonymous()) && !c.Blocks("IgnorePublicAcls")
		}
		return !c.Anonymous() && g.ID == store.CanonicalID(c.Caller.Identity.AccountID)
	})
}
