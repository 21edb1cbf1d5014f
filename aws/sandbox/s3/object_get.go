package s3

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// find returns the version that the request is about, without a reference to
// its body, or what S3 says instead.
func (c *call) find() (*store.Version, error) {
	return c.lookUp(c.bucket.Find)
}

func (c *call) lookUp(get func(key, id string) (*store.Version, error)) (*store.Version, error) {
	id := c.query.Get("versionId")
	if c.query.Has("versionId") {
		if id == "" {
			return nil, invalidArgument("Version id cannot be the empty string", "versionId", id)
		}
		if !isVersionID(id) {
			return nil, invalidArgument("Invalid version id specified", "versionId", id)
		}
	}
	if c.bucket.Misses() {
		return nil, c.absent(noSuchKey(c.key))
	}
	v, err := get(c.key, id)
	switch {
	case errors.Is(err, store.ErrNoSuchKey):
		return nil, c.absent(noSuchKey(c.key))
	case errors.Is(err, store.ErrNoSuchVersion):
		return nil, c.absent(noSuchVersion(c.key, id))
	case err != nil:
		return nil, err
	case v.Marker && id == "":
		c.setVersionID(v)
		return nil, c.absent(noSuchKey(c.key).Header("X-Amz-Delete-Marker", "true"))
	case v.Marker:
		c.setVersionID(v)
		return nil, refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
			"The specified method is not allowed against this resource.",
			refusal.With("Method", c.r.Method), refusal.With("ResourceType", "DeleteMarker")).
			Header("X-Amz-Delete-Marker", "true").Header("Allow", "DELETE").Header("Last-Modified", httpDate(v.Modified))
	}
	return v, nil
}

// isVersionID says whether id has the form of a version id.
func isVersionID(id string) bool {
	if id == store.NullID {
		return true
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
	return len(id) == 32 && strings.Trim(id, alphabet) == ""
}

// getObject serves GET and HEAD.
func (c *call) getObject() error {
	if c.query.Has("partNumber") {
		if _, err := c.partNumber(); err != nil {
			return err
		}
	}
	v, err := c.lookUp(c.bucket.Acquire)
	if err != nil {
		return err
	}
	defer v.Body.Release()
	if err := c.checkOwned(v); err != nil {
		return err
	}
	if err := c.checkReadable(v); err != nil {
		return err
	}
	c.w.Header().Set("Etag", quoted(v.ETag))
	c.w.Header().Set("Last-Modified", httpDate(v.Modified))
	c.setVersionID(v)
	if err := c.checkRead(v); err != nil {
		return err
	}
	if c.r.Method == http.MethodGet {
		if err := checkThawed(v); err != nil {
			return err
		}
	}
	part, err := c.span(v)
	if err != nil {
		return err
	}
	c.describe(v)
	if err := c.overrideHeaders(); err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.FormatInt(part.length, 10))
	status := http.StatusOK
	if part.partial {
		status = http.StatusPartialContent
		h.Set("Content-Range", contentRange(part, v.Size))
	}
	if strings.EqualFold(c.r.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		switch {
		case part.number > 0 && len(v.Parts) > 0:
			setChecksum(h, v.Parts[part.number-1].Checksum)
			if v.Parts[part.number-1].Checksum.Algorithm != "" {
				h.Set("X-Amz-Checksum-Type", v.Checksum.Type)
			}
		case !part.ranged:
			setChecksum(h, v.Checksum)
		}
	}
	c.w.WriteHeader(status)
	if c.r.Method == http.MethodHead {
		return nil
	}
	if err := v.Body.WriteRange(c.w, part.offset, part.length); err != nil {
		// The status is sent: breaking off is the only way to say it.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// describe tells all that is stored with a version.
func (c *call) describe(v *store.Version) {
	for name, value := range v.Headers {
		c.set(name, value)
	}
	h := c.w.Header()
	for name, value := range v.Meta {
		// What is not ASCII is told as RFC 2047 has it, and names are told in
		// lower case, which clients keep (S3 User Guide, Working with object
		// metadata).
		h["x-amz-meta-"+name] = []string{mime.BEncoding.Encode("UTF-8", value)}
	}
	c.set("X-Amz-Storage-Class", v.StorageClass)
	c.setEncryption(v)
	c.setLock(v)
	c.setRestore(v)
	c.setExpiration(v)
	c.set("X-Amz-Replication-Status", string(v.Status()))
	if len(v.Tags) > 0 {
		h.Set("X-Amz-Tagging-Count", strconv.Itoa(len(v.Tags)))
	}
	if c.query.Has("partNumber") && len(v.Parts) > 0 {
		h.Set("X-Amz-Mp-Parts-Count", strconv.Itoa(len(v.Parts)))
	}
}

// overrideHeaders applies the response-… parameters of a GET.
func (c *call) overrideHeaders() error {
	for _, name := range kept {
		if value := c.query.Get("response-" + strings.ToLower(name)); value != "" {
			if strings.ContainsAny(value, "\r\n") {
				return invalidArgument("Header value cannot contain line breaks", "response-"+strings.ToLower(name), value)
			}
			c.w.Header().Set(name, value)
		}
	}
	return nil
}
