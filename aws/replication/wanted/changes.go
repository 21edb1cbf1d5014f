package wanted

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"
)

// DescribeChange says what becomes of our standing rule, old -> new by name:
// an option that is left out the second time is taken away.
func DescribeChange(own []types.ReplicationRule, wanted types.ReplicationRule, words string) string {
	if len(own) != 1 {
		return "is there " + english.Plural(len(own), "time", "") + " -> once: " + words
	}
	changes := traitChanges(own[0], wanted, 0)
	if len(changes) == 0 { // the role, or something without a name of its own
		return "is put right: " + words
	}
	return strings.Join(changes, "; ")
}

// traitChanges says how two rules differ, old -> new by name, from a trait on.
func traitChanges(was, will types.ReplicationRule, from int) []string {
	var changes []string
	old, now := ruleWords(was), ruleWords(will)
	for i, name := range ruleTraits {
		if i >= from && old[i] != now[i] {
			changes = append(changes, name+" "+old[i]+" -> "+now[i])
		}
	}
	return changes
}

// firstEffect is the first of the traits that say what a rule does with the
// objects it covers; those before say whether and which.
const firstEffect = 3

// ruleTraits are what a rule's options are called on every face.
var ruleTraits = [...]string{
	"status", "prefix", "filter tags", "delete markers", "replica edits", "objects under KMS", "KMS key", "storage class", "time control", "metrics", "account", "owner",
}

func ruleWords(r types.ReplicationRule) (words [len(ruleTraits)]string) {
	onOff := func(on bool) string {
		if on {
			return "on"
		}
		return "off"
	}
	tags := make([]string, 0, 4)
	for _, t := range TagsOf(r) {
		tags = append(tags, aws.ToString(t.Key)+"="+aws.ToString(t.Value))
	}
	criteria, to := r.SourceSelectionCriteria, r.Destination
	if criteria == nil {
		criteria = &types.SourceSelectionCriteria{}
	}
	if to == nil {
		to = &types.Destination{}
	}
	key := ""
	if to.EncryptionConfiguration != nil {
		key = aws.ToString(to.EncryptionConfiguration.ReplicaKmsKeyID)
	}
	return [...]string{
		strings.ToLower(string(r.Status)),
		cmp.Or(PrefixOf(r), "none"),
		cmp.Or(strings.Join(tags, ","), "none"),
		onOff(r.DeleteMarkerReplication != nil && r.DeleteMarkerReplication.Status == types.DeleteMarkerReplicationStatusEnabled),
		onOff(criteria.ReplicaModifications != nil && criteria.ReplicaModifications.Status == types.ReplicaModificationsStatusEnabled),
		map[bool]string{true: "replicated", false: "not replicated"}[criteria.SseKmsEncryptedObjects != nil],
		cmp.Or(key, "none"),
		map[bool]string{true: string(to.StorageClass), false: "as written"}[to.StorageClass != ""],
		onOff(to.ReplicationTime != nil && to.ReplicationTime.Status == types.ReplicationTimeStatusEnabled),
		onOff(to.Metrics != nil && to.Metrics.Status == types.MetricsStatusEnabled),
		cmp.Or(aws.ToString(to.Account), "none"),
		map[bool]string{true: "this side", false: "who wrote it"}[to.AccessControlTranslation != nil],
	}
}
