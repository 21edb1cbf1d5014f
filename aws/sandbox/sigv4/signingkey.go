package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"sync"
)

// maxDerived bounds the cache: a sandbox sees a few keys, regions and services a day.
const maxDerived = 256

// keyScope is everything but the secret that a signing key depends on.
type keyScope struct {
	accessKeyID, date, region, service string
}

type derivedKey struct {
	secret string
	key    []byte
}

// signingKeys remembers derived signing keys, because deriving one costs four HMACs while checking costs one. The zero
// value is ready; it is safe for concurrent use.
type signingKeys struct {
	mu   sync.Mutex
	keys map[keyScope]derivedKey
}

// get returns the signing key of a claim. A secret that has changed under the same id derives anew.
func (s *signingKeys) get(c *claim, secret string) []byte {
	scope := keyScope{c.accessKeyID, c.date, c.region, c.service}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.keys[scope]; ok && known.secret == secret {
		return known.key
	}
	key := sum([]byte("AWS4"+secret), c.date)
	key = sum(key, c.region)
	key = sum(key, c.service)
	key = sum(key, terminator)
	if s.keys == nil || len(s.keys) >= maxDerived {
		s.keys = make(map[keyScope]derivedKey)
	}
	s.keys[scope] = derivedKey{secret, key}
	return key
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func sign(key []byte, text string) string { return hex.EncodeToString(sum(key, text)) }

func hashHex(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:])
}
