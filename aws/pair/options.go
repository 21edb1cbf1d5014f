package pair

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

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
	// RoleBoundary is NoBoundary, or the ARN of the permissions boundary that the roles which
	// bothways makes get; with two accounts it may be one of each, with a space
	// between. RolePath and RolePrefix are their path, and what their names
	// begin with. Organisations may ask for each of them.
	RoleBoundary string `json:"role_boundary,omitempty"`
	RolePath     string `json:"role_path,omitempty"`
	RolePrefix   string `json:"role_prefix,omitempty"`
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

// Given names what stands already and shall be used: bothways changes nothing
// about it. It is comparable.
type Given struct {
	// KeyA and KeyB are the ARNs of the KMS keys that encrypt the replicas on
	// side A and on side B: with both, objects encrypted with KMS replicate
	// both ways. A side without one takes the customer managed key that its
	// bucket uses by default; the survey knows whether there is one.
	KeyA string `json:"key_a,omitempty"`
	KeyB string `json:"key_b,omitempty"`
	// RoleAtoB and RoleBtoA are the ARNs of the directions' roles.
	RoleAtoB string `json:"role_a_to_b,omitempty"`
	RoleBtoA string `json:"role_b_to_a,omitempty"`
}

// Key is the KMS key of the replicas on a side, or "".
func (g Given) Key(side SideName) string {
	if side == A {
		return g.KeyA
	}
	return g.KeyB
}

// WithKey has a KMS key for the replicas on a side.
func (g Given) WithKey(side SideName, arn string) Given {
	if side == A {
		g.KeyA = arn
	} else {
		g.KeyB = arn
	}
	return g
}

// WithRole has a role for a direction.
func (g Given) WithRole(d Direction, arn string) Given {
	if d == AtoB {
		g.RoleAtoB = arn
	} else {
		g.RoleBtoA = arn
	}
	return g
}

// Role is the ARN of the role that stands already for a direction, or "".
func (g Given) Role(d Direction) string {
	if d == AtoB {
		return g.RoleAtoB
	}
	return g.RoleBtoA
}

var (
	keyShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^arn:(aws[a-z-]*):kms:([a-z0-9-]+):([0-9]{12}):key/[A-Za-z0-9-]+$`)
	})
	roleShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):role/[\w+=,.@/-]+$`)
	})
)

// checkOptions says which option can't be, with its value.
func (p Pair) checkOptions() error {
	o := p.Options
	if err := CheckPrefix(o.Prefix); err != nil {
		return err
	}
	if err := o.FilterTags.Check(); err != nil {
		return fmt.Errorf("the filter: %w", err)
	}
	if err := o.MadeTags.Check(); err != nil {
		return fmt.Errorf("the tags of what is made: %w", err)
	}
	for _, tag := range o.MadeTags.List() {
		if strings.HasPrefix(tag.Key, "bothways:") {
			return fmt.Errorf("the tags of what is made: %q is bothways' own mark", tag.Key)
		}
	}
	if o.FilterTags != "" && o.DeleteMarkers {
		return fmt.Errorf("a rule that filters by tags can't replicate delete markers: leave one of them out")
	}
	if classes := StorageClasses(); o.StorageClass != "" && !slices.Contains(classes, o.StorageClass) {
		return fmt.Errorf("%q is not a storage class of S3: give one of %s", clip(o.StorageClass), strings.Join(classes, ", "))
	}
	for _, name := range Sides() {
		if err := CheckKey(p.Given.Key(name), p.Side(name).Region); err != nil {
			return fmt.Errorf("side %s: %w", name, err)
		}
	}
	for _, d := range Directions() {
		if err := CheckRole(p.Given.Role(d)); err != nil {
			return fmt.Errorf("role %s: %w", d.Arrow(), err)
		}
	}
	return p.checkMadeRoles()
}

// CheckKey says whether a text is the ARN of a KMS key in a region; "" is no
// key. An alias would not do: a role's policy has to name the key itself (KMS
// Developer Guide, "Using aliases to control access to KMS keys").
func CheckKey(arn, region string) error {
	if arn == "" {
		return nil
	}
	parts := keyShape().FindStringSubmatch(arn)
	switch {
	case parts == nil:
		return fmt.Errorf("%q is not the ARN of a KMS key, such as arn:aws:kms:%s:123456789012:key/1234abcd-…", clip(arn), region)
	case parts[2] != region:
		return fmt.Errorf("the KMS key %s lies in %s: S3 needs one in the bucket's region, %s", clip(arn), parts[2], region)
	case parts[1] != PartitionOf(region):
		return fmt.Errorf("the KMS key %s lies in the partition %s, the bucket in %s", clip(arn), parts[1], PartitionOf(region))
	}
	return nil
}

// CheckRole says whether a text is the ARN of an IAM role; "" is no role.
func CheckRole(arn string) error {
	if arn != "" && !roleShape().MatchString(arn) {
		return fmt.Errorf("%q is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name", clip(arn))
	}
	return nil
}
