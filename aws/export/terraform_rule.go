package export

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// terraformRule writes one rule, element for element: ours, or one of others
// that stands beside it.
func terraformRule(b hclBody, w *wanted.Documents, d pair.Direction, r types.ReplicationRule) {
	if r.ID != nil {
		b.set("id", quoted(*r.ID))
	}
	if r.Priority != nil {
		b.set("priority", number(*r.Priority))
	}
	b.set("status", quoted(string(r.Status)))
	if prefix := r.Prefix; prefix != nil { //nolint:staticcheck // rules of the first schema still stand in buckets
		b.set("prefix", quoted(*prefix))
	}
	if r.Filter != nil {
		terraformFilter(b.block("filter"), r.Filter)
	}
	if r.DeleteMarkerReplication != nil {
		b.block("delete_marker_replication").set("status", quoted(string(r.DeleteMarkerReplication.Status)))
	}
	if c := r.SourceSelectionCriteria; c != nil {
		criteria := b.block("source_selection_criteria")
		if c.ReplicaModifications != nil {
			criteria.block("replica_modifications").set("status", quoted(string(c.ReplicaModifications.Status)))
		}
		if c.SseKmsEncryptedObjects != nil {
			criteria.block("sse_kms_encrypted_objects").set("status", quoted(string(c.SseKmsEncryptedObjects.Status)))
		}
	}
	if r.Destination != nil {
		terraformDestination(b.block("destination"), w, d, r.Destination)
	}
}

func terraformFilter(b hclBody, f *types.ReplicationRuleFilter) {
	if f.Prefix != nil {
		b.set("prefix", quoted(*f.Prefix))
	}
	if f.Tag != nil {
		tag := b.block("tag")
		tag.set("key", quoted(aws.ToString(f.Tag.Key)))
		tag.set("value", quoted(aws.ToString(f.Tag.Value)))
	}
	if f.And != nil {
		and := b.block("and")
		if f.And.Prefix != nil {
			and.set("prefix", quoted(*f.And.Prefix))
		}
		tags := map[string]string{}
		for _, tag := range f.And.Tags {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
		and.tags(tags)
	}
}

func terraformDestination(b hclBody, w *wanted.Documents, d pair.Direction, to *types.Destination) {
	bucket := quoted(aws.ToString(to.Bucket))
	if aws.ToString(to.Bucket) == w.Pair.To(d).BucketARN() {
		bucket = bucketRef(w, d.To(), "arn")
	}
	b.set("bucket", bucket)
	if to.Account != nil {
		b.set("account", quoted(*to.Account))
	}
	if to.StorageClass != "" {
		b.set("storage_class", quoted(string(to.StorageClass)))
	}
	if to.AccessControlTranslation != nil {
		b.block("access_control_translation").set("owner", quoted(string(to.AccessControlTranslation.Owner)))
	}
	if to.EncryptionConfiguration != nil {
		b.block("encryption_configuration").set("replica_kms_key_id", quoted(aws.ToString(to.EncryptionConfiguration.ReplicaKmsKeyID)))
	}
	if m := to.Metrics; m != nil {
		metrics := b.block("metrics")
		metrics.set("status", quoted(string(m.Status)))
		if m.EventThreshold != nil {
			metrics.block("event_threshold").set("minutes", number(aws.ToInt32(m.EventThreshold.Minutes)))
		}
	}
	if t := to.ReplicationTime; t != nil {
		timed := b.block("replication_time")
		timed.set("status", quoted(string(t.Status)))
		if t.Time != nil {
			timed.block("time").set("minutes", number(aws.ToInt32(t.Time.Minutes)))
		}
	}
}
