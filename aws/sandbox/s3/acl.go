package s3

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/xmltree"
)

// getACL answers with the one grant that there is where ACLs are disabled:
// full control for the owner.
func (c *call) getACL() error {
	if c.key != "" {
		if _, err := c.find(); err != nil {
			return err
		}
	}
	type grantee struct {
		Namespace string `xml:"xmlns:xsi,attr"`
		Type      string `xml:"xsi:type,attr"`
		ID        string `xml:"ID"`
	}
	type grant struct {
		Grantee    grantee `xml:"Grantee"`
		Permission string  `xml:"Permission"`
	}
	id := canonicalID(c.bucket.Owner)
	return c.document(struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ AccessControlPolicy"`
		Owner   owner    `xml:"Owner"`
		Grants  []grant  `xml:"AccessControlList>Grant"`
	}{
		Owner: owner{id},
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

// putACL accepts what changes nothing and refuses the rest: grants of ACLs
// decide nothing here, even where the bucket has them enabled.
func (c *call) putACL() error {
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	if c.key != "" {
		if _, err := c.find(); err != nil {
			return err
		}
	}
	if err := c.checkACLHeaders(); err != nil {
		return err
	}
	canned := c.r.Header.Get("X-Amz-Acl")
	switch {
	case canned == "" && len(doc) == 0:
		return refusal.New(http.StatusBadRequest, "MissingSecurityHeader", "Your request was missing a required header",
			refusal.With("MissingHeaderName", "x-amz-acl"))
	case canned == "" && c.ownersOnly(doc):
		return c.empty(http.StatusOK)
	case !c.hasACLs() && canned != "bucket-owner-full-control":
		return errNoACLs()
	case canned == "":
		return notImplemented("AccessControlPolicy")
	}
	return c.empty(http.StatusOK)
}

// ownersOnly says whether an ACL grants full control to the bucket's owner and
// nothing else, which is what holds anyway.
func (c *call) ownersOnly(doc []byte) bool {
	root, err := xmltree.Parse(doc)
	if err != nil {
		return false
	}
	grants := root.Child("AccessControlList").All("Grant")
	for _, g := range grants {
		if g.Value("Permission") != "FULL_CONTROL" || g.Child("Grantee").Value("ID") != canonicalID(c.bucket.Owner) {
			return false
		}
	}
	return len(grants) > 0
}

func errNoACLs() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// hasACLs says whether the bucket has ACLs enabled.
func (c *call) hasACLs() bool {
	doc, found := c.bucket.Setting("ownershipControls")
	return !found || !strings.Contains(string(doc), ">BucketOwnerEnforced<")
}

// checkACLHeaders refuses grants, except those that say what holds anyway (S3
// User Guide, Controlling ownership of objects).
func (c *call) checkACLHeaders() error {
	canned, grants := c.r.Header.Get("X-Amz-Acl"), false
	for name := range c.r.Header {
		grants = grants || strings.HasPrefix(name, "X-Amz-Grant-")
	}
	switch {
	case canned != "" && grants:
		return invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
	case canned != "" && !slices.Contains(cannedACLs, canned):
		return invalidArgument("", "x-amz-acl", canned)
	case canned == "" && !grants, canned == "private", canned == "bucket-owner-full-control":
		return nil
	case !c.hasACLs():
		return errNoACLs()
	case strings.HasPrefix(canned, "public-") && c.blocks("BlockPublicAcls"):
		return accessDenied("")
	}
	return notImplemented("x-amz-acl")
}
