package objects

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// lockable returns the version whose lock is to be read or changed; its bucket
// must have Object Lock (S3 User Guide, Locking objects with Object Lock).
func lockable(c *request.Call) (*store.Version, error) {
	if _, locked := c.Bucket.Setting("object-lock"); !locked {
		return nil, request.InvalidRequest("Bucket is missing Object Lock Configuration")
	}
	return findKept(c)
}

func noSuchLock() *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchObjectLockConfiguration",
		"The specified object does not have a ObjectLock configuration")
}

func getRetention(c *request.Call) error {
	v, err := lockable(c)
	if err != nil {
		return err
	}
	if v.Lock.Mode == "" {
		return noSuchLock()
	}
	return c.Tree(xmltree.Of("Retention", xmltree.Leaf("Mode", v.Lock.Mode), xmltree.Leaf("RetainUntilDate", request.Instant(v.Lock.Until))))
}

// putRetention sets, extends or, where it may, shortens a retention. An empty
// document takes it away.
func putRetention(c *request.Call) error {
	root, err := c.ReadXML("Retention", request.MissingBody())
	if err != nil {
		return err
	}
	if !root.Only(nil, "Mode", "RetainUntilDate") {
		return request.MalformedXML()
	}
	mode, until := root.Value("Mode"), time.Time{}
	if len(root.Children) > 0 {
		if !buckets.IsLockMode(mode) {
			return request.MalformedXML()
		}
		if until, err = time.Parse(time.RFC3339, root.Value("RetainUntilDate")); err != nil {
			return request.MalformedXML()
		}
		if !until.After(time.Now()) {
			return request.InvalidArgument("The retain until date must be in the future!", "RetainUntilDate", root.Value("RetainUntilDate"))
		}
	}
	v, err := lockable(c)
	if err != nil {
		return err
	}
	bypass := bypassesGovernance(c, c.Key)
	v, err = c.Bucket.Amend(c.Key, v.ID, func(v *store.Version) error {
		if err := checkRetention(v.Lock, mode, until, bypass); err != nil {
			return err
		}
		v.Lock.Mode, v.Lock.Until = mode, until
		return nil
	})
	if err != nil {
		return err
	}
	c.Backend.Engine.Edited(c.Bucket, v)
	return c.Empty(http.StatusOK)
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
		return request.AccessDenied("Access Denied because object protected by object lock.")
	}
	return nil
}

func getLegalHold(c *request.Call) error {
	v, err := lockable(c)
	if err != nil {
		return err
	}
	if !v.Lock.LegalHold && !v.Lock.HoldSet {
		return noSuchLock()
	}
	return c.Tree(xmltree.Of("LegalHold", xmltree.Leaf("Status", v.Lock.Hold())))
}

func putLegalHold(c *request.Call) error {
	root, err := c.ReadXML("LegalHold", request.MissingBody())
	if err != nil {
		return err
	}
	status := root.Value("Status")
	if !root.Only(nil, "Status") || status != "ON" && status != "OFF" {
		return request.MalformedXML()
	}
	v, err := lockable(c)
	if err != nil {
		return err
	}
	v, err = c.Bucket.Update(c.Key, v.ID, func(v *store.Version) {
		v.Lock.LegalHold, v.Lock.HoldSet = status == "ON", true
	})
	if err != nil {
		return err
	}
	c.Backend.Engine.Edited(c.Bucket, v)
	return c.Empty(http.StatusOK)
}

// bypassesGovernance says whether the caller asks to and may act in spite of a
// retention in governance mode.
func bypassesGovernance(c *request.Call, key string) bool {
	return strings.EqualFold(c.R.Header.Get("X-Amz-Bypass-Governance-Retention"), "true") &&
		c.Allowed("s3:BypassGovernanceRetention", c.Bucket.ObjectARN(key), nil) == nil
}
