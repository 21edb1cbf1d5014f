package export

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication"
)

// terraformRule writes one rule, element for element: ours, or one of others
// that stands beside it.
func terraformRule(h *hclWriter, w *replication.Wanted, d pair.Direction, r types.ReplicationRule) {
	if r.ID != nil {
		h.set("id", quoted(*r.ID))
	}
	if r.Priority != nil {
		h.set("priority", number(*r.Priority))
	}
	h.set("status", quoted(string(r.Status)))
	if prefix := r.Prefix; prefix != nil { //nolint:staticcheck // rules of the first schema still stand in buckets
		h.set("prefix", quoted(*prefix))
	}
	if r.Filter != nil {
		h.block("filter", func() { terraformFilter(h, r.Filter) })
	}
	if r.DeleteMarkerReplication != nil {
		h.block("delete_marker_replication", func() { h.set("status", quoted(string(r.DeleteMarkerReplication.Status))) })
	}
	if c := r.SourceSelectionCriteria; c != nil {
		h.block("source_selection_criteria", func() {
			if c.ReplicaModifications != nil {
				h.block("replica_modifications", func() { h.set("status", quoted(string(c.ReplicaModifications.Status))) })
			}
			if c.SseKmsEncryptedObjects != nil {
				h.block("sse_kms_encrypted_objects", func() { h.set("status", quoted(string(c.SseKmsEncryptedObjects.Status))) })
			}
		})
	}
	if r.Destination != nil {
		h.block("destination", func() { terraformDestination(h, w, d, r.Destination) })
	}
}

func terraformFilter(h *hclWriter, f *types.ReplicationRuleFilter) {
	if f.Prefix != nil {
		h.set("prefix", quoted(*f.Prefix))
	}
	if f.Tag != nil {
		h.block("tag", func() {
			h.set("key", quoted(aws.ToString(f.Tag.Key)))
			h.set("value", quoted(aws.ToString(f.Tag.Value)))
		})
	}
	if f.And != nil {
		h.block("and", func() {
			if f.And.Prefix != nil {
				h.set("prefix", quoted(*f.And.Prefix))
			}
			tags := map[string]string{}
			for _, tag := range f.And.Tags {
				tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
			h.tags("tags", tags)
		})
	}
}

func terraformDestination(h *hclWriter, w *replication.Wanted, d pair.Direction, to *types.Destination) {
	bucket := quoted(aws.ToString(to.Bucket))
	if aws.ToString(to.Bucket) == w.Pair.To(d).BucketARN() {
		bucket = bucketARN(w, d.To())
	}
	h.set("bucket", bucket)
	if to.Account != nil {
		h.set("account", quoted(*to.Account))
	}
	if to.StorageClass != "" {
		h.set("storage_class", quoted(string(to.StorageClass)))
	}
	if to.AccessControlTranslation != nil {
		h.block("access_control_translation", func() { h.set("owner", quoted(string(to.AccessControlTranslation.Owner))) })
	}
	if to.EncryptionConfiguration != nil {
		h.block("encryption_configuration", func() {
			h.set("replica_kms_key_id", quoted(aws.ToString(to.EncryptionConfiguration.ReplicaKmsKeyID)))
		})
	}
	if m := to.Metrics; m != nil {
		h.block("metrics", func() {
			h.set("status", quoted(string(m.Status)))
			if m.EventThreshold != nil {
				h.block("event_threshold", func() { h.set("minutes", number(aws.ToInt32(m.EventThreshold.Minutes))) })
			}
		})
	}
	if t := to.ReplicationTime; t != nil {
		h.block("replication_time", func() {
			h.set("status", quoted(string(t.Status)))
			if t.Time != nil {
				h.block("time", func() { h.set("minutes", number(aws.ToInt32(t.Time.Minutes))) })
			}
		})
	}
}
