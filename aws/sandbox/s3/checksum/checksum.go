// Package checksum takes in bodies and knows the checksums of S3: what a request
// promises, what came, and what parts have together.
package checksum

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// The two types of an object's checksum (S3 User Guide, Checking object
// integrity).
const (
	FullObject = "FULL_OBJECT"
	Composite  = "COMPOSITE"
)

// Set sends the checksum of a version.
func Set(h http.Header, sum store.Checksum) {
	if sum.Algorithm == "" {
		return
	}
	h.Set("X-Amz-Checksum-"+sum.Algorithm, sum.Value)
	h.Set("X-Amz-Checksum-Type", sum.Type)
}

// Elements is a checksum as elements of an answer.
type Elements struct {
	CRC32     string `xml:"ChecksumCRC32,omitempty"`
	CRC32C    string `xml:"ChecksumCRC32C,omitempty"`
	CRC64NVME string `xml:"ChecksumCRC64NVME,omitempty"`
	MD5       string `xml:"ChecksumMD5,omitempty"`
	SHA1      string `xml:"ChecksumSHA1,omitempty"`
	SHA256    string `xml:"ChecksumSHA256,omitempty"`
	SHA512    string `xml:"ChecksumSHA512,omitempty"`
	XXHASH128 string `xml:"ChecksumXXHASH128,omitempty"`
	XXHASH3   string `xml:"ChecksumXXHASH3,omitempty"`
	XXHASH64  string `xml:"ChecksumXXHASH64,omitempty"`
}

// ElementsOf returns the elements that tell a checksum: the field of its name.
func ElementsOf(sum store.Checksum) Elements {
	var e Elements
	if field := reflect.ValueOf(&e).Elem().FieldByName(sum.Algorithm); field.IsValid() {
		field.SetString(sum.Value)
	}
	return e
}

// Join works out the checksum of a whole from those of its parts:
// composite, a hash over the parts' hashes with the number of parts, or, for
// CRCs, that of the joined bytes.
func Join(algorithm, kind string, parts []*store.UploadPart) (store.Checksum, error) {
	if kind == FullObject {
		value, err := joinCRCs(algorithm, parts)
		return store.Checksum{Algorithm: algorithm, Value: value, Type: FullObject}, err
	}
	sum := sigv4.NewDigest(algorithm)
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Checksum.Value)
		if err != nil {
			return store.Checksum{}, err
		}
		sum.Write(raw)
	}
	value := base64.StdEncoding.EncodeToString(sum.Sum(nil)) + "-" + strconv.Itoa(len(parts))
	return store.Checksum{Algorithm: algorithm, Value: value, Type: Composite}, nil
}

// Asked reads x-amz-checksum-algorithm.
func Asked(name string) (string, error) {
	if algorithm, known := knownAlgorithm(name); known {
		return algorithm, nil
	}
	return "", request.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
		"[" + strings.Join(sigv4.Algorithms[:], ", ") + "]")
}

// knownAlgorithm returns S3's spelling of an algorithm's name.
func knownAlgorithm(name string) (string, bool) {
	for _, a := range sigv4.Algorithms {
		if strings.EqualFold(a, name) {
			return a, true
		}
	}
	return "", false
}
