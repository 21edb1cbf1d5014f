package s3

import (
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// maxPut is the largest body of one request in bytes (S3 User Guide, S3
// multipart upload limits).
const maxPut = 5 << 30

func (c *call) putObject() error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	if err := c.checkLength(); err != nil {
		return err
	}
	if c.query.Has("partNumber") {
		return invalidArgument("This operation does not accept partNumber without uploadId", "partNumber", c.query.Get("partNumber"))
	}
	if err := c.checkLockDigest(draft); err != nil {
		return err
	}
	got, err := c.receive("CRC64NVME", false)
	if err != nil {
		return err
	}
	draft.Body, draft.Size, draft.Checksum = got.body, got.body.Size(), got.checksum
	draft.ETag = hexOf(etagBytes(got.md5, draft.Encryption))
	v, err := c.commit(draft)
	if err != nil {
		return err
	}
	c.setNewVersionID(v)
	c.setEncryption(v)
	c.setExpiration(v)
	setChecksum(c.w.Header(), v.Checksum)
	c.w.Header().Set("Etag", quoted(v.ETag))
	return c.empty(http.StatusOK)
}

// commit makes the draft the newest version and has it replicated.
func (c *call) commit(draft *store.Version) (*store.Version, error) {
	v, err := c.bucket.Commit(draft, c.checkWrite, c.api.Engine.Decider(c.bucket))
	if err != nil {
		return nil, err
	}
	c.api.Engine.Committed(c.bucket, v)
	return v, nil
}

// checkWrite holds a write to its If-Match and If-None-Match headers (S3 User
// Guide, How to prevent object overwrites with conditional writes).
func (c *call) checkWrite(newest *store.Version) error {
	match, noneMatch := c.r.Header.Get("If-Match"), c.r.Header.Get("If-None-Match")
	exists := newest != nil && !newest.Marker
	switch {
	case noneMatch != "" && match != "":
		return explained(notImplemented("If-Match,If-None-Match"), "Multiple conditional request headers present in the request")
	case noneMatch != "" && noneMatch != "*":
		return explained(notImplemented("If-None-Match"), "We don't accept the provided value of If-None-Match header for this API")
	case match == "*":
		return explained(notImplemented("If-Match"), "We don't accept the provided value of If-Match header for this API")
	case noneMatch == "*" && exists:
		return preconditionFailed("If-None-Match")
	case match != "" && !exists:
		return noSuchKey(c.key)
	case match != "" && !matches(match, newest.ETag):
		return preconditionFailed("If-Match")
	}
	return nil
}

func (c *call) checkLength() error {
	if err := c.checkPromise(); err != nil {
		return err
	}
	switch {
	case c.caller.Length < 0, c.caller.Length == 0 && c.saysNoLength():
		return refusal.New(http.StatusLengthRequired, "MissingContentLength",
			"You must provide the Content-Length HTTP header.")
	case c.caller.Length > maxPut:
		return refusal.New(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
			refusal.With("ProposedSize", strconv.FormatInt(c.caller.Length, 10)), refusal.With("MaxSizeAllowed", strconv.Itoa(maxPut)))
	}
	return nil
}

// saysNoLength says whether a request that came over a connection has neither a
// length nor a body; without a connection the length is not in a header.
func (c *call) saysNoLength() bool {
	return c.r.Header["Content-Length"] == nil && c.r.Context().Value(http.ServerContextKey) != nil
}

// kept are the headers that are stored with an object and given back.
var kept = []string{
	"Content-Type", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires",
	"X-Amz-Website-Redirect-Location",
}

// draft reads what the headers say of an object to be.
func (c *call) draft() (*store.Version, error) {
	if c.r.Header.Get("X-Amz-Write-Offset-Bytes") != "" {
		return nil, notImplemented("x-amz-write-offset-bytes") // of directory buckets
	}
	if err := c.checkACLHeaders(); err != nil {
		return nil, err
	}
	v := &store.Version{Key: c.key, Headers: c.keptHeaders()}
	if to := v.Headers["X-Amz-Website-Redirect-Location"]; to != "" && !strings.HasPrefix(to, "/") &&
		!strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") {
		return nil, refusal.New(http.StatusBadRequest, "InvalidRedirectLocation",
			"The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
	}
	if err := c.readMeta(v); err != nil {
		return nil, err
	}
	var err error
	if v.StorageClass, err = c.storageClass(); err != nil {
		return nil, err
	}
	if v.Tags, err = c.headerTags(); err != nil {
		return nil, err
	}
	if v.Encryption, err = c.encryption(); err != nil {
		return nil, err
	}
	if err := c.checkKey(v.Encryption); err != nil {
		return nil, err
	}
	v.Owner = c.ownerOfNew()
	v.Lock, err = c.lockOfNew()
	return v, err
}

// plainHeaders are those of an object of which nothing is said. They are never
// changed, so that a million such objects share them.
var plainHeaders = map[string]string{"Content-Type": "binary/octet-stream"}

// keptHeaders reads the headers to keep.
func (c *call) keptHeaders() map[string]string {
	var headers map[string]string
	for _, name := range kept {
		value := c.r.Header.Get(name)
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
func (c *call) readMeta(v *store.Version) error {
	size := 0
	for name, values := range c.r.Header {
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

func (c *call) storageClass() (string, error) {
	class := c.r.Header.Get("X-Amz-Storage-Class")
	switch class {
	case "", "STANDARD":
		return "", nil
	case "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR":
		return class, nil
	}
	return "", refusal.New(http.StatusBadRequest, "InvalidStorageClass", "The storage class you specified is not valid",
		refusal.With("StorageClassRequested", class))
}

// setNewVersionID tells the version id of what was written, unless it is the
// null version.
func (c *call) setNewVersionID(v *store.Version) {
	if !v.IsNull() {
		c.w.Header().Set("X-Amz-Version-Id", v.ID)
	}
}

// setVersionID tells the version id, which buckets that were never versioned
// don't do.
func (c *call) setVersionID(v *store.Version) {
	if c.bucket.Versioning() != store.NeverSet {
		c.w.Header().Set("X-Amz-Version-Id", v.ID)
	}
}
