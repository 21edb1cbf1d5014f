package export

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

const (
	trust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	inline = `{"Version":"2012-10-17","Statement":[{"Sid":"Source","Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::x","Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::x/${aws:username}*"]},"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":10}}}]}`
)

// worlds are sets of documents as a plan holds them, every element of a rule
// in one of them, and texts that every language would like to read otherwise.
func worlds() map[string]*wanted.Documents {
	whole := types.ReplicationRule{
		ID: aws.String(`theirs "$(x)" ${y} %{z}`), Priority: aws.Int32(7), Status: types.ReplicationRuleStatusDisabled,
		Filter: &types.ReplicationRuleFilter{And: &types.ReplicationRuleAndOperator{
			Prefix: aws.String("a: 'b'\n\"c\"/"), Tags: []types.Tag{{Key: aws.String("no"), Value: aws.String("yes")}, {Key: aws.String("1"), Value: aws.String("")}},
		}},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
		SourceSelectionCriteria: &types.SourceSelectionCriteria{
			ReplicaModifications:   &types.ReplicaModifications{Status: types.ReplicaModificationsStatusDisabled},
			SseKmsEncryptedObjects: &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled},
		},
		Destination: &types.Destination{
			Bucket: aws.String("arn:aws:s3:::elsewhere"), Account: aws.String("012345678901"), StorageClass: types.StorageClassGlacierIr,
			AccessControlTranslation: &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination},
			EncryptionConfiguration:  &types.EncryptionConfiguration{ReplicaKmsKeyID: aws.String("arn:aws:kms:eu-west-1:012345678901:key/x")},
			Metrics:                  &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
			ReplicationTime:          &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
		},
	}
	tagged := types.ReplicationRule{
		ID: aws.String("tagged"), Priority: aws.Int32(0), Status: types.ReplicationRuleStatusEnabled,
		Filter:      &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("on"), Value: aws.String("off")}},
		Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::export-b")},
	}
	old := types.ReplicationRule{
		ID: aws.String("old"), Prefix: aws.String("p/"), Status: types.ReplicationRuleStatusEnabled, //nolint:staticcheck // the first schema
		Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::elsewhere")},
	}
	fresh, standing, others, locked := documents(), documents(), documents(whole, tagged, old), documents()
	side := locked.Sides[pair.B]
	side.Locked = true
	locked.Sides[pair.B] = side
	for _, name := range pair.Sides() {
		s := standing.Sides[name]
		s.Makes, s.Versioned = false, true
		standing.Sides[name] = s
		o := others.Sides[name]
		o.Makes, o.Made, o.Versioned, o.PolicyStands, o.Policy = false, false, true, true, inline
		others.Sides[name] = o
	}
	for _, d := range pair.Directions() {
		s := standing.Directions[d]
		s.RoleStands, s.PolicyWritten, s.ConfigurationStands = true, true, true
		standing.Directions[d] = s
		o := others.Directions[d]
		o.Own, o.RoleName, o.ConfigurationStands, o.RoleStands = false, "their's", true, true
		o.RoleARN = "arn:aws:iam::012345678901:role/their's"
		o.Configuration.Role = &o.RoleARN
		others.Directions[d] = o
	}
	return map[string]*wanted.Documents{
		"nothing stands": fresh, "everything stands": standing, "buckets and rules of others": others, "one side is locked": locked,
	}
}

func documents(beside ...types.ReplicationRule) *wanted.Documents {
	p := pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "export-a"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "export-b"},
		Options: pair.Options{Prefix: "it's \"$(touch x)\" `y` ${z} %{w} \\ é/", DeleteMarkers: true},
	}
	w := &wanted.Documents{Pair: p, Sides: map[pair.SideName]wanted.Side{}, Directions: map[pair.Direction]wanted.Direction{}}
	for _, name := range pair.Sides() {
		w.Sides[name] = wanted.Side{
			Account: "012345678901", Makes: true, Made: true, Tags: map[string]string{pair.TagKey: p.ID(), "no": "${x}"},
		}
	}
	for _, d := range pair.Directions() {
		arn := "arn:aws:iam::012345678901:role" + pair.RolePath + p.RoleName(d)
		rule := types.ReplicationRule{
			ID: aws.String(p.RuleID(d)), Priority: aws.Int32(8), Status: types.ReplicationRuleStatusEnabled,
			Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String(p.Options.Prefix)},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
			Destination:             &types.Destination{Bucket: aws.String(p.To(d).BucketARN())},
		}
		w.Directions[d] = wanted.Direction{
			RoleARN: arn, Own: true, RoleName: p.RoleName(d), RolePath: pair.RolePath, RoleDescription: "S3 replication",
			RoleTags: map[string]string{pair.TagKey: p.ID()}, Trust: trust, PolicyName: p.PolicyName(), Policy: inline,
			Rule: rule, Configuration: &types.ReplicationConfiguration{Role: &arn, Rules: append(append([]types.ReplicationRule{}, beside...), rule)},
		}
	}
	return w
}

// ruleInSnake is a rule as Terraform's provider documents it.
func ruleInSnake(r types.ReplicationRule) map[string]any {
	m := map[string]any{"status": string(r.Status), "id": aws.ToString(r.ID)}
	if r.Priority != nil {
		m["priority"] = int64(*r.Priority)
	}
	if r.Prefix != nil { //nolint:staticcheck // the first schema
		m["prefix"] = *r.Prefix //nolint:staticcheck // the first schema
	}
	if f := r.Filter; f != nil {
		switch {
		case f.Prefix != nil:
			m["filter"] = map[string]any{"prefix": *f.Prefix}
		case f.Tag != nil:
			m["filter"] = map[string]any{"tag": map[string]any{"key": *f.Tag.Key, "value": *f.Tag.Value}}
		case f.And != nil:
			tags := map[string]any{}
			for _, tag := range f.And.Tags {
				tags[*tag.Key] = *tag.Value
			}
			m["filter"] = map[string]any{"and": map[string]any{"prefix": *f.And.Prefix, "tags": tags}}
		}
	}
	if r.DeleteMarkerReplication != nil {
		m["delete_marker_replication"] = map[string]any{"status": string(r.DeleteMarkerReplication.Status)}
	}
	if c := r.SourceSelectionCriteria; c != nil {
		m["source_selection_criteria"] = map[string]any{
			"replica_modifications":     map[string]any{"status": string(c.ReplicaModifications.Status)},
			"sse_kms_encrypted_objects": map[string]any{"status": string(c.SseKmsEncryptedObjects.Status)},
		}
	}
	to := map[string]any{"bucket": *r.Destination.Bucket}
	if r.Destination.Account != nil {
		to["account"] = *r.Destination.Account
		to["storage_class"] = string(r.Destination.StorageClass)
		to["access_control_translation"] = map[string]any{"owner": string(r.Destination.AccessControlTranslation.Owner)}
		to["encryption_configuration"] = map[string]any{"replica_kms_key_id": *r.Destination.EncryptionConfiguration.ReplicaKmsKeyID}
		to["metrics"] = map[string]any{"status": string(r.Destination.Metrics.Status), "event_threshold": map[string]any{"minutes": int64(15)}}
		to["replication_time"] = map[string]any{"status": string(r.Destination.ReplicationTime.Status), "time": map[string]any{"minutes": int64(15)}}
	}
	m["destination"] = to
	return m
}
