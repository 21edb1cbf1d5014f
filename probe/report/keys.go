package report

import "hash/maphash"

// keySet knows keys in about 10 bytes each: of a key it has a hash of 63 bits, by
// which two of a million are taken for one another once in 18 million runs. The
// lowest bit of it says that the key is marked.
type keySet struct {
	seed   maphash.Seed
	shards [256]keyShard // by the hash's first bits: each grows by itself
}

// keyShard is a table with open addressing. A hash of 0 is a free place.
type keyShard struct {
	hashes []uint64
	n      int
}

const marked = 1

func newKeySet() *keySet { return &keySet{seed: maphash.MakeSeed()} }

// hash is that of a key, unmarked and never 0.
func (k *keySet) hash(key string) uint64 { return max(2, maphash.String(k.seed, key)&^marked) }

// find returns where a hash stands, nil if it is not known. It holds until the
// next put.
func (k *keySet) find(hash uint64) *uint64 {
	shard := &k.shards[hash>>56]
	if len(shard.hashes) == 0 {
		return nil
	}
	if at := shard.slot(hash); shard.hashes[at] != 0 {
		return &shard.hashes[at]
	}
	return nil
}

// put makes a hash known; that of a marked key is its hash with the mark.
func (k *keySet) put(hash uint64) {
	shard := &k.shards[hash>>56]
	if 8*(shard.n+1) > 7*len(shard.hashes) {
		shard.grow()
	}
	at := shard.slot(hash)
	if shard.hashes[at] == 0 {
		shard.n++
	}
	shard.hashes[at] |= hash
}

// slot is where a hash is, or where it goes.
func (s *keyShard) slot(hash uint64) int {
	at := int(hash & (1<<32 - 1) * uint64(len(s.hashes)) >> 32)
	for s.hashes[at] != 0 && s.hashes[at]|marked != hash|marked {
		if at++; at == len(s.hashes) {
			at = 0
		}
	}
	return at
}

func (s *keyShard) grow() {
	larger := keyShard{hashes: make([]uint64, 16+len(s.hashes)*9/8), n: s.n}
	for _, hash := range s.hashes {
		if hash != 0 {
			larger.hashes[larger.slot(hash)] = hash
		}
	}
	*s = larger
}
