package pair

// Options says what each direction's rule replicates, and how. It is
// comparable.
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
	// KeepReplicaOwner leaves replicas to the account that wrote the object,
	// where the sides belong to two accounts and ACLs are on. Otherwise they
	// belong to the side that they are on.
	KeepReplicaOwner bool `json:"keep_replica_owner,omitempty"`
	// MadeTags are further tags for the buckets and roles that bothways makes.
	MadeTags Tags `json:"made_tags,omitempty"`
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
