package buckets

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// GetACL answers with the one grant that there is where ACLs are disabled:
// full control for the owner.
func GetACL(c *request.Call) error {
	type grantee struct {
		Namespace string `xml:"xmlns:xsi,attr"`
		Type      string `xml:"xsi:type,attr"`
		ID        string `xml:"ID"`
	}
	type grant struct {
		Grantee    grantee `xml:"Grantee"`
		Permission string  `xml:"Permission"`
	}
	id := request.CanonicalID(c.Bucket.Owner)
	return c.Document(struct {
		XMLName xml.Name      `xml:"http://s3.amazonaws.com/doc/2006-03-01/ AccessControlPolicy"`
		Owner   request.Owner `xml:"Owner"`
		Grants  []grant       `xml:"AccessControlList>Grant"`
	}{
		Owner: request.Owner{ID: id},
		Grants: []grant{{
			Grantee:    grantee{"http://www.w3.org/2001/XMLSchema-instance", "CanonicalUser", id},
			Permission: "FULL_CONTROL",
		}},
	})
}

// cannedACLs are those that S3 knows.
var cannedACLs = []string{
	"private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
	"bucket-owner-full-control", "log-delivery-write",
}

// PutACL accepts what changes nothing and refuses the rest: grants of ACLs
// decide nothing here, even where the bucket has them enabled.
func PutACL(c *request.Call) error {
	doc, err := c.ReadDocument()
	if err != nil {
		return err
	}
	if err := CheckACLHeaders(c); err != nil {
		return err
	}
	canned := c.R.Header.Get("X-Amz-Acl")
	switch {
	case canned == "" && len(doc) == 0:
		return refusal.New(http.StatusBadRequest, "MissingSecurityHeader", "Your request was missing a required header",
			refusal.With("MissingHeaderName", "x-amz-acl"))
	case canned == "" && ownersOnly(c, doc):
		return c.Empty(http.StatusOK)
	case !hasACLs(c) && canned != "bucket-owner-full-control":
		return errNoACLs()
	case canned == "":
		return request.NotImplemented("AccessControlPolicy")
	}
	return c.Empty(http.StatusOK)
}

// ownersOnly says whether an ACL grants full control to the bucket's owner and
// nothing else, which is what holds anyway.
func ownersOnly(c *request.Call, doc []byte) bool {
	root, err := xmltree.Parse(doc)
	if err != nil {
		return false
	}
	grants := root.Child("AccessControlList").All("Grant")
	for _, g := range grants {
		if g.Value("Permission") != "FULL_CONTROL" || g.Child("Grantee").Value("ID") != request.CanonicalID(c.Bucket.Owner) {
			return false
		}
	}
	return len(grants) > 0
}

func errNoACLs() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// hasACLs says whether the bucket has ACLs enabled.
func hasACLs(c *request.Call) bool {
	doc, found := c.Bucket.Setting("ownershipControls")
	return !found || !strings.Contains(string(doc), ">BucketOwnerEnforced<")
}

// CheckACLHeaders refuses grants, except those that say what holds anyway (S3
// User Guide, Controlling ownership of objects).
func CheckACLHeaders(c *request.Call) error {
	canned, grants := c.R.Header.Get("X-Amz-Acl"), false
	for name := range c.R.Header {
		grants = grants || strings.HasPrefix(name, "X-Amz-Grant-")
	}
	switch {
	case canned != "" && grants:
		return request.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
	case canned != "" && !slices.Contains(cannedACLs, canned):
		return request.InvalidArgument("", "x-amz-acl", canned)
	case canned == "" && !grants, canned == "private", canned == "bucket-owner-full-control":
		return nil
	case !hasACLs(c):
		return errNoACLs()
	case strings.HasPrefix(canned, "public-") && c.Blocks("BlockPublicAcls"):
		return request.AccessDenied("")
	}
	return request.NotImplemented("x-amz-acl")
}
