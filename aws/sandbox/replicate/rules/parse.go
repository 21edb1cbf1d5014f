package rules

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"

	"bothways/aws/sandbox/xmltree"
)

// Parse reads a document and checks it against the schema: what it returns is
// well-formed, but has not passed Check. Errors are of type *refusal.Error.
func Parse(doc []byte) (*Configuration, error) {
	root, err := xmltree.Parse(doc)
	if err != nil {
		return nil, errMalformed
	}
	if root.Name != "ReplicationConfiguration" || !root.Only([]string{"Rule"}, "Role") {
		return nil, errMalformed
	}
	c := &Configuration{Role: root.Value("Role"), tree: root}
	nodes := root.All("Rule")
	if len(nodes) == 0 || root.Child("Role") == nil {
		return nil, errMalformed
	}
	for _, node := range nodes {
		if err := parseRule(node); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// parseRule checks the shape of a rule.
func parseRule(n *xmltree.Node) error {
	// ExistingObjectReplication is known and refused all the same.
	if !n.Only(nil, "ID", "Priority", "Status", "Prefix", "Filter", "Destination",
		"DeleteMarkerReplication", "SourceSelectionCriteria") {
		return errMalformed
	}
	if !isSwitch(n.Value("Status")) || n.Child("Destination") == nil {
		return errMalformed
	}
	if n.Child("Filter") != nil && n.Child("Prefix") != nil {
		return errMalformed
	}
	if p := n.Child("Priority"); p != nil {
		if _, err := strconv.ParseInt(strings.TrimSpace(p.Text), 10, 64); err != nil {
			return errMalformed
		}
	}
	if d := n.Child("DeleteMarkerReplication"); d != nil {
		if !d.Only(nil, "Status") || d.Child("Status") != nil && !isSwitch(d.Value("Status")) {
			return errMalformed
		}
	}
	if err := parseFilter(n.Child("Filter")); err != nil {
		return err
	}
	if s := n.Child("SourceSelectionCriteria"); s != nil {
		if !s.Only(nil, "SseKmsEncryptedObjects", "ReplicaModifications") {
			return errMalformed
		}
		for _, c := range s.Children {
			if !c.Only(nil, "Status") || !isSwitch(c.Value("Status")) {
				return errMalformed
			}
		}
	}
	return parseDestination(n.Child("Destination"))
}

// parseFilter allows at most one of Prefix, Tag and And, and at least two
// predicates within And.
func parseFilter(f *xmltree.Node) error {
	if f == nil {
		return nil
	}
	if len(f.Children) > 1 || !f.Only(nil, "Prefix", "Tag", "And") {
		return errMalformed
	}
	tags := f.All("Tag")
	if and := f.Child("And"); and != nil {
		if len(and.Children) < 2 || !and.Only([]string{"Tag"}, "Prefix") {
			return errMalformed
		}
		tags = and.All("Tag")
	}
	for _, t := range tags {
		if !t.Only(nil, "Key", "Value") || t.Value("Key") == "" || t.Child("Value") == nil {
			return errMalformed
		}
	}
	return nil
}

func parseDestination(d *xmltree.Node) error {
	if !d.Only(nil, "Bucket", "Account", "StorageClass", "AccessControlTranslation",
		"EncryptionConfiguration", "ReplicationTime", "Metrics") || d.Child("Bucket") == nil {
		return errMalformed
	}
	if a := d.Child("AccessControlTranslation"); a != nil {
		if !a.Only(nil, "Owner") || a.Value("Owner") != "Destination" {
			return errMalformed
		}
	}
	if e := d.Child("EncryptionConfiguration"); e != nil && !e.Only(nil, "ReplicaKmsKeyID") {
		return errMalformed
	}
	if class := d.Child("StorageClass"); class != nil && !storageClasses[d.Value("StorageClass")] {
		return errMalformed
	}
	for _, timed := range []struct{ element, minutes string }{
		{"ReplicationTime", "Time"}, {"Metrics", "EventThreshold"},
	} {
		t := d.Child(timed.element)
		if t == nil {
			continue
		}
		if !t.Only(nil, "Status", timed.minutes) || !isSwitch(t.Value("Status")) {
			return errMalformed
		}
		if m := t.Child(timed.minutes); m != nil {
			if !m.Only(nil, "Minutes") {
				return errMalformed
			}
			if _, err := strconv.Atoi(m.Value("Minutes")); err != nil {
				return errMalformed
			}
		}
	}
	return nil
}

// storageClasses are those that replicas can have (S3 API Reference,
// Destination).
var storageClasses = map[string]bool{
	"STANDARD": true, "REDUCED_REDUNDANCY": true, "STANDARD_IA": true, "ONEZONE_IA": true,
	"INTELLIGENT_TIERING": true, "GLACIER": true, "DEEP_ARCHIVE": true, "OUTPOSTS": true,
	"GLACIER_IR": true, "SNOW": true, "EXPRESS_ONEZONE": true, "FSX_ONTAP": true,
}

func isSwitch(status string) bool { return status == "Enabled" || status == "Disabled" }

// inventID makes an id for a rule that has none.
func inventID() string {
	var random [36]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}
