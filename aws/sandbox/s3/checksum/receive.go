package checksum

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/base64"
	"io"
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// Received is a body that was read to its end.
type Received struct {
	Body     *store.Body
	MD5      []byte
	Checksum store.Checksum
}

// Receive reads the body of the request. The checksum that the client
// declared was checked on the way; where it declared none, S3 computes one
// itself, with the algorithm fallback. With force it does so in any case.
func Receive(c *request.Call, fallback string, force bool) (Received, error) {
	algorithm := ""
	if force || !Declared(c) {
		algorithm = fallback
	}
	etag := md5.New() //nolint:gosec // S3's ETag
	sums := io.Writer(etag)
	sum := sigv4.NewDigest(algorithm)
	if sum != nil {
		sums = io.MultiWriter(etag, sum)
	}
	body, err := c.Backend.Store.Bodies.Write(c.Caller.Body, sums)
	if err != nil {
		return Received{}, err
	}
	r := Received{Body: body, MD5: etag.Sum(nil)}
	if sum != nil {
		r.Checksum = store.Checksum{
			Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: FullObject,
		}
	}
	if algorithm != "" {
		return r, nil
	}
	for _, declared := range c.Caller.Body.Checksums() {
		r.Checksum = store.Checksum{Algorithm: declared.Algorithm, Value: declared.Value, Type: FullObject}
	}
	return r, nil
}

// Declared says whether a request declares a checksum of its body.
func Declared(c *request.Call) bool {
	if c.R.Header.Get("X-Amz-Trailer") != "" {
		return true
	}
	for _, algorithm := range sigv4.Algorithms {
		if c.R.Header.Get("X-Amz-Checksum-"+algorithm) != "" {
			return true
		}
	}
	return false
}

// CheckPromise checks the checksum headers of an upload against each other: the
// algorithm that x-amz-sdk-checksum-algorithm announces must come with a value
// in a header or in the trailer.
func CheckPromise(c *request.Call) error {
	for name := range c.R.Header {
		kind, found := strings.CutPrefix(name, "X-Amz-Checksum-")
		if !found {
			continue
		}
		if _, known := knownAlgorithm(kind); !known && kind != "Algorithm" && kind != "Type" && kind != "Mode" {
			return request.InvalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.")
		}
	}
	announced := c.R.Header.Get("X-Amz-Sdk-Checksum-Algorithm")
	if announced == "" {
		return nil
	}
	algorithm, err := Asked(announced)
	if err != nil {
		return request.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.")
	}
	if !Declared(c) {
		return request.InvalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer " +
			"headers were found.")
	}
	if c.R.Header.Get("X-Amz-Checksum-"+algorithm) == "" &&
		!strings.EqualFold(c.R.Header.Get("X-Amz-Trailer"), "x-amz-checksum-"+algorithm) {
		return request.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.")
	}
	return nil
}
