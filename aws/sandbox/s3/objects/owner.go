package objects

import (
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// ownerOfNew returns who a new version belongs to, "" for the bucket's owner:
// where ACLs are enabled, an account that writes to another's bucket keeps
// what it writes, unless the bucket prefers its owner and the writer grants
// full control (S3 User Guide, Controlling ownership of objects).
func ownerOfNew(c *request.Call) string {
	writer := c.Caller.Identity.AccountID
	if writer == "" || writer == c.Bucket.Owner {
		return ""
	}
	doc, found := c.Bucket.Setting("ownershipControls")
	switch {
	case c.Bucket.EnforcesOwner():
		return ""
	case found && strings.Contains(string(doc), ">BucketOwnerPreferred<") &&
		c.R.Header.Get("X-Amz-Acl") == "bucket-owner-full-control":
		return ""
	}
	return writer
}

// checkOwned refuses what another account owns and does not share: neither the
// policies of the bucket nor those of its owner's account reach it, its ACL
// alone does (S3 User Guide, Controlling ownership of objects).
func checkOwned(c *request.Call, v *store.Version, permission string) error {
	owner := c.Bucket.OwnerOf(v)
	if owner != c.Bucket.Owner && owner != c.Caller.Identity.AccountID && !c.Grants(c.Bucket.Grants(v), permission) {
		return request.AccessDenied("")
	}
	return nil
}
