package s3

import (
	"crypto/md5"  //nolint:gosec // S3's ETag
	"crypto/sha1" //nolint:gosec // one of S3's checksums
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/store"
)

// algorithms are the checksums that S3 stores (S3 User Guide, Checking object
// integrity).
var algorithms = []string{"CRC32", "CRC32C", "CRC64NVME", "MD5", "SHA1", "SHA256", "SHA512"}

// unserved are those that S3 has besides and the sandbox has not: they are
// refused, since a checksum that nobody checks is worse than none.
var unserved = []string{"XXHASH64", "XXHASH3", "XXHASH128"}

// nvme is the table of CRC-64/NVME, from its reversed polynomial.
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

func newSum(algorithm string) hash.Hash {
	switch algorithm {
	case "CRC32":
		return crc32.NewIEEE()
	case "CRC32C":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "CRC64NVME":
		return crc64.New(nvme)
	case "SHA1":
		return sha1.New() //nolint:gosec // asked for by the client
	case "SHA256":
		return sha256.New()
	case "SHA512":
		return sha512.New()
	case "MD5":
		return md5.New() //nolint:gosec // asked for by the client
	}
	return nil
}

// received is a body that was read to its end.
type received struct {
	body     *store.Body
	md5      []byte
	checksum store.Checksum
}

// receive reads the body of the request. The checksum that the client
// declared was checked on the way; where it declared none, S3 computes one
// itself, with the algorithm fallback. With force it does so in any case.
func (c *call) receive(fallback string, force bool) (received, error) {
	algorithm := ""
	if force || !c.declaresChecksum() {
		algorithm = fallback
	}
	etag := md5.New() //nolint:gosec // S3's ETag
	sums := io.Writer(etag)
	sum := newSum(algorithm)
	if sum != nil {
		sums = io.MultiWriter(etag, sum)
	}
	body, err := c.api.Store.Depot.Write(c.caller.Body, sums)
	if err != nil {
		return received{}, err
	}
	r := received{body: body, md5: etag.Sum(nil)}
	if sum != nil {
		r.checksum = store.Checksum{
			Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: fullObject,
		}
	}
	if algorithm != "" {
		return r, nil
	}
	for _, declared := range c.caller.Body.Checksums() {
		r.checksum = store.Checksum{Algorithm: declared.Algorithm, Value: declared.Value, Type: fullObject}
	}
	return r, nil
}

func (c *call) declaresChecksum() bool {
	if c.r.Header.Get("X-Amz-Trailer") != "" {
		return true
	}
	for _, algorithm := range algorithms {
		if c.r.Header.Get("X-Amz-Checksum-"+algorithm) != "" {
			return true
		}
	}
	return false
}

// checkPromise holds the checksum headers of an upload to each other: the
// algorithm that x-amz-sdk-checksum-algorithm announces must come with a value
// in a header or in the trailer.
func (c *call) checkPromise() error {
	for _, name := range unserved {
		if c.r.Header.Get("X-Amz-Checksum-"+name) != "" ||
			strings.EqualFold(c.r.Header.Get("X-Amz-Trailer"), "x-amz-checksum-"+name) {
			return notImplemented("x-amz-checksum-" + strings.ToLower(name))
		}
	}
	for name := range c.r.Header {
		kind, found := strings.CutPrefix(name, "X-Amz-Checksum-")
		if !found {
			continue
		}
		if _, known := knownAlgorithm(kind); !known && kind != "Algorithm" && kind != "Type" && kind != "Mode" {
			return invalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.")
		}
	}
	announced := c.r.Header.Get("X-Amz-Sdk-Checksum-Algorithm")
	if announced == "" {
		return nil
	}
	algorithm, err := askedAlgorithm(announced)
	if err != nil {
		return invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.")
	}
	if !c.declaresChecksum() {
		return invalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer " +
			"headers were found.")
	}
	if c.r.Header.Get("X-Amz-Checksum-"+algorithm) == "" &&
		!strings.EqualFold(c.r.Header.Get("X-Amz-Trailer"), "x-amz-checksum-"+algorithm) {
		return invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.")
	}
	return nil
}

const (
	fullObject = "FULL_OBJECT"
	composite  = "COMPOSITE"
)

// setChecksum tells the checksum of a version.
func setChecksum(h http.Header, sum store.Checksum) {
	if sum.Algorithm == "" {
		return
	}
	h.Set("X-Amz-Checksum-"+sum.Algorithm, sum.Value)
	h.Set("X-Amz-Checksum-Type", sum.Type)
}

// checksums is a checksum as elements of an answer.
type checksums struct {
	CRC32     string `xml:"ChecksumCRC32,omitempty"`
	CRC32C    string `xml:"ChecksumCRC32C,omitempty"`
	CRC64NVME string `xml:"ChecksumCRC64NVME,omitempty"`
	MD5       string `xml:"ChecksumMD5,omitempty"`
	SHA1      string `xml:"ChecksumSHA1,omitempty"`
	SHA256    string `xml:"ChecksumSHA256,omitempty"`
	SHA512    string `xml:"ChecksumSHA512,omitempty"`
}

func checksumElements(sum store.Checksum) checksums {
	var e checksums
	switch sum.Algorithm {
	case "CRC32":
		e.CRC32 = sum.Value
	case "CRC32C":
		e.CRC32C = sum.Value
	case "CRC64NVME":
		e.CRC64NVME = sum.Value
	case "SHA1":
		e.SHA1 = sum.Value
	case "SHA256":
		e.SHA256 = sum.Value
	case "SHA512":
		e.SHA512 = sum.Value
	case "MD5":
		e.MD5 = sum.Value
	}
	return e
}

// joinChecksums works out the checksum of a whole from those of its parts:
// composite, a hash over the parts' hashes with the number of parts, or, for
// CRCs, that of the joined bytes.
func joinChecksums(algorithm, kind string, parts []*store.UploadPart) (store.Checksum, error) {
	if kind == fullObject {
		value, err := joinCRCs(algorithm, parts)
		return store.Checksum{Algorithm: algorithm, Value: value, Type: fullObject}, err
	}
	sum := newSum(algorithm)
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Checksum.Value)
		if err != nil {
			return store.Checksum{}, err
		}
		sum.Write(raw)
	}
	value := base64.StdEncoding.EncodeToString(sum.Sum(nil)) + "-" + strconv.Itoa(len(parts))
	return store.Checksum{Algorithm: algorithm, Value: value, Type: composite}, nil
}

// askedAlgorithm reads x-amz-checksum-algorithm.
func askedAlgorithm(name string) (string, error) {
	if algorithm, known := knownAlgorithm(name); known {
		return algorithm, nil
	}
	if slices.Contains(unserved, strings.ToUpper(name)) {
		return "", notImplemented("x-amz-checksum-algorithm")
	}
	return "", invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
		"[CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]")
}

// knownAlgorithm returns S3's spelling of an algorithm's name.
func knownAlgorithm(name string) (string, bool) {
	for _, a := range algorithms {
		if strings.EqualFold(a, name) {
			return a, true
		}
	}
	return "", false
}
