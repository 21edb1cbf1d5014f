package objects

import (
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// MaxPut is the largest body of one request in bytes (S3 User Guide, S3
// multipart upload limits).
const MaxPut = 5 << 30

// CheckLength refuses a body without a length, or with too long a one.
func CheckLength(c *request.Call) error {
	if err := checksum.CheckPromise(c); err != nil {
		return err
	}
	switch {
	case c.Caller.Length < 0, c.Caller.Length == 0 && saysNoLength(c):
		return refusal.New(http.StatusLengthRequired, "MissingContentLength",
			"You must provide the Content-Length HTTP header.")
	}
	return checkSize(c.Caller.Length)
}

// checkSize refuses what is too large for one request, in bytes.
func checkSize(size int64) error {
	if size > MaxPut {
		return refusal.New(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
			refusal.With("ProposedSize", strconv.FormatInt(size, 10)), refusal.With("MaxSizeAllowed", strconv.Itoa(MaxPut)))
	}
	return nil
}

// saysNoLength says whether a request that came over a connection has neither a
// length nor a body; without a connection the length is not in a header. A
// body in chunks of HTTP has no such header, but may declare what is in it.
func saysNoLength(c *request.Call) bool {
	return c.R.ContentLength == 0 && c.R.Header["Content-Length"] == nil && c.R.Context().Value(http.ServerContextKey) != nil
}

// kept are the headers that are stored with an object and given back.
var kept = []string{
	"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires",
	"X-Amz-Website-Redirect-Location",
}

// Draft reads what the headers say of an object to be.
func Draft(c *request.Call) (*store.Version, error) {
	if c.R.Header.Get("X-Amz-Write-Offset-Bytes") != "" {
		return nil, request.NotImplemented("x-amz-write-offset-bytes") // of directory buckets
	}
	v := &store.Version{Key: c.Key, Headers: keptHeaders(c), Owner: ownerOfNew(c)}
	var err error
	if v.ACL, err = buckets.ACLOfNew(c, c.Bucket.OwnerOf(v)); err != nil {
		return nil, err
	}
	if to := v.Headers["X-Amz-Website-Redirect-Location"]; to != "" && !strings.HasPrefix(to, "/") &&
		!strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") {
		return nil, refusal.New(http.StatusBadRequest, "InvalidRedirectLocation",
			"The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
	}
	if err := readMeta(c, v); err != nil {
		return nil, err
	}
	if v.StorageClass, err = storageClass(c); err != nil {
		return nil, err
	}
	if v.Tags, err = c.HeaderTags(); err != nil {
		return nil, err
	}
	if v.Encryption, err = encryption(c); err != nil {
		return nil, err
	}
	if err := checkKey(c, &v.Encryption); err != nil {
		return nil, err
	}
	if err := mayDescribe(c, v); err != nil {
		return nil, err
	}
	v.Lock, err = lockOfNew(c)
	return v, err
}

// plainHeaders are those of an object of which nothing is said. They are never
// changed, so that a million such objects share them.
var plainHeaders = map[string]string{"Content-Type": "binary/octet-stream"}

// keptHeaders reads the headers to keep.
func keptHeaders(c *request.Call) map[string]string {
	var headers map[string]string
	for _, name := range kept {
		value := asText(c.R.Header.Get(name))
		if name == "Content-Encoding" {
			value = withoutChunked(value)
		}
		if value == "" || name == "Content-Type" && value == plainHeaders[name] {
			continue
		}
		if headers == nil {
			headers = maps.Clone(plainHeaders)
		}
		headers[name] = value
	}
	if headers == nil {
		return plainHeaders
	}
	return headers
}

// readMeta reads user metadata: at most 2 KB of names and values (S3 User
// Guide, Working with object metadata).
func readMeta(c *request.Call, v *store.Version) error {
	size := 0
	for name, values := range c.R.Header {
		key, found := strings.CutPrefix(name, "X-Amz-Meta-")
		if !found {
			continue
		}
		if v.Meta == nil {
			v.Meta = map[string]string{}
		}
		value := strings.Join(values, ",")
		if decoded, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
			value = decoded
		}
		value = asText(value)
		v.Meta[strings.ToLower(key)] = value
		size += len(key) + len(value)
	}
	if size > 2048 {
		return refusal.New(http.StatusBadRequest, "MetadataTooLarge",
			"Your metadata headers exceed the maximum allowed metadata size",
			refusal.With("Size", strconv.Itoa(size)), refusal.With("MaxSizeAllowed", "2048"))
	}
	return nil
}

// asText reads a header's bytes as what HTTP has headers in where they are not
// UTF-8: ISO 8859-1.
func asText(value string) string {
	if utf8.ValidString(value) {
		return value
	}
	runes := make([]rune, 0, len(value))
	for _, b := range []byte(value) {
		runes = append(runes, rune(b))
	}
	return string(runes)
}

// withoutChunked drops aws-chunked, which is about the transfer and not the
// object, from a Content-Encoding.
func withoutChunked(encoding string) string {
	var left []string
	for part := range strings.SplitSeq(encoding, ",") {
		if part = strings.TrimSpace(part); part != "" && part != "aws-chunked" {
			left = append(left, part)
		}
	}
	return strings.Join(left, ",")
}

func storageClass(c *request.Call) (string, error) {
	name := c.R.Header.Get("X-Amz-Storage-Class")
	if name != "" && !storageclass.Of(name).Uploads {
		return "", refusal.New(http.StatusBadRequest, "InvalidStorageClass", "The storage class you specified is not valid",
			refusal.With("StorageClassRequested", name))
	}
	return storageclass.Kept(name), nil
}

// mayDescribe refuses tags and ACLs from who may not set them, which takes
// rights of its own (S3 API Reference, PutObject: Permissions).
func mayDescribe(c *request.Call, v *store.Version) error {
	if len(v.Tags) > 0 {
		if err := c.Allowed("s3:PutObjectTagging", c.Bucket.ObjectARN(c.Key), nil); err != nil {
			return err
		}
	}
	for name := range c.R.Header {
		if name == "X-Amz-Acl" || strings.HasPrefix(name, "X-Amz-Grant-") {
			return c.Allowed("s3:PutObjectAcl", c.Bucket.ObjectARN(c.Key), nil)
		}
	}
	return nil
}
