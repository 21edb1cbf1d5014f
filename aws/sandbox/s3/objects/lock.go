package objects

import (
	"net/http"
	"time"

	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// lockOfNew works out how a new version is locked: by the headers of the
// request, else by the bucket's default retention.
func lockOfNew(c *request.Call) (store.Lock, error) {
	lock, err := lockOfHeaders(c.R.Header, time.Now())
	if err != nil {
		return store.Lock{}, err
	}
	doc, locked := c.Bucket.Setting("object-lock")
	switch {
	case !locked && (lock.Mode != "" || c.R.Header.Get("X-Amz-Object-Lock-Legal-Hold") != ""):
		return store.Lock{}, request.InvalidRequest("Bucket is missing ObjectLockConfiguration")
	case !locked || lock.Mode != "":
		return lock, nil
	}
	root, err := xmltree.Parse(doc)
	if err != nil {
		return store.Lock{}, err
	}
	byDefault, err := buckets.ReadRetention(root.Child("Rule").Child("DefaultRetention"))
	if err != nil || byDefault.Mode == "" {
		return lock, err
	}
	lock.Mode, lock.Until = byDefault.Mode, time.Now().Add(byDefault.Span)
	return lock, nil
}

// lockOfHeaders reads the headers that lock a new version.
func lockOfHeaders(h http.Header, now time.Time) (store.Lock, error) {
	const modeName, untilName, holdName = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold"
	mode, until, hold := h.Get(modeName), h.Get(untilName), h.Get(holdName)
	if hold != "" && hold != "ON" && hold != "OFF" {
		return store.Lock{}, request.InvalidArgument("Legal Hold must be either of 'ON' or 'OFF'", holdName, hold)
	}
	lock := store.Lock{LegalHold: hold == "ON", HoldSet: hold != ""}
	const both = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied."
	switch {
	case mode == "" && until == "":
		return lock, nil
	case mode == "":
		return lock, request.InvalidArgument(both, untilName, until)
	case until == "":
		return lock, request.InvalidArgument(both, modeName, mode)
	case !buckets.IsLockMode(mode):
		return lock, request.InvalidArgument("Unknown wormMode directive.", modeName, mode)
	}
	date, err := time.Parse(time.RFC3339, until)
	switch {
	case err != nil:
		return lock, request.InvalidArgument("The retain until date must be provided in ISO 8601 format", untilName, until)
	case !date.After(now):
		return lock, request.InvalidArgument("The retain until date must be in the future!", untilName, until)
	}
	lock.Mode, lock.Until = mode, date
	return lock, nil
}

// checkLockDigest refuses an upload that is to be locked and whose bytes
// nothing vouches for (S3 API Reference, PutObject).
func checkLockDigest(c *request.Call, draft *store.Version) error {
	if (draft.Lock.Mode != "" || draft.Lock.LegalHold) && c.R.Header.Get("Content-Md5") == "" && !checksum.Declared(c) {
		return request.InvalidRequest("Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters")
	}
	return nil
}

// checkUnlocked refuses to delete a version that Object Lock protects.
func checkUnlocked(v *store.Version, bypass bool) error {
	retained := time.Now().Before(v.Lock.Until) && (v.Lock.Mode == "COMPLIANCE" || !bypass)
	if retained || v.Lock.LegalHold {
		return request.AccessDenied("Access Denied because object protected by object lock.")
	}
	return nil
}

// setLock sends how a version is locked.
func setLock(c *request.Call, v *store.Version) {
	if v.Lock.Mode != "" {
		c.W.Header().Set("X-Amz-Object-Lock-Mode", v.Lock.Mode)
		c.W.Header().Set("X-Amz-Object-Lock-Retain-Until-Date", request.Instant(v.Lock.Until))
	}
	if v.Lock.LegalHold || v.Lock.HoldSet {
		c.W.Header().Set("X-Amz-Object-Lock-Legal-Hold", v.Lock.Hold())
	}
}
