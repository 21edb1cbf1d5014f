package sigv4

import (
	"crypto/md5"  //nolint:gosec // one of the checksums that S3 offers, not used for security
	"crypto/sha1" //nolint:gosec // one of the checksums that S3 offers, not used for security
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/zeebo/xxh3"
)

// Checksum is one value that a client declared and that its body agrees with.
type Checksum struct {
	// Algorithm is S3's name, for example "CRC32".
	Algorithm string
	// Value is the base64 text of the checksum, most significant byte first.
	Value string
}

// Algorithms are the checksums of S3 (S3 User Guide, Checking object integrity).
var Algorithms = [...]string{
	"CRC32", "CRC32C", "CRC64NVME", "MD5", "SHA1", "SHA256", "SHA512", "XXHASH128", "XXHASH3", "XXHASH64",
}

// headers are the names of their headers as net/http keeps them: every request is asked for all of them.
var headers = func() (names [len(Algorithms)]string) {
	for i, name := range Algorithms {
		names[i] = http.CanonicalHeaderKey("X-Amz-Checksum-" + name)
	}
	return names
}()

// nvme is the table of CRC-64/NVME, of the reversed form of its polynomial (NVM Express, "64b CRC").
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

// NewDigest returns nil for a name that is not among Algorithms.
func NewDigest(name string) hash.Hash {
	switch name {
	case "CRC32":
		return crc32.NewIEEE()
	case "CRC32C":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "CRC64NVME":
		return crc64.New(nvme)
	case "SHA1":
		return sha1.New() //nolint:gosec // see the import
	case "SHA256":
		return sha256.New()
	case "SHA512":
		return sha512.New()
	case "MD5":
		return md5.New() //nolint:gosec // see the import
	case "XXHASH128":
		return xxh3.New128()
	case "XXHASH3":
		return xxh3.New()
	case "XXHASH64":
		return xxhash.New()
	}
	return nil
}

// algorithmOf turns the header name "x-amz-checksum-crc32" into "CRC32", and any other name into "".
func algorithmOf(header string) string {
	lower := strings.ToLower(strings.TrimSpace(header))
	for _, name := range Algorithms {
		if lower == "x-amz-checksum-"+strings.ToLower(name) {
			return name
		}
	}
	return ""
}

func base64Sum(digest hash.Hash) string { return base64.StdEncoding.EncodeToString(digest.Sum(nil)) }
