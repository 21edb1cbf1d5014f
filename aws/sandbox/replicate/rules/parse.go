package rules

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strconv"

	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/xmltree"
)

// Parse reads a document and checks it against the schema: what it returns is
// well-formed, but has not passed Check. Errors are of type *refusal.Error.
func Parse(doc []byte) (*Configuration, error) {
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "ReplicationConfiguration" || !root.Only([]string{"Rule"}, "Role") || root.Child("Role") == nil {
		return nil, errMalformed
	}
	nodes := root.All("Rule")
	if len(nodes) == 0 || slices.ContainsFunc(nodes, func(n *xmltree.Node) bool { return !isRule(n) }) {
		return nil, errMalformed
	}
	return &Configuration{Role: root.Value("Role"), tree: root}, nil
}

// isRule says whether a rule has the shape of one. ExistingObjectReplication
// is known and refused all the same.
func isRule(n *xmltree.Node) bool {
	filter, criteria, destination := n.Child("Filter"), n.Child("SourceSelectionCriteria"), n.Child("Destination")
	switch {
	case !n.Only(nil, "ID", "Priority", "Status", "Prefix", "Filter", "Destination",
		"DeleteMarkerReplication", "SourceSelectionCriteria"),
		!isSwitch(n.Value("Status")),
		n.Child("Priority") != nil && !isNumber(n.Value("Priority")),
		filter != nil && (n.Child("Prefix") != nil || !isFilter(filter)),
		destination == nil || !isDestination(destination):
		return false
	}
	if d := n.Child("DeleteMarkerReplication"); d != nil && (!d.Only(nil, "Status") || d.Child("Status") != nil && !isSwitch(d.Value("Status"))) {
		return false
	}
	if criteria == nil {
		return true
	}
	return criteria.Only(nil, "SseKmsEncryptedObjects", "ReplicaModifications") &&
		!slices.ContainsFunc(criteria.Children, func(c *xmltree.Node) bool { return !c.Only(nil, "Status") || !isSwitch(c.Value("Status")) })
}

// isFilter allows at most one of Prefix, Tag and And, and at least two
// predicates within And.
func isFilter(f *xmltree.Node) bool {
	if len(f.Children) > 1 || !f.Only(nil, "Prefix", "Tag", "And") {
		return false
	}
	if and := f.Child("And"); and != nil && (len(and.Children) < 2 || !and.Only([]string{"Tag"}, "Prefix")) {
		return false
	}
	return !slices.ContainsFunc(filterTags(f), func(t *xmltree.Node) bool {
		return !t.Only(nil, "Key", "Value") || t.Value("Key") == "" || t.Child("Value") == nil
	})
}

func isDestination(d *xmltree.Node) bool {
	translation, encryption := d.Child("AccessControlTranslation"), d.Child("EncryptionConfiguration")
	switch {
	case !d.Only(nil, "Bucket", "Account", "StorageClass", "AccessControlTranslation",
		"EncryptionConfiguration", "ReplicationTime", "Metrics"),
		d.Child("Bucket") == nil,
		translation != nil && (!translation.Only(nil, "Owner") || translation.Value("Owner") != "Destination"),
		encryption != nil && !encryption.Only(nil, "ReplicaKmsKeyID"),
		d.Child("StorageClass") != nil && !storageclass.Known(d.Value("StorageClass")):
		return false
	}
	return isTimed(d.Child("ReplicationTime"), "Time") && isTimed(d.Child("Metrics"), "EventThreshold")
}

// isTimed says whether an element, if it is there, is a switch with at most one
// number of minutes under that name.
func isTimed(n *xmltree.Node, minutes string) bool {
	if n == nil {
		return true
	}
	m := n.Child(minutes)
	return n.Only(nil, "Status", minutes) && isSwitch(n.Value("Status")) && (m == nil || m.Only(nil, "Minutes") && isNumber(m.Value("Minutes")))
}

func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

func isSwitch(status string) bool { return status == "Enabled" || status == "Disabled" }

// NewID makes an id for a rule that has none.
func NewID() string {
	var random [36]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}
