package notify

import (
	"strings"

	"bothways/aws/sandbox/xmltree"
)

// asking returns the ids of the notifications in a configuration that ask for
// an event about a key. EventBridge, which gets all events in another form, is
// left out (S3 User Guide, Amazon S3 Event Notifications).
func asking(doc []byte, event, key string) []string {
	root, err := xmltree.Parse(doc)
	if err != nil {
		return nil // what is stored was parsed before
	}
	var ids []string
	for _, n := range root.Children {
		if n.Name != "EventBridgeConfiguration" && asksFor(n, event) && filters(n.Child("Filter"), key) {
			ids = append(ids, n.Value("Id"))
		}
	}
	return ids
}

// asksFor says whether a notification names an event, or all of its kind.
func asksFor(n *xmltree.Node, event string) bool {
	for _, named := range n.All("Event") {
		name := strings.TrimSpace(named.Text)
		kind, all := strings.CutSuffix(name, "*")
		if name == event || all && strings.HasPrefix(event, kind) {
			return true
		}
	}
	return false
}

// filters says whether a key has the prefix and the suffix of a filter.
func filters(filter *xmltree.Node, key string) bool {
	if filter == nil {
		return true
	}
	for _, rule := range filter.Child("S3Key").All("FilterRule") {
		value := rule.Value("Value")
		switch strings.ToLower(rule.Value("Name")) {
		case "prefix":
			if !strings.HasPrefix(key, value) {
				return false
			}
		case "suffix":
			if !strings.HasSuffix(key, value) {
				return false
			}
		}
	}
	return true
}
