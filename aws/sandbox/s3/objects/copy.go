package objects

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
	"sync"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// CopySource opens what x-amz-copy-source names, with a reference to its body.
// The bucket may lie in another region.
func CopySource(c *request.Call) (*store.Bucket, *store.Version, error) {
	text := c.R.Header.Get("X-Amz-Copy-Source")
	path, query, _ := strings.Cut(text, "?")
	path, err := url.PathUnescape(path)
	if err != nil {
		return nil, nil, request.InvalidArgument("Invalid copy source encoding", "x-amz-copy-source", text)
	}
	bucketName, key, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !found || bucketName == "" || key == "" {
		return nil, nil, request.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
			"x-amz-copy-source", text)
	}
	from, found := c.Backend.Store.Bucket(bucketName)
	if !found {
		return nil, nil, request.NoSuchBucket(bucketName)
	}
	parameters, err := url.ParseQuery(query)
	if err != nil {
		return nil, nil, request.InvalidArgument("Invalid copy source", "x-amz-copy-source", text)
	}
	other := *c
	other.Bucket, other.BucketName, other.Key, other.Query = from, bucketName, key, parameters
	action := "s3:GetObject"
	if parameters.Has("versionId") {
		action = "s3:GetObjectVersion"
	}
	if err := other.Allowed(action, from.ObjectARN(key), nil); err != nil {
		return nil, nil, err
	}
	if owner := c.R.Header.Get("X-Amz-Source-Expected-Bucket-Owner"); owner != "" && owner != from.Owner {
		return nil, nil, request.AccessDenied("")
	}
	v, err := lookUp(&other, from.Acquire)
	if err != nil {
		c.W.Header().Del("X-Amz-Version-Id") // of the source, not of the answer
		var f *refusal.Error
		if errors.As(err, &f) && f.Code == "MethodNotAllowed" {
			return nil, nil, request.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.")
		}
		if errors.As(err, &f) {
			f.Headers = nil
		}
		return nil, nil, err
	}
	if err := checkSource(c, from, v); err != nil {
		v.Body.Release()
		return nil, nil, err
	}
	return from, v, nil
}

// checkSource refuses to copy what can't be read, or not under these
// conditions.
func checkSource(c *request.Call, from *store.Bucket, v *store.Version) error {
	if err := checkThawed(v); err != nil {
		return err
	}
	if err := checkOwned(c, v, store.Read); err != nil {
		return err
	}
	if err := checkCustomerKey(c.R.Header, ofSource, v.Encryption); err != nil {
		return err
	}
	if err := mayDecrypt(c, from, v.Key, v.Encryption); err != nil {
		return err
	}
	return request.CheckConditions(v, http.MethodPut, func(name string) string {
		return c.R.Header.Get("X-Amz-Copy-Source-" + name)
	})
}

// CopyResult is what a copy of an object or a part answers.
type CopyResult struct {
	XMLName      xml.Name
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Type         string `xml:"ChecksumType,omitempty"`
	checksum.Elements
}

func copyObject(c *request.Call) error {
	draft, err := Draft(c)
	if err != nil {
		return err
	}
	from, v, err := CopySource(c)
	if err != nil {
		return err
	}
	defer v.Body.Release()
	if v.Size > MaxPut {
		return ErrCopyTooLarge()
	}
	metadata, err := directive(c, "X-Amz-Metadata-Directive")
	if err != nil {
		return err
	}
	tags, err := directive(c, "X-Amz-Tagging-Directive")
	if err != nil {
		return err
	}
	if from == c.Bucket && v.Key == c.Key && metadata == "COPY" && !c.Query.Has("versionId") &&
		!strings.Contains(c.R.Header.Get("X-Amz-Copy-Source"), "versionId=") &&
		c.R.Header.Get("X-Amz-Storage-Class") == "" && c.R.Header.Get(sseHeader) == "" &&
		draft.Encryption.CustomerKeyMD5 == "" &&
		c.R.Header.Get("X-Amz-Website-Redirect-Location") == "" {
		return request.InvalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing " +
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
	if err := copyAnnotations(c, draft, v); err != nil {
		return err
	}
	if err := copyBody(c, from, draft, v); err != nil {
		return err
	}
	made, err := Commit(c, draft)
	if err != nil {
		return err
	}
	SetNewVersionID(c, made)
	SetEncryption(c, made)
	SetExpiration(c, made)
	if from.Versioning() != store.NeverSet {
		c.Set("X-Amz-Copy-Source-Version-Id", v.ID)
	}
	return c.Document(CopyResult{
		XMLName:      xml.Name{Space: "http://s3.amazonaws.com/doc/2006-03-01/", Local: "CopyObjectResult"},
		LastModified: request.Stamp(made.Modified), ETag: request.Quoted(made.ETag),
		Type: made.Checksum.Type, Elements: checksum.ElementsOf(made.Checksum),
	})
}

// ErrCopyTooLarge refuses to copy more than MaxPut bytes at once.
func ErrCopyTooLarge() *refusal.Error {
	return request.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: " +
		strconv.Itoa(MaxPut))
}

// copyBody lets the draft share the bytes of v. The copy of a multipart upload
// is an object of one piece, with an ETag and a checksum of its own (S3 User
// Guide, Checking object integrity); so is a checksum that was asked for.
func copyBody(c *request.Call, from *store.Bucket, draft, v *store.Version) error {
	algorithm := v.Checksum.Algorithm
	if name := c.R.Header.Get("X-Amz-Checksum-Algorithm"); name != "" {
		var err error
		if algorithm, err = checksum.Asked(name); err != nil {
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
	etag, sum := md5.New(), sigv4.NewDigest(algorithm) //nolint:gosec // S3's ETag
	if err := v.Body.WriteRange(io.MultiWriter(etag, sum), 0, v.Size); err != nil {
		c.Broken(from, v, err)
		v.Body.Release()
		return err
	}
	draft.ETag = checksum.Hex(ETagBytes(etag.Sum(nil), draft.Encryption))
	draft.Checksum = store.Checksum{
		Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: checksum.FullObject,
	}
	return nil
}

// copyRange is the form of x-amz-copy-source-range, which unlike Range needs
// both ends.
var copyRange = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^bytes=(\d+)-(\d+)$`) })

// ReadCopyRange reads x-amz-copy-source-range; the range must lie within the
// source.
func ReadCopyRange(text string, size int64) (offset, length int64, err error) {
	match := copyRange().FindStringSubmatch(text)
	if match != nil {
		first, _ := request.Whole(match[1]) // digits
		last, _ := request.Whole(match[2])
		if !request.Exceeds(match[1], match[2]) {
			if last >= size {
				return 0, 0, request.InvalidArgument("Range specified is not valid for source object of size: "+
					strconv.FormatInt(size, 10), "x-amz-copy-source-range", text)
			}
			return first, last - first + 1, nil
		}
	}
	return 0, 0, request.InvalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last "+
		"are the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", text)
}

// directive reads a header that says COPY, which is the default, or REPLACE.
func directive(c *request.Call, name string) (string, error) {
	switch value := c.R.Header.Get(name); value {
	case "", "COPY":
		return "COPY", nil
	case "REPLACE":
		return value, nil
	default:
		kind, _, _ := strings.Cut(strings.ToLower(strings.TrimPrefix(name, "X-Amz-")), "-")
		return "", request.InvalidArgument("Unknown "+kind+" directive.", strings.ToLower(name), value)
	}
}
