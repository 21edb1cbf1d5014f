package export

import (
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"go.yaml.in/yaml/v3"
)

// configuration is a replication configuration in CloudFormation's words,
// which differ from the API's in a few places: Id, TagFilter, TagFilters.
func configuration(c *types.ReplicationConfiguration) *yaml.Node {
	rules := sequence()
	for _, r := range c.Rules {
		rules.Content = append(rules.Content, cloudRule(r))
	}
	return mapping(member{"Role", optional(c.Role)}, member{"Rules", rules})
}

func cloudRule(r types.ReplicationRule) *yaml.Node {
	members := []member{
		{"Id", optional(r.ID)},
		{"Priority", whole(r.Priority)},
		{"Status", text(string(r.Status))},
		{"Prefix", optional(r.Prefix)}, //nolint:staticcheck // rules of the first schema still stand in buckets
		{"Filter", cloudFilter(r.Filter)},
	}
	if r.DeleteMarkerReplication != nil {
		members = append(members, member{"DeleteMarkerReplication", status(string(r.DeleteMarkerReplication.Status))})
	}
	if c := r.SourceSelectionCriteria; c != nil {
		var inner []member
		if c.ReplicaModifications != nil {
			inner = append(inner, member{"ReplicaModifications", status(string(c.ReplicaModifications.Status))})
		}
		if c.SseKmsEncryptedObjects != nil {
			inner = append(inner, member{"SseKmsEncryptedObjects", status(string(c.SseKmsEncryptedObjects.Status))})
		}
		members = append(members, member{"SourceSelectionCriteria", mapping(inner...)})
	}
	return mapping(append(members, member{"Destination", cloudDestination(r.Destination)})...)
}

func status(value string) *yaml.Node { return mapping(member{"Status", text(value)}) }

func cloudFilter(f *types.ReplicationRuleFilter) *yaml.Node {
	if f == nil {
		return nil
	}
	var tag, and *yaml.Node
	if f.Tag != nil {
		tag = cloudTag(*f.Tag)
	}
	if f.And != nil {
		tags := sequence()
		for _, t := range f.And.Tags {
			tags.Content = append(tags.Content, cloudTag(t))
		}
		and = mapping(member{"Prefix", optional(f.And.Prefix)}, member{"TagFilters", tags})
	}
	return mapping(member{"Prefix", optional(f.Prefix)}, member{"TagFilter", tag}, member{"And", and})
}

func cloudTag(t types.Tag) *yaml.Node {
	return mapping(member{"Key", optional(t.Key)}, member{"Value", optional(t.Value)})
}

func cloudDestination(to *types.Destination) *yaml.Node {
	if to == nil {
		return nil
	}
	members := []member{{"Bucket", optional(to.Bucket)}, {"Account", optional(to.Account)}}
	if to.StorageClass != "" {
		members = append(members, member{"StorageClass", text(string(to.StorageClass))})
	}
	if to.AccessControlTranslation != nil {
		members = append(members, member{"AccessControlTranslation", mapping(member{"Owner", text(string(to.AccessControlTranslation.Owner))})})
	}
	if to.EncryptionConfiguration != nil {
		members = append(members, member{"EncryptionConfiguration", mapping(member{"ReplicaKmsKeyID", optional(to.EncryptionConfiguration.ReplicaKmsKeyID)})})
	}
	if m := to.Metrics; m != nil {
		inner := []member{{"Status", text(string(m.Status))}}
		if m.EventThreshold != nil {
			inner = append(inner, member{"EventThreshold", mapping(member{"Minutes", whole(m.EventThreshold.Minutes)})})
		}
		members = append(members, member{"Metrics", mapping(inner...)})
	}
	if t := to.ReplicationTime; t != nil {
		inner := []member{{"Status", text(string(t.Status))}}
		if t.Time != nil {
			inner = append(inner, member{"Time", mapping(member{"Minutes", whole(t.Time.Minutes)})})
		}
		members = append(members, member{"ReplicationTime", mapping(inner...)})
	}
	return mapping(members...)
}
