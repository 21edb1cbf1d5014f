package s3

import (
	"encoding/xml"
	"net/http"
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

func (c *call) putACL() error { return errNoACLs() }

func errNoACLs() *Error {
	return fault(http.StatusBadRequest, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

// checkACLHeaders refuses grants on an object, except those that say what
// holds anyway.
func (c *call) checkACLHeaders() error {
	for name := range c.r.Header {
		if len(name) > 12 && name[:12] == "X-Amz-Grant-" {
			return errNoACLs()
		}
	}
	switch c.r.Header.Get("X-Amz-Acl") {
	case "", "private", "bucket-owner-full-control":
		return nil
	}
	return errNoACLs()
}
