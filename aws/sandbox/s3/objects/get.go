package objects

import (
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// getObject serves GET and HEAD.
func getObject(c *request.Call) error {
	if c.Query.Has("partNumber") {
		if _, err := PartNumber(c); err != nil {
			return err
		}
	}
	v, err := lookUp(c, c.Bucket.Acquire)
	if err != nil {
		return err
	}
	defer v.Body.Release()
	if err := checkOwned(c, v, store.Read); err != nil {
		return err
	}
	if err := checkReadable(c, v); err != nil {
		return err
	}
	var before http.Header // what an answer has that is not the object's
	if c.R.Method == http.MethodGet {
		before = c.W.Header().Clone()
	}
	c.W.Header().Set("Etag", request.Quoted(v.ETag))
	c.W.Header().Set("Last-Modified", request.HTTPDate(v.Modified))
	setVersionID(c, v)
	if err := c.CheckRead(v); err != nil {
		return err
	}
	if err := checkDecrypts(c, v); err != nil {
		return err
	}
	if c.R.Method == http.MethodGet {
		if err := checkThawed(v); err != nil {
			return err
		}
	}
	part, err := spanOf(c, v)
	if err != nil {
		return err
	}
	describe(c, v)
	if err := overrideHeaders(c); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Length", strconv.FormatInt(part.length, 10))
	status := http.StatusOK
	if part.partial {
		status = http.StatusPartialContent
		h.Set("Content-Range", contentRange(part, v.Size))
	}
	if strings.EqualFold(c.R.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		switch {
		case part.number > 0 && len(v.Parts) > 0:
			checksum.Set(h, v.Parts[part.number-1].Checksum)
			if v.Parts[part.number-1].Checksum.Algorithm != "" {
				h.Set("X-Amz-Checksum-Type", v.Checksum.Type)
			}
		case !part.ranged:
			checksum.Set(h, v.Checksum)
		}
	}
	if c.R.Method == http.MethodHead || part.length == 0 {
		c.W.WriteHeader(status)
		return nil
	}
	to := &answer{w: c.W, status: status}
	if err := v.Body.WriteRange(to, part.offset, part.length); err != nil {
		c.Broken(c.Bucket, v, err)
		if !to.begun {
			clear(h)
			maps.Copy(h, before)
			return err
		}
		// The status is sent: breaking off is the only way to say it.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// answer sends the status with the first bytes of a body: until they are known
// to be right, the answer may still be another.
type answer struct {
	w      http.ResponseWriter
	status int
	begun  bool
}

// Write implements io.Writer.
func (a *answer) Write(data []byte) (int, error) {
	if !a.begun {
		a.begun = true
		a.w.WriteHeader(a.status)
	}
	return a.w.Write(data)
}

// describe sets the headers for all that is stored with a version.
func describe(c *request.Call, v *store.Version) {
	for name, value := range v.Headers {
		c.Set(name, value)
	}
	h := c.W.Header()
	for name, value := range v.Meta {
		// What is not ASCII is sent as in RFC 2047, and names are sent in
		// lower case, which clients keep (S3 User Guide, Working with object
		// metadata).
		h["x-amz-meta-"+name] = []string{mime.BEncoding.Encode("UTF-8", value)}
	}
	c.Set("X-Amz-Storage-Class", v.StorageClass)
	SetEncryption(c, v)
	setLock(c, v)
	setRestore(c, v)
	SetExpiration(c, v)
	c.Set("X-Amz-Replication-Status", string(c.Backend.Engine.ShownStatus(c.Bucket, v)))
	if len(v.Tags) > 0 {
		h.Set("X-Amz-Tagging-Count", strconv.Itoa(len(v.Tags)))
	}
	if c.Query.Has("partNumber") && len(v.Parts) > 0 {
		h.Set("X-Amz-Mp-Parts-Count", strconv.Itoa(len(v.Parts)))
	}
}

// overrideHeaders applies the response-… parameters of a GET.
func overrideHeaders(c *request.Call) error {
	if len(c.Query) == 0 {
		return nil
	}
	for _, name := range kept {
		if value := c.Query.Get("response-" + strings.ToLower(name)); value != "" {
			if strings.ContainsAny(value, "\r\n") {
				return request.InvalidArgument("Header value cannot contain line breaks", "response-"+strings.ToLower(name), value)
			}
			c.W.Header().Set(name, value)
		}
	}
	return nil
}
