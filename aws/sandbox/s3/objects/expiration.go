package objects

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// SetExpiration sends when the lifecycle configuration is to expire a version,
// by the rule that does so first (S3 User Guide, Expiring objects).
func SetExpiration(c *request.Call, v *store.Version) {
	doc, found := c.Bucket.Setting("lifecycle")
	if !found {
		return
	}
	root, err := xmltree.Parse(doc)
	if err != nil {
		return // what is stored was parsed before
	}
	var first time.Time
	id := ""
	for _, rule := range root.All("Rule") {
		at, expires := expiry(rule, v)
		if expires && (id == "" || at.Before(first)) {
			first, id = at, rule.Value("ID")
		}
	}
	if id != "" {
		c.W.Header().Set("X-Amz-Expiration", `expiry-date="`+request.HTTPDate(first)+`", rule-id="`+url.QueryEscape(id)+`"`)
	}
}

// expiry returns when a rule expires a version.
func expiry(rule *xmltree.Node, v *store.Version) (time.Time, bool) {
	expiration := rule.Child("Expiration")
	if rule.Value("Status") != "Enabled" || expiration == nil || !concerns(rule, v) {
		return time.Time{}, false
	}
	if date, err := time.Parse(time.RFC3339, expiration.Value("Date")); err == nil {
		return date, true
	}
	days, err := strconv.Atoi(expiration.Value("Days"))
	if err != nil {
		return time.Time{}, false
	}
	return midnightAfter(v.Modified.AddDate(0, 0, days)), true
}

// concerns says whether the filter of a rule covers a version.
func concerns(rule *xmltree.Node, v *store.Version) bool {
	filter := rule
	if f := rule.Child("Filter"); f != nil {
		filter = f
		if and := f.Child("And"); and != nil {
			filter = and
		}
	}
	if !strings.HasPrefix(v.Key, filter.Value("Prefix")) {
		return false
	}
	for _, n := range filter.All("Tag") {
		if !slices.Contains(v.Tags, store.Tag{Key: n.Value("Key"), Value: n.Value("Value")}) {
			return false
		}
	}
	if least, given := request.Whole(filter.Value("ObjectSizeGreaterThan")); given && v.Size <= least {
		return false
	}
	most, given := request.Whole(filter.Value("ObjectSizeLessThan"))
	return !given || v.Size < most
}
