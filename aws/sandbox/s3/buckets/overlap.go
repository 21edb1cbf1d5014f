package buckets

import (
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// checkOverlap refuses two notifications of a bucket that one event could be of: of
// the same type, with prefixes of which one begins like the other and suffixes of
// which one ends like the other (S3 User Guide, Configuring event notifications
// using object key name filtering).
func checkOverlap(all []*xmltree.Node) error {
	for i, one := range all {
		for _, other := range all[:i] {
			prefix, suffix := filtered(one, "prefix"), filtered(one, "suffix")
			otherPrefix, otherSuffix := filtered(other, "prefix"), filtered(other, "suffix")
			if sharesEvent(one, other) &&
				(strings.HasPrefix(prefix, otherPrefix) || strings.HasPrefix(otherPrefix, prefix)) &&
				(strings.HasSuffix(suffix, otherSuffix) || strings.HasSuffix(otherSuffix, suffix)) {
				return request.InvalidArgument("Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.", "", "")
			}
		}
	}
	return nil
}

// filtered is what a notification wants of the beginning or the end of a key.
func filtered(n *xmltree.Node, name string) string {
	filter := n.Child("Filter")
	if filter == nil || filter.Child("S3Key") == nil {
		return ""
	}
	for _, rule := range filter.Child("S3Key").All("FilterRule") {
		if strings.EqualFold(strings.TrimSpace(rule.Value("Name")), name) {
			return rule.Value("Value")
		}
	}
	return ""
}

// sharesEvent says whether two notifications name an event that is of both.
func sharesEvent(one, other *xmltree.Node) bool {
	for _, a := range one.All("Event") {
		for _, b := range other.All("Event") {
			x, allX := strings.CutSuffix(strings.TrimSpace(a.Text), "*")
			y, allY := strings.CutSuffix(strings.TrimSpace(b.Text), "*")
			if x == y || allX && strings.HasPrefix(y, x) || allY && strings.HasPrefix(x, y) {
				return true
			}
		}
	}
	return false
}
