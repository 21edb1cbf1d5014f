package store

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
)

// HardDeleted says whether somebody deleted a version by its id, which S3 Batch
// Replication never brings back (S3 User Guide, Amazon S3 replication failure
// reasons: DstObjectHardDeleted). The null version is not remembered: its id
// says nothing about which version it was, and AWS does not say what holds for
// it.
func (b *Bucket) HardDeleted(key, id string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	_, gone := b.hardDeleted[fingerprint(key, id)]
	return gone
}

// RememberHardDeleted notes that a version was deleted by its id.
func (b *Bucket) RememberHardDeleted(key, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remember(key, id)
}

// remember notes that a version was deleted by its id. The lock is held.
func (b *Bucket) remember(key, id string) {
	if id == NullID {
		return
	}
	if b.hardDeleted == nil {
		b.hardDeleted = map[uint64]struct{}{}
	}
	b.hardDeleted[fingerprint(key, id)] = struct{}{}
}

// fingerprint stands for a version in the memory of those deleted, which so
// takes eight bytes for each: with a million there, another version is taken for
// one of them once in 10^13 times.
func fingerprint(key, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(id))
	return h.Sum64()
}

// hardDeletedRecord is a run of that memory as it is written down.
type hardDeletedRecord struct {
	Bucket string
	Prints []byte // eight bytes each
}

// dumpHardDeleted writes the memory down, some thousands to a line.
func (b *Bucket) dumpHardDeleted(write func(kind string, value any)) {
	const most = 8192
	for run := range slices.Chunk(slices.Sorted(maps.Keys(b.hardDeleted)), most) {
		r := hardDeletedRecord{Bucket: b.Name, Prints: make([]byte, 0, 8*len(run))}
		for _, print := range run {
			r.Prints = binary.BigEndian.AppendUint64(r.Prints, print)
		}
		write(entryHardDeleted, r)
	}
}

func (s *Store) replayHardDeleted(r hardDeletedRecord) error {
	b := s.buckets[r.Bucket]
	if b == nil {
		return nil
	}
	if b.hardDeleted == nil {
		b.hardDeleted = map[uint64]struct{}{}
	}
	for print := range slices.Chunk(r.Prints, 8) {
		if len(print) == 8 {
			b.hardDeleted[binary.BigEndian.Uint64(print)] = struct{}{}
		}
	}
	return nil
}
