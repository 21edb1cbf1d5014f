package export

import (
	"cmp"
	"iter"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"go.yaml.in/yaml/v3"
)

// ruleMembers are what a replication configuration and everything in it can
// hold, by the API's names, in the order in which a reader wants them. What is
// not among them has no place in the other languages.
func ruleMembers() []string {
	return []string{
		"Role", "Rules", "ID", "Key", "Value", "Priority", "Status", "Prefix", "Filter", "Tag", "Tags", "And", "DeleteMarkerReplication",
		"SourceSelectionCriteria", "ReplicaModifications", "SseKmsEncryptedObjects",
		"Destination", "Bucket", "Account", "StorageClass", "AccessControlTranslation", "Owner", "EncryptionConfiguration", "ReplicaKmsKeyID",
		"Metrics", "EventThreshold", "ReplicationTime", "Time", "Minutes",
	}
}

// membersOf yields the members of a structure of the API that are set. A
// pointer to an empty value is sent, so it is set.
func membersOf(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for _, name := range ruleMembers() {
			if field := v.FieldByName(name); field.IsValid() && !field.IsZero() && !yield(name, reflect.Indirect(field)) {
				return
			}
		}
	}
}

// configuration is a replication configuration, rules of others among it,
// element for element in CloudFormation's words.
func configuration(c *types.ReplicationConfiguration) *yaml.Node { return cloud(reflect.ValueOf(*c)) }

func cloud(v reflect.Value) *yaml.Node {
	switch v.Kind() {
	case reflect.Struct:
		called := map[string]string{"ID": "Id", "Tag": "TagFilter", "Tags": "TagFilters"} // otherwise than in the API
		node := mapping()
		for name, value := range membersOf(v) {
			node.Content = append(node.Content, text(cmp.Or(called[name], name)), cloud(value))
		}
		return node
	case reflect.Slice:
		node := sequence()
		for i := range v.Len() {
			node.Content = append(node.Content, cloud(v.Index(i)))
		}
		return node
	case reflect.Int32:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.FormatInt(v.Int(), 10)}
	default:
		return text(v.String())
	}
}

// terraformRule writes a rule, or something in one, element for element. bucket
// names the bucket of an ARN.
func terraformRule(b hclBody, v reflect.Value, bucket func(arn string) hclwrite.Tokens) {
	for member, value := range membersOf(v) {
		name := snakeCase(member)
		switch {
		case member == "Bucket":
			b.set(name, bucket(value.String()))
		case value.Kind() == reflect.Struct:
			terraformRule(b.block(name), value, bucket)
		case value.Kind() == reflect.Slice:
			tags := map[string]string{}
			for i := range value.Len() {
				if tag, is := value.Index(i).Interface().(types.Tag); is {
					tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
				}
			}
			b.tags(tags)
		case value.Kind() == reflect.Int32:
			b.set(name, number(value.Int()))
		default:
			b.set(name, quoted(value.String()))
		}
	}
}

// snakeCase writes a name of the API as Terraform does: "replica_kms_key_id".
func snakeCase(name string) string {
	var out strings.Builder
	small := false
	for _, r := range name {
		if small && unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		small = unicode.IsLower(r)
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}
