package rules

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/tagtext"
	"bothways/aws/sandbox/xmltree"
)

const seeGuide = " Please refer to S3 Developer Guide for more information."

// Check checks the rules against what S3 asks of them beyond the schema, in S3's
// order, gives an id to rules without one, and fills in Rules. The source is
// the name of the bucket that the configuration is for. Errors are of type
// *refusal.Error.
func (c *Configuration) Check(source string) error {
	nodes := c.tree.All("Rule")
	if len(nodes) > 1000 {
		return invalidRequest("The number of replication rules must not exceed the allowed limit of 1000 rules.")
	}
	v2 := true
	for _, n := range nodes {
		v2 = v2 && n.Child("Filter") != nil
	}
	ids := map[string]bool{}
	priorities := map[int]bool{}
	c.Rules = nil
	for _, n := range nodes {
		if err := checkID(n.Value("ID"), ids); err != nil {
			return err
		}
		if err := checkSchemaVersion(n, v2); err != nil {
			return err
		}
		if err := checkCriteria(n); err != nil {
			return err
		}
		rule, err := readRule(n, v2)
		if err != nil {
			return err
		}
		if v2 {
			if priorities[rule.Priority] {
				return invalidRequest(fmt.Sprintf("Found duplicate priority %d.", rule.Priority))
			}
			priorities[rule.Priority] = true
		}
		if rule.Destination.Bucket == source {
			return invalidRequest("Destination bucket cannot be the same as the source bucket.")
		}
		c.Rules = append(c.Rules, rule)
	}
	for i, n := range nodes {
		if c.Rules[i].ID != "" {
			continue
		}
		c.Rules[i].ID = NewID()
		if id := n.Child("ID"); id != nil {
			id.Text = c.Rules[i].ID
		} else {
			n.Children = slices.Insert(n.Children, 0, xmltree.Leaf("ID", c.Rules[i].ID))
		}
	}
	return nil
}

func checkID(id string, taken map[string]bool) error {
	for _, r := range id {
		if r > 127 {
			return invalidArgument("Rule ID must not contain non-ASCII characters")
		}
	}
	switch {
	case len(id) > 255:
		return invalidArgument("Rule Id cannot be greater than 255")
	case id != "" && taken[id]:
		return invalidArgument("Rule Id must be unique")
	}
	taken[id] = true
	return nil
}

// checkSchemaVersion checks a rule against its schema: the first, without Filter
// anywhere, or the second, with Filter, Priority and DeleteMarkerReplication
// in every rule.
func checkSchemaVersion(n *xmltree.Node, v2 bool) error {
	if !v2 {
		for _, field := range []string{"Priority", "DeleteMarkerReplication"} {
			if n.Child(field) != nil {
				return invalidRequest(field + " cannot be used for this version of Cross Region Replication configuration schema." + seeGuide)
			}
		}
		switch {
		case n.Child("SourceSelectionCriteria").Child("ReplicaModifications") != nil:
			return invalidRequest("ReplicaModifications cannot be used for this version of Cross Region Replication configuration schema." + seeGuide)
		case n.Child("Destination").Child("ReplicationTime") != nil:
			return invalidRequest("ReplicationTime cannot be used for this version of the replication configuration schema")
		}
		return nil
	}
	switch p, err := strconv.ParseInt(n.Value("Priority"), 10, 64); {
	case n.Child("Priority") == nil:
		return invalidRequest("Priority must be specified for this version of Cross Region Replication configuration schema." + seeGuide)
	case n.Child("DeleteMarkerReplication").Child("Status") == nil:
		return invalidRequest("DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema." + seeGuide)
	case err != nil || p < 0 || p > math.MaxInt32:
		return invalidRequest("Priority must be between 0 and 2147483647.")
	}
	tags := filterTags(n.Child("Filter"))
	if err := CheckFilterTags(n.Child("Filter")); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range tags {
		if seen[t.Value("Key")] {
			return invalidRequest("Duplicate Tag Keys are not allowed.")
		}
		seen[t.Value("Key")] = true
	}
	if len(tags) > 0 && n.Child("DeleteMarkerReplication").Value("Status") == "Enabled" {
		return invalidRequest("Delete marker replication is not supported if any Tag filter is specified." + seeGuide)
	}
	return nil
}

// predicates returns the element that holds what a filter asks for.
func predicates(filter *xmltree.Node) *xmltree.Node {
	if and := filter.Child("And"); and != nil {
		return and
	}
	return filter
}

// CheckFilterTags refuses tags of a rule's filter that no object can have. That
// S3 answers as it does for the tags of an object is an assumption.
func CheckFilterTags(filter *xmltree.Node) error {
	for _, t := range filterTags(filter) {
		var wrong string
		switch {
		case !tagtext.Key(textOf(t.Child("Key"))):
			wrong = "The TagKey you have provided is invalid"
		case !tagtext.Value(textOf(t.Child("Value"))):
			wrong = "The TagValue you have provided is invalid"
		default:
			continue
		}
		return refusal.New(http.StatusBadRequest, "InvalidTag", wrong, refusal.With("TagKey", textOf(t.Child("Key"))))
	}
	return nil
}

func filterTags(filter *xmltree.Node) []*xmltree.Node { return predicates(filter).All("Tag") }

// checkCriteria checks source selection and destination against each other.
func checkCriteria(n *xmltree.Node) error {
	criteria, d := n.Child("SourceSelectionCriteria"), n.Child("Destination")
	kms, encryption := criteria.Child("SseKmsEncryptedObjects"), d.Child("EncryptionConfiguration")
	switch {
	case criteria != nil && len(criteria.Children) == 0:
		return invalidRequest("SourceSelectionCriteria cannot be empty.")
	case encryption != nil && kms == nil:
		return invalidRequest("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.")
	case kms != nil && kms.Value("Status") == "Enabled" && encryption.Child("ReplicaKmsKeyID") == nil:
		return invalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.")
	case encryption != nil && !isKeyARN(encryption.Value("ReplicaKmsKeyID")):
		return invalidArgument("Invalid ReplicaKmsKeyID ARN.")
	case d.Child("AccessControlTranslation") != nil && d.Value("Account") == "":
		return invalidRequest("Account must be specified if the Owner in AccessControlTranslation has a value")
	}
	return checkTimeControl(d.Child("ReplicationTime"), d.Child("Metrics"))
}

// checkTimeControl checks Replication Time Control and metrics against each other.
// Metrics alone are allowed; a time needs metrics with the one threshold that
// there is, 15 minutes.
func checkTimeControl(timed, metrics *xmltree.Node) error {
	active := timed != nil && timed.Value("Status") == "Enabled"
	threshold := metrics.Child("EventThreshold")
	switch {
	case timed != nil && (metrics == nil || metrics.Value("Status") != timed.Value("Status")):
		return invalidRequest("Replication destination must contain both ReplicationTime and Metrics or neither.")
	case timed != nil && timed.Child("Time").Value("Minutes") != "15":
		return invalidArgument("Invalid time minute value")
	case active && threshold == nil:
		return invalidArgument("ReplicationMetrics must contain an event threshold")
	case threshold != nil && !active:
		return invalidArgument("Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled")
	case threshold != nil && threshold.Value("Minutes") != "15":
		return invalidArgument("Invalid event threshold minute value")
	}
	return nil
}

// readRule reads a rule that passed the checks of its parts.
func readRule(n *xmltree.Node, v2 bool) (Rule, error) {
	d := n.Child("Destination")
	partition, bucket, ok := bucketOfARN(d.Value("Bucket"))
	if !ok {
		return Rule{}, invalidArgument("Invalid bucket ARN")
	}
	rule := Rule{
		ID:                   n.Value("ID"),
		Enabled:              n.Value("Status") == "Enabled",
		DeleteMarkers:        !v2 || n.Child("DeleteMarkerReplication").Value("Status") == "Enabled",
		ReplicaModifications: n.Child("SourceSelectionCriteria").Child("ReplicaModifications").Value("Status") == "Enabled",
		KMS:                  n.Child("SourceSelectionCriteria").Child("SseKmsEncryptedObjects").Value("Status") == "Enabled",
		Destination: Destination{
			Bucket: bucket, Partition: partition, Account: d.Value("Account"), StorageClass: d.Value("StorageClass"),
			ReplicaKey:    d.Child("EncryptionConfiguration").Value("ReplicaKmsKeyID"),
			OwnerOverride: d.Child("AccessControlTranslation").Value("Owner") == "Destination",
			Metrics:       d.Child("Metrics").Value("Status") == "Enabled",
			TimeControl:   d.Child("ReplicationTime").Value("Status") == "Enabled",
		},
	}
	if !v2 {
		// In a mixed document a Filter's prefix still counts.
		rule.Prefix = textOf(n.Child("Prefix"))
		return rule, nil
	}
	rule.Priority, _ = strconv.Atoi(n.Value("Priority")) // checked before
	filter := n.Child("Filter")
	rule.Prefix = textOf(predicates(filter).Child("Prefix"))
	for _, t := range filterTags(filter) {
		if rule.Tags == nil {
			rule.Tags = map[string]string{}
		}
		rule.Tags[textOf(t.Child("Key"))] = textOf(t.Child("Value"))
	}
	return rule, nil
}

// textOf keeps the space around the text: a prefix may begin with one.
func textOf(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// bucketOfARN splits arn:aws:s3:::name.
func bucketOfARN(arn string) (partition, bucket string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || !strings.HasPrefix(parts[1], "aws") || parts[2] != "s3" ||
		parts[3] != "" || parts[4] != "" || parts[5] == "" || strings.ContainsAny(parts[5], "/:") {
		return "", "", false
	}
	return parts[1], parts[5], true
}

func isKeyARN(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "kms" && parts[3] != "" && parts[4] != "" &&
		(strings.HasPrefix(parts[5], "key/") || strings.HasPrefix(parts[5], "alias/"))
}
