package checksum

import (
	"encoding/hex"
)

// Hex writes a digest as ETags do.
func Hex(sum []byte) string { return hex.EncodeToString(sum) }
