package s3

import (
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// retention is a default retention: a mode and a length.
type retention struct {
	mode string
	span time.Duration
}

// readRetention reads a DefaultRetention element; a nil one is no retention.
func readRetention(n *xmltree.Node) (retention, error) {
	if n == nil {
		return retention{}, nil
	}
	text, unit := n.Value("Days"), 24*time.Hour
	if text == "" {
		text, unit = n.Value("Years"), 365*24*time.Hour
	}
	count, err := strconv.Atoi(text)
	mode := n.Value("Mode")
	if err != nil || !n.Only(nil, "Mode", "Days", "Years") || len(n.Children) != 2 || !isLockMode(mode) {
		return retention{}, malformedXML()
	}
	if count <= 0 || count > 36500 {
		return retention{}, invalidArgument("Default retention period must be a positive integer value", "", "")
	}
	return retention{mode, time.Duration(count) * unit}, nil
}

func isLockMode(mode string) bool { return mode == "GOVERNANCE" || mode == "COMPLIANCE" }

// lockOfNew works out how a new version is locked: by the headers of the
// request, else by the bucket's default retention.
func (c *call) lockOfNew() (store.Lock, error) {
	doc, locked := c.bucket.Setting("object-lock")
	mode, until := c.r.Header.Get("X-Amz-Object-Lock-Mode"), c.r.Header.Get("X-Amz-Object-Lock-Retain-Until-Date")
	hold := c.r.Header.Get("X-Amz-Object-Lock-Legal-Hold")
	if !locked {
		if mode != "" || until != "" || hold != "" {
			return store.Lock{}, invalidRequest("Bucket is missing Object Lock Configuration")
		}
		return store.Lock{}, nil
	}
	lock := store.Lock{LegalHold: hold == "ON"}
	if mode != "" || until != "" {
		date, err := time.Parse(time.RFC3339, until)
		switch {
		case !isLockMode(mode):
			return store.Lock{}, invalidArgument("Unknown wormMode directive.", "x-amz-object-lock-mode", mode)
		case err != nil:
			return store.Lock{}, invalidArgument("The retain until date must be provided in ISO 8601 format",
				"x-amz-object-lock-retain-until-date", until)
		case !date.After(time.Now()):
			return store.Lock{}, invalidArgument("The retain until date must be in the future!",
				"x-amz-object-lock-retain-until-date", until)
		}
		lock.Mode, lock.Until = mode, date
		return lock, nil
	}
	root, err := xmltree.Parse(doc)
	if err != nil {
		return store.Lock{}, err
	}
	byDefault, err := readRetention(root.Child("Rule").Child("DefaultRetention"))
	if err != nil || byDefault.mode == "" {
		return lock, err
	}
	lock.Mode, lock.Until = byDefault.mode, time.Now().Add(byDefault.span)
	return lock, nil
}

// bypassesGovernance says whether the caller asks to and may delete in spite
// of a retention in governance mode.
func (c *call) bypassesGovernance(key string) bool {
	return strings.EqualFold(c.r.Header.Get("X-Amz-Bypass-Governance-Retention"), "true") &&
		c.allowed("s3:BypassGovernanceRetention", c.bucket.ObjectARN(key), nil) == nil
}

// checkUnlocked refuses to delete a version that Object Lock protects.
func checkUnlocked(v *store.Version, bypass bool) error {
	retained := time.Now().Before(v.Lock.Until) && (v.Lock.Mode == "COMPLIANCE" || !bypass)
	if retained || v.Lock.LegalHold {
		return accessDenied("Access Denied because object protected by object lock.")
	}
	return nil
}

// setLock tells how a version is locked.
func (c *call) setLock(v *store.Version) {
	if v.Lock.Mode != "" {
		c.w.Header().Set("X-Amz-Object-Lock-Mode", v.Lock.Mode)
		c.w.Header().Set("X-Amz-Object-Lock-Retain-Until-Date", stamp(v.Lock.Until))
	}
	if v.Lock.LegalHold {
		c.w.Header().Set("X-Amz-Object-Lock-Legal-Hold", "ON")
	}
}
