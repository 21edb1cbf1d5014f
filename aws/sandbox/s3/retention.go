package s3

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// lockable returns the version whose lock is to be read or changed; its bucket
// must have Object Lock (S3 User Guide, Locking objects with Object Lock).
func (c *call) lockable() (*store.Version, error) {
	if _, locked := c.bucket.Setting("object-lock"); !locked {
		return nil, invalidRequest("Bucket is missing Object Lock Configuration")
	}
	return c.find()
}

func noSuchLock() *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchObjectLockConfiguration",
		"The specified object does not have a ObjectLock configuration")
}

func (c *call) getRetention() error {
	v, err := c.lockable()
	if err != nil {
		return err
	}
	if v.Lock.Mode == "" {
		return noSuchLock()
	}
	return c.bytes("application/xml", (&xmltree.Node{Name: "Retention", Children: []*xmltree.Node{
		{Name: "Mode", Text: v.Lock.Mode}, {Name: "RetainUntilDate", Text: stamp(v.Lock.Until)},
	}}).Document())
}

// readLock reads the document of a lock with that root.
func (c *call) readLock(name string, elements ...string) (*xmltree.Node, error) {
	doc, err := c.readDocument()
	if err != nil {
		return nil, err
	}
	if len(doc) == 0 {
		return nil, refusal.New(http.StatusBadRequest, "MissingRequestBodyError", "Request Body is empty")
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != name || !root.Only(nil, elements...) {
		return nil, malformedXML()
	}
	return root, nil
}

// putRetention sets, extends or, where it may, shortens a retention. An empty
// document takes it away.
func (c *call) putRetention() error {
	root, err := c.readLock("Retention", "Mode", "RetainUntilDate")
	if err != nil {
		return err
	}
	mode, until := root.Value("Mode"), time.Time{}
	if len(root.Children) > 0 {
		if !isLockMode(mode) {
			return malformedXML()
		}
		if until, err = time.Parse(time.RFC3339, root.Value("RetainUntilDate")); err != nil {
			return malformedXML()
		}
		if !until.After(time.Now()) {
			return invalidArgument("The retain until date must be in the future!", "RetainUntilDate", root.Value("RetainUntilDate"))
		}
	}
	v, err := c.lockable()
	if err != nil {
		return err
	}
	bypass := c.bypassesGovernance(c.key)
	v, err = c.bucket.Amend(c.key, v.ID, func(v *store.Version) error {
		if err := checkRetention(v.Lock, mode, until, bypass); err != nil {
			return err
		}
		v.Lock.Mode, v.Lock.Until = mode, until
		return nil
	})
	if err != nil {
		return err
	}
	c.api.Engine.Edited(c.bucket, v)
	return c.empty(http.StatusOK)
}

// checkRetention refuses to weaken a retention that still runs: one in
// compliance mode never gets weaker, one in governance mode only for those who
// may bypass it.
func checkRetention(old store.Lock, mode string, until time.Time, bypass bool) error {
	if old.Mode == "" || !time.Now().Before(old.Until) {
		return nil
	}
	weaker := mode != old.Mode || until.Before(old.Until)
	if weaker && (old.Mode == "COMPLIANCE" || !bypass) {
		return accessDenied("Access Denied because object protected by object lock.")
	}
	return nil
}

func (c *call) getLegalHold() error {
	v, err := c.lockable()
	if err != nil {
		return err
	}
	status := "OFF"
	switch {
	case v.Lock.LegalHold:
		status = "ON"
	case !v.Lock.HoldSet:
		return noSuchLock()
	}
	return c.bytes("application/xml", (&xmltree.Node{Name: "LegalHold", Children: []*xmltree.Node{
		{Name: "Status", Text: status},
	}}).Document())
}

func (c *call) putLegalHold() error {
	root, err := c.readLock("LegalHold", "Status")
	if err != nil {
		return err
	}
	status := root.Value("Status")
	if status != "ON" && status != "OFF" {
		return malformedXML()
	}
	v, err := c.lockable()
	if err != nil {
		return err
	}
	v, err = c.bucket.Update(c.key, v.ID, func(v *store.Version) {
		v.Lock.LegalHold, v.Lock.HoldSet = status == "ON", true
	})
	if err != nil {
		return err
	}
	c.api.Engine.Edited(c.bucket, v)
	return c.empty(http.StatusOK)
}

// bypassesGovernance says whether the caller asks to and may act in spite of a
// retention in governance mode.
func (c *call) bypassesGovernance(key string) bool {
	return strings.EqualFold(c.r.Header.Get("X-Amz-Bypass-Governance-Retention"), "true") &&
		c.allowed("s3:BypassGovernanceRetention", c.bucket.ObjectARN(key), nil) == nil
}
