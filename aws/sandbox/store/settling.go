package store

import (
	"time"

	"bothways/aws/sandbox/replicate/rules"
)

// Settling says how long changes of a bucket take until they are seen
// everywhere: objects are strongly consistent, bucket configurations are not
// (S3 User Guide, Amazon S3 data consistency model). Zero is at once.
type Settling struct {
	// ConfigurationVisible is how long reading a replication configuration
	// still gives the one before.
	ConfigurationVisible time.Duration
	// ConfigurationEffective is how long new objects are still replicated by
	// the configuration before.
	ConfigurationEffective time.Duration
	// VersioningEffective is how long a bucket whose versioning was enabled for
	// the first time does not count as versioned for a replication
	// configuration, and how long one of four reads does not find its object.
	VersioningEffective time.Duration
	// NameFree is how long the name of a deleted bucket can't be taken.
	NameFree time.Duration
}

// Scaled returns the same for a time that passes as many times as fast.
func (s Settling) Scaled(by float64) Settling {
	for _, d := range []*time.Duration{&s.ConfigurationVisible, &s.ConfigurationEffective, &s.VersioningEffective, &s.NameFree} {
		*d = time.Duration(float64(*d) / by)
	}
	return s
}

// configured is a replication configuration since an instant.
type configured struct {
	since         time.Time
	configuration *rules.Configuration // nil: none
}

// Replication returns the replication configuration that was put last, or nil.
func (b *Bucket) Replication() *rules.Configuration { return b.ReplicationAt(time.Now()) }

// VisibleReplication returns the configuration that reading it gives.
func (b *Bucket) VisibleReplication() *rules.Configuration {
	return b.ReplicationAt(time.Now().Add(-b.store.Settling.ConfigurationVisible))
}

// EffectiveReplication returns the configuration that objects are replicated
// by.
func (b *Bucket) EffectiveReplication() *rules.Configuration {
	return b.ReplicationAt(time.Now().Add(-b.store.Settling.ConfigurationEffective))
}

// ReplicationAt returns the configuration of an instant, as far back as
// Settling reaches.
func (b *Bucket) ReplicationAt(instant time.Time) *rules.Configuration {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.replicationAt(instant)
}

func (b *Bucket) replicationAt(instant time.Time) *rules.Configuration {
	for i := len(b.replication) - 1; i >= 0; i-- {
		if !b.replication[i].since.After(instant) {
			return b.replication[i].configuration
		}
	}
	return nil
}

// SetReplication replaces the replication configuration; nil removes it. It
// reports whether versioning is enabled, without which nothing is stored.
func (b *Bucket) SetReplication(c *rules.Configuration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c != nil && b.versioning != Enabled {
		return false
	}
	now := time.Now()
	b.replication = append(b.replication, configured{now, c})
	reach := max(b.store.Settling.ConfigurationVisible, b.store.Settling.ConfigurationEffective)
	for len(b.replication) > 1 && !b.replication[1].since.After(now.Add(-reach)) {
		b.replication = b.replication[1:]
	}
	b.persist()
	return true
}

// VersioningSeen returns the versioning state as replication configurations
// are checked against.
func (b *Bucket) VersioningSeen() Versioning {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.versioning == Enabled && b.unsettled() {
		return NeverSet
	}
	return b.versioning
}

// Misses says whether a read of an object that is there does not find it, as
// happens now and then soon after versioning was first enabled (S3 User
// Guide, Enabling versioning on buckets).
func (b *Bucket) Misses() bool {
	if b.store.Settling.VersioningEffective == 0 {
		return false
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.unsettled() && b.reads.Add(1)%4 == 0
}

func (b *Bucket) unsettled() bool {
	return !b.versionedAt.IsZero() && time.Since(b.versionedAt) < b.store.Settling.VersioningEffective
}
