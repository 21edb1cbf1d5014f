package s3

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// origin opens what x-amz-copy-source names, with a reference to its body.
// The bucket may lie in another region.
func (c *call) origin() (*store.Bucket, *store.Version, error) {
	text := c.r.Header.Get("X-Amz-Copy-Source")
	path, query, _ := strings.Cut(text, "?")
	path, err := url.PathUnescape(path)
	if err != nil {
		return nil, nil, invalidArgument("Invalid copy source encoding", "x-amz-copy-source", text)
	}
	bucketName, key, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !found || bucketName == "" || key == "" {
		return nil, nil, invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
			"x-amz-copy-source", text)
	}
	from, found := c.api.Store.Bucket(bucketName)
	if !found {
		return nil, nil, noSuchBucket(bucketName)
	}
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return nil, nil, invalidArgument("Invalid copy source", "x-amz-copy-source", text)
	}
	other := *c
	other.bucket, other.bucketName, other.key, other.query = from, bucketName, key, parameters
	action := "s3:GetObject"
	if parameters.Has("versionId") {
		action = "s3:GetObjectVersion"
	}
	if err := other.allowed(action, from.ObjectARN(key), nil); err != nil {
		return nil, nil, err
	}
	if owner := c.r.Header.Get("X-Amz-Source-Expected-Bucket-Owner"); owner != "" && owner != from.Owner {
		return nil, nil, accessDenied("")
	}
	v, err := other.lookUp(from.Acquire)
	if err != nil {
		c.w.Header().Del("X-Amz-Version-Id") // of the source, not of the answer
		var f *refusal.Error
		if errors.As(err, &f) && f.Code == "MethodNotAllowed" {
			return nil, nil, invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.")
		}
		if errors.As(err, &f) {
			f.Headers = nil
		}
		return nil, nil, err
	}
	if err := checkThawed(v); err != nil {
		v.Body.Release()
		return nil, nil, err
	}
	if err := c.checkOwned(v); err != nil {
		v.Body.Release()
		return nil, nil, err
	}
	if err := checkCustomerKey(c.r.Header, ofSource, v.Encryption); err != nil {
		v.Body.Release()
		return nil, nil, err
	}
	err = checkConditions(v, http.MethodPut, func(name string) string {
		return c.r.Header.Get("X-Amz-Copy-Source-" + name)
	})
	if err != nil {
		v.Body.Release()
		return nil, nil, err
	}
	return from, v, nil
}

type copyResult struct {
	XMLName      xml.Name
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Type         string `xml:"ChecksumType,omitempty"`
	checksums
}

func (c *call) copyObject() error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	from, v, err := c.origin()
	if err != nil {
		return err
	}
	defer v.Body.Release()
	if v.Size > maxPut {
		return invalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: 5368709120")
	}
	metadata, err := c.directive("X-Amz-Metadata-Directive")
	if err != nil {
		return err
	}
	tags, err := c.directive("X-Amz-Tagging-Directive")
	if err != nil {
		return err
	}
	if from == c.bucket && v.Key == c.key && metadata == "COPY" && !c.query.Has("versionId") &&
		!strings.Contains(c.r.Header.Get("X-Amz-Copy-Source"), "versionId=") &&
		c.r.Header.Get("X-Amz-Storage-Class") == "" && c.r.Header.Get(sseHeader) == "" &&
		draft.Encryption.CustomerKeyMD5 == "" &&
		c.r.Header.Get("X-Amz-Website-Redirect-Location") == "" {
		return invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing " +
			"the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	if metadata == "COPY" {
		const redirect = "X-Amz-Website-Redirect-Location"
		to := draft.Headers[redirect]
		draft.Headers, draft.Meta = v.Headers, v.Meta
		if v.Headers[redirect] != to {
			draft.Headers = maps.Clone(v.Headers)
			draft.Headers[redirect] = to
		}
	}
	if tags == "COPY" {
		draft.Tags = slices.Clone(v.Tags)
	}
	if err := c.copyBody(draft, v); err != nil {
		return err
	}
	made, err := c.commit(draft)
	if err != nil {
		return err
	}
	c.setNewVersionID(made)
	c.setEncryption(made)
	c.setExpiration(made)
	if from.Versioning() != store.NeverSet {
		c.set("X-Amz-Copy-Source-Version-Id", v.ID)
	}
	return c.document(copyResult{
		XMLName:      xml.Name{Space: "http://s3.amazonaws.com/doc/2006-03-01/", Local: "CopyObjectResult"},
		LastModified: stamp(made.Modified), ETag: quoted(made.ETag),
		Type: made.Checksum.Type, checksums: checksumElements(made.Checksum),
	})
}

// copyBody lets the draft share the bytes of v. The copy of a multipart upload
// is an object of one piece, with an ETag and a checksum of its own (S3 User
// Guide, Checking object integrity); so is a checksum that was asked for.
func (c *call) copyBody(draft, v *store.Version) error {
	algorithm := v.Checksum.Algorithm
	if name := c.r.Header.Get("X-Amz-Checksum-Algorithm"); name != "" {
		var err error
		if algorithm, err = askedAlgorithm(name); err != nil {
			return err
		}
	}
	if algorithm == "" {
		algorithm = "CRC64NVME"
	}
	draft.Body, draft.Size, draft.ETag, draft.Checksum = v.Body.Retain(), v.Size, v.ETag, v.Checksum
	if len(v.Parts) == 0 && algorithm == v.Checksum.Algorithm && draft.Encryption.Algorithm == "AES256" && v.Encryption.Algorithm == "AES256" {
		return nil
	}
	etag, sum := md5.New(), newSum(algorithm) //nolint:gosec // S3's ETag
	if err := v.Body.WriteRange(io.MultiWriter(etag, sum), 0, v.Size); err != nil {
		v.Body.Release()
		return err
	}
	draft.ETag = hexOf(etagBytes(etag.Sum(nil), draft.Encryption))
	draft.Checksum = store.Checksum{
		Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: fullObject,
	}
	return nil
}

// copyRange is the form of x-amz-copy-source-range, which unlike Range needs
// both ends.
var copyRange = regexp.MustCompile(`^bytes=(\d+)-(\d+)$`)

// readCopyRange reads x-amz-copy-source-range; the range must lie within the
// source.
func readCopyRange(text string, size int64) (offset, length int64, err error) {
	match := copyRange.FindStringSubmatch(text)
	if match != nil {
		first, err1 := strconv.ParseInt(match[1], 10, 64)
		last, err2 := strconv.ParseInt(match[2], 10, 64)
		if err1 == nil && err2 == nil && first <= last {
			if last >= size {
				return 0, 0, invalidArgument("Range specified is not valid for source object of size: "+
					strconv.FormatInt(size, 10), "x-amz-copy-source-range", text)
			}
			return first, last - first + 1, nil
		}
	}
	return 0, 0, invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "+
		"are the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", text)
}

// directive reads a header that says COPY, which is the default, or REPLACE.
func (c *call) directive(name string) (string, error) {
	switch value := c.r.Header.Get(name); value {
	case "", "COPY":
		return "COPY", nil
	case "REPLACE":
		return value, nil
	default:
		kind, _, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(name, "X-Amz-")), "-")
		return "", invalidArgument("Unknown "+kind+" directive.", strings.ToLower(name), value)
	}
}

// copyPart makes a part of another object's bytes.
func (c *call) copyPart() error {
	number, err := c.partNumber()
	if err != nil {
		return err
	}
	upload, err := c.bucket.Upload(c.key, c.query.Get("uploadId"))
	if err != nil {
		return err
	}
	if err := c.checkPartKey(upload); err != nil {
		return err
	}
	from, v, err := c.origin()
	if err != nil {
		return err
	}
	defer v.Body.Release()
	offset, length := int64(0), v.Size
	if text := c.r.Header.Get("X-Amz-Copy-Source-Range"); text != "" {
		if offset, length, err = readCopyRange(text, v.Size); err != nil {
			return err
		}
	}
	reader := v.Body.Reader(offset, length)
	defer reader.Close()
	part, err := c.receivePart(upload, number, reader)
	if err != nil {
		return err
	}
	if from.Versioning() != store.NeverSet {
		c.set("X-Amz-Copy-Source-Version-Id", v.ID)
	}
	c.setEncryption(&upload.Draft)
	return c.document(copyResult{
		XMLName:      xml.Name{Space: "http://s3.amazonaws.com/doc/2006-03-01/", Local: "CopyPartResult"},
		LastModified: stamp(time.Now()), ETag: quoted(hexOf(part.MD5)), checksums: checksumElements(upload.Told(part)),
	})
}
