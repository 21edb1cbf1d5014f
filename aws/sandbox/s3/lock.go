package s3

import (
	"net/http"
	"strconv"
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
	name, unit, longest := "Days", 24*time.Hour, 36500
	if n.Child(name) == nil {
		name, unit, longest = "Years", 365*24*time.Hour, 100
	}
	count, err := strconv.Atoi(n.Value(name))
	mode := n.Value("Mode")
	switch {
	case err != nil || !n.Only(nil, "Mode", "Days", "Years") || len(n.Children) != 2 || !isLockMode(mode):
		return retention{}, malformedXML()
	case count <= 0:
		return retention{}, invalidArgument("Default retention period must be a positive integer value.", name, strconv.Itoa(count))
	case count > longest:
		return retention{}, invalidArgument("Default retention period too large.", name, strconv.Itoa(count))
	}
	return retention{mode, time.Duration(count) * unit}, nil
}

func isLockMode(mode string) bool { return mode == "GOVERNANCE" || mode == "COMPLIANCE" }

// lockOfNew works out how a new version is locked: by the headers of the
// request, else by the bucket's default retention.
func (c *call) lockOfNew() (store.Lock, error) {
	lock, err := lockOfHeaders(c.r.Header, time.Now())
	if err != nil {
		return store.Lock{}, err
	}
	doc, locked := c.bucket.Setting("object-lock")
	switch {
	case !locked && (lock.Mode != "" || c.r.Header.Get("X-Amz-Object-Lock-Legal-Hold") != ""):
		return store.Lock{}, invalidRequest("Bucket is missing ObjectLockConfiguration")
	case !locked || lock.Mode != "":
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

// lockOfHeaders reads the headers that lock a new version.
func lockOfHeaders(h http.Header, now time.Time) (store.Lock, error) {
	const modeName, untilName, holdName = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold"
	mode, until, hold := h.Get(modeName), h.Get(untilName), h.Get(holdName)
	if hold != "" && hold != "ON" && hold != "OFF" {
		return store.Lock{}, invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", holdName, hold)
	}
	lock := store.Lock{LegalHold: hold == "ON", HoldSet: hold != ""}
	const both = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied."
	switch {
	case mode == "" && until == "":
		return lock, nil
	case mode == "":
		return lock, invalidArgument(both, untilName, until)
	case until == "":
		return lock, invalidArgument(both, modeName, mode)
	case !isLockMode(mode):
		return lock, invalidArgument("Unknown wormMode directive.", modeName, mode)
	}
	date, err := time.Parse(time.RFC3339, until)
	switch {
	case err != nil:
		return lock, invalidArgument("The retain until date must be provided in ISO 8601 format", untilName, until)
	case !date.After(now):
		return lock, invalidArgument("The retain until date must be in the future!", untilName, until)
	}
	lock.Mode, lock.Until = mode, date
	return lock, nil
}

// checkLockDigest refuses an upload that is to be locked and whose bytes
// nothing vouches for (S3 API Reference, PutObject).
func (c *call) checkLockDigest(draft *store.Version) error {
	if (draft.Lock.Mode != "" || draft.Lock.LegalHold) && c.r.Header.Get("Content-Md5") == "" && !c.declaresChecksum() {
		return invalidRequest("Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters")
	}
	return nil
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
