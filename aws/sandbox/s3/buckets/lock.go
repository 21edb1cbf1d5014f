package buckets

import (
	"net/http"
	"strconv"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func lockDocument() []byte {
	return xmltree.Of("ObjectLockConfiguration", xmltree.Leaf("ObjectLockEnabled", "Enabled")).Document()
}

// Retention is a default retention: a mode and a length.
type Retention struct {
	Mode string
	Span time.Duration
}

// ReadRetention reads a DefaultRetention element; a nil one is no retention.
func ReadRetention(n *xmltree.Node) (Retention, error) {
	if n == nil {
		return Retention{}, nil
	}
	name, unit, longest := "Days", 24*time.Hour, 36500
	if n.Child(name) == nil {
		name, unit, longest = "Years", 365*24*time.Hour, 100
	}
	count, err := strconv.Atoi(n.Value(name))
	mode := n.Value("Mode")
	switch {
	case err != nil || !n.Only(nil, "Mode", "Days", "Years") || len(n.Children) != 2 || !IsLockMode(mode):
		return Retention{}, request.MalformedXML()
	case count <= 0:
		return Retention{}, request.InvalidArgument("Default retention period must be a positive integer value.", name, strconv.Itoa(count))
	case count > longest:
		return Retention{}, request.InvalidArgument("Default retention period too large.", name, strconv.Itoa(count))
	}
	return Retention{mode, time.Duration(count) * unit}, nil
}

// IsLockMode says whether there is such a mode of retention.
func IsLockMode(mode string) bool { return mode == "GOVERNANCE" || mode == "COMPLIANCE" }

func checkObjectLock(root *xmltree.Node, b *store.Bucket) error {
	if root.Value("ObjectLockEnabled") != "Enabled" || !root.Only(nil, "ObjectLockEnabled", "Rule") {
		return request.MalformedXML()
	}
	if rule := root.Child("Rule"); rule != nil {
		if !rule.Only(nil, "DefaultRetention") || len(rule.Children) != 1 {
			return request.MalformedXML()
		}
		if _, err := ReadRetention(rule.Child("DefaultRetention")); err != nil {
			return err
		}
	}
	if b.Versioning() != store.Enabled {
		return refusal.New(http.StatusConflict, "InvalidBucketState",
			"Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
	}
	return nil
}
