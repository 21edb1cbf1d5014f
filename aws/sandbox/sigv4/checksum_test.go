package sigv4

import (
	"encoding/hex"
	"testing"
)

// The answers are those of the reference implementation of xxHash, in its
// canonical order, most significant byte first.
func TestXXHashesHaveTheirKnownAnswers(t *testing.T) {
	for name, want := range map[string][2]string{
		"XXHASH64":  {"ef46db3751d8e999", "44bc2cf5ad770999"},
		"XXHASH3":   {"2d06800538d394c2", "78af5f94892f3950"},
		"XXHASH128": {"99aa06d3014798d86001c324468d497f", "06b05ab6733a618578af5f94892f3950"},
	} {
		for i, text := range []string{"", "abc"} {
			digest := NewDigest(name)
			digest.Write([]byte(text))
			if got := hex.EncodeToString(digest.Sum(nil)); got != want[i] || digest.Size() != len(want[i])/2 {
				t.Errorf("%s of %q is %s in %d bytes, want %s", name, text, got, digest.Size(), want[i])
			}
		}
	}
}
