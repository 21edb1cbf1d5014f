package buckets

import (
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func getBucketACL(c *request.Call) error { return TellACL(c, c.Bucket.Owner, c.BucketGrants()) }

func putBucketACL(c *request.Call) error {
	grants, err := TakeACL(c, c.Bucket.Owner)
	if err != nil || grants == nil {
		return err
	}
	c.Bucket.SetSetting("acl", aclOf(c.Bucket.Owner, grants).Document())
	return c.Empty(http.StatusOK)
}

// checkACLBefore refuses to disable ACLs while that of the bucket grants
// something to others (S3 User Guide, Prerequisites for disabling ACLs).
func checkACLBefore(c *request.Call, root *xmltree.Node) error {
	if root.Child("Rule").Value("ObjectOwnership") == Enforced && !ownersOnly(c, c.BucketGrants()) {
		return refusal.New(http.StatusBadRequest, "InvalidBucketAclWithObjectOwnership",
			"Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	return nil
}

// TellACL answers with an ACL.
func TellACL(c *request.Call, owner string, grants []store.Grant) error {
	return c.Tree(aclOf(owner, grants))
}

func aclOf(owner string, grants []store.Grant) *xmltree.Node {
	list := xmltree.Of("AccessControlList")
	for _, g := range grants {
		kind, to := "CanonicalUser", xmltree.Leaf("ID", g.ID)
		if g.Group != "" {
			kind, to = "Group", xmltree.Leaf("URI", g.Group)
		}
		list.Children = append(list.Children, xmltree.Of("Grant", xmltree.Typed("Grantee", kind, to), xmltree.Leaf("Permission", g.Permission)))
	}
	return xmltree.Of("AccessControlPolicy", xmltree.Of("Owner", xmltree.Leaf("ID", store.CanonicalID(owner))), list)
}

// cannedACLs are those that S3 knows.
var cannedACLs = []string{
	"private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
	"bucket-owner-full-control", "log-delivery-write",
}

// ec2 is the canonical user id of Amazon EC2, which aws-exec-read lets read.
const ec2 = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"

// canned returns the grants of a canned ACL (S3 User Guide, Access control list
// overview: Canned ACL).
func canned(name, owner, bucketOwner string) []store.Grant {
	grants := []store.Grant{{ID: store.CanonicalID(owner), Permission: store.FullControl}}
	add := func(more ...store.Grant) []store.Grant { return append(grants, more...) }
	switch name {
	case "public-read":
		return add(store.Grant{Group: store.AllUsers, Permission: store.Read})
	case "public-read-write":
		return add(store.Grant{Group: store.AllUsers, Permission: store.Read}, store.Grant{Group: store.AllUsers, Permission: store.Write})
	case "authenticated-read":
		return add(store.Grant{Group: store.AuthenticatedUsers, Permission: store.Read})
	case "aws-exec-read":
		return add(store.Grant{ID: ec2, Permission: store.Read})
	case "log-delivery-write":
		return add(store.Grant{Group: store.LogDelivery, Permission: store.Write}, store.Grant{Group: store.LogDelivery, Permission: store.ReadACP})
	}
	switch {
	case owner == bucketOwner:
	case name == "bucket-owner-read":
		return add(store.Grant{ID: store.CanonicalID(bucketOwner), Permission: store.Read})
	case name == "bucket-owner-full-control":
		return add(store.Grant{ID: store.CanonicalID(bucketOwner), Permission: store.FullControl})
	}
	return grants
}

// TakeACL reads the ACL that a request puts, in headers or as a document. nil
// says that it was answered: where ACLs are disabled, what holds anyway is
// accepted and changes nothing (S3 User Guide, Controlling ownership of
// objects).
func TakeACL(c *request.Call, owner string) ([]store.Grant, error) {
	doc, err := c.ReadDocument()
	if err != nil {
		return nil, err
	}
	grants, err := HeaderACL(c, owner)
	if err != nil {
		return nil, err
	}
	name := c.R.Header.Get("X-Amz-Acl")
	if grants == nil && len(doc) == 0 {
		return nil, refusal.New(http.StatusBadRequest, "MissingSecurityHeader", "Your request was missing a required header",
			refusal.With("MissingHeaderName", "x-amz-acl"))
	}
	if grants == nil {
		if grants, err = request.ReadGrants(doc); err != nil {
			return nil, err
		}
	}
	if c.Bucket.EnforcesOwner() {
		if name == "bucket-owner-full-control" || name == "" && ownersOnly(c, grants) {
			return nil, c.Empty(http.StatusOK)
		}
		return nil, errNoACLs()
	}
	return grants, checkPublic(c, grants)
}

// ownersOnly says whether an ACL grants full control to the bucket's owner and
// nothing else.
func ownersOnly(c *request.Call, grants []store.Grant) bool {
	for _, g := range grants {
		if g.Permission != store.FullControl || g.ID != store.CanonicalID(c.Bucket.Owner) {
			return false
		}
	}
	return len(grants) > 0
}

func errNoACLs() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// checkPublic refuses grants to everybody where the bucket blocks them (S3 User
// Guide, Blocking public access: BlockPublicAcls).
func checkPublic(c *request.Call, grants []store.Grant) error {
	if slices.ContainsFunc(grants, store.Grant.Public) && c.Blocks("BlockPublicAcls") {
		return request.AccessDenied("")
	}
	return nil
}

// HeaderACL reads the ACL of the headers, nil if they have none.
func HeaderACL(c *request.Call, owner string) ([]store.Grant, error) {
	name := c.R.Header.Get("X-Amz-Acl")
	grants, err := c.HeaderGrants()
	switch {
	case err != nil:
		return nil, err
	case name != "" && grants != nil:
		return nil, request.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
	case name != "" && !slices.Contains(cannedACLs, name):
		return nil, request.InvalidArgument("", "x-amz-acl", name)
	case name == "":
		return grants, nil
	}
	return canned(name, owner, c.Bucket.Owner), nil
}

// ACLOfNew reads the ACL that a new object is to have, nil for its owner's
// alone. Where ACLs are disabled, headers may say what holds anyway.
func ACLOfNew(c *request.Call, owner string) ([]store.Grant, error) {
	name := c.R.Header.Get("X-Amz-Acl")
	if c.Bucket.EnforcesOwner() && name == "" && hasACLHeader(c) {
		return nil, errNoACLs()
	}
	grants, err := HeaderACL(c, owner)
	switch {
	case err != nil:
		return nil, err
	case grants == nil, name == "private":
		return nil, nil
	case !c.Bucket.EnforcesOwner():
		return grants, checkPublic(c, grants)
	case name == "bucket-owner-full-control":
		return nil, nil
	}
	return nil, errNoACLs()
}

// hasACLHeader says whether headers ask for an ACL other than the default.
func hasACLHeader(c *request.Call) bool {
	for name := range c.R.Header {
		if strings.HasPrefix(name, "X-Amz-Grant-") || name == "X-Amz-Acl" && c.R.Header.Get(name) != "private" {
			return true
		}
	}
	return false
}

// aclOfBucket reads the ACL that a bucket about to be made is to have, nil for
// its owner's alone. New buckets block public ones (S3 API Reference,
// CreateBucket).
func aclOfBucket(c *request.Call, ownership string) ([]store.Grant, error) {
	name := c.R.Header.Get("X-Amz-Acl")
	if name != "" && !slices.Contains(cannedACLs, name) {
		return nil, request.InvalidArgument("", "x-amz-acl", name)
	}
	grants, err := c.HeaderGrants()
	switch {
	case err != nil:
		return nil, err
	case !hasACLHeader(c):
		return nil, nil
	case name != "" && grants != nil:
		return nil, request.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
	case ownership == Enforced:
		return nil, refusal.New(http.StatusBadRequest, "InvalidBucketAclWithObjectOwnership",
			"Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	case name != "":
		owner := c.Caller.Identity.AccountID
		grants = canned(name, owner, owner)
	}
	if slices.ContainsFunc(grants, store.Grant.Public) {
		return nil, refusal.New(http.StatusBadRequest, "InvalidBucketAclWithBlockPublicAccessError",
			"Bucket cannot have public ACLs set with BlockPublicAccess enabled")
	}
	return grants, nil
}
