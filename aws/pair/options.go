package pair

// Options says what each direction's rule replicates, how, and what may be
// touched for it. It is comparable.
type Options struct {
	// Prefix limits replication to keys that start with it; empty means all.
	Prefix string `json:"prefix"`
	// FilterTags limits replication to objects that carry all these tags when
	// they are written: S3 looks at the tags of the PutObject only.
	FilterTags Tags `json:"filter_tags,omitempty"`
	// DeleteMarkers replicates delete markers (never deletes of a version). A
	// rule that filters by tags can't (S3 API reference, ReplicationRule).
	DeleteMarkers bool `json:"delete_markers"`
	// ReplicaModifications sends edits of a replica's metadata back. S3 asks
	// for it on both sides or it does nothing, so there is one switch.
	ReplicaModifications bool `json:"replica_modifications"`
	// Metrics switches the paid CloudWatch replication metrics on.
	Metrics bool `json:"metrics"`
	// TimeControl switches S3 Replication Time Control on, which is paid by
	// the gigabyte and brings the metrics along.
	TimeControl bool `json:"time_control,omitempty"`
	// StorageClass is that of the replicas, in the API's words; empty means
	// the class that the object has where it was written.
	StorageClass string `json:"storage_class,omitempty"`
	// KeyA and KeyB are the ARNs of the KMS keys that encrypt the replicas on
	// side A and on side B: with both, objects encrypted with KMS replicate
	// both ways. A side without one takes the customer managed key that its
	// bucket uses by default; the survey knows whether there is one.
	KeyA string `json:"key_a,omitempty"`
	KeyB string `json:"key_b,omitempty"`
	// KeepReplicaOwner leaves replicas to the account that wrote the object,
	// where the sides belong to two accounts and ACLs are on. Otherwise they
	// belong to the side that they are on.
	KeepReplicaOwner bool `json:"keep_replica_owner,omitempty"`
	// RoleAtoB and RoleBtoA are the ARNs of roles that stand already and
	// shall be used as they are: bothways changes nothing about them.
	RoleAtoB string `json:"role_a_to_b,omitempty"`
	RoleBtoA string `json:"role_b_to_a,omitempty"`
	// MadeTags are further tags for the buckets and roles that bothways makes.
	MadeTags Tags `json:"made_tags,omitempty"`
	// Merge agrees to changing what others made where ours has to stand
	// beside it: a replication configuration, its role, a bucket policy.
	// What is theirs stays in it, element for element.
	Merge bool `json:"merge,omitempty"`
	// ConvertV1 agrees to rewriting rules of the first schema as rules of the
	// second that mean the same, because one configuration can't hold both.
	ConvertV1 bool `json:"convert_v1,omitempty"`
	// Settle waits 15 minutes after versioning was switched on for the first
	// time, as AWS advises (S3 API reference, PutBucketVersioning).
	Settle bool `json:"settle,omitempty"`
}

// DefaultOptions replicates everything that a two-way pair for disaster
// recovery wants, and nothing that costs extra. Delete markers and replica
// modifications follow what AWS recommends for two-way rules.
func DefaultOptions() Options {
	return Options{DeleteMarkers: true, ReplicaModifications: true}
}

// Key is the KMS key of the replicas on a side, or "".
func (o Options) Key(side SideName) string {
	if side == A {
		return o.KeyA
	}
	return o.KeyB
}

// Role is the ARN of the role that stands already for a direction, or "".
func (o Options) Role(d Direction) string {
	if d == AtoB {
		return o.RoleAtoB
	}
	return o.RoleBtoA
}
