package s3

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/store"
)

const (
	maxParts = 10000
	// minPart is the least size in bytes of all parts but the last (S3 User
	// Guide, Amazon S3 multipart upload limits).
	minPart = 5 << 20
)

func hexOf(sum []byte) string { return hex.EncodeToString(sum) }

func (c *call) createUpload() error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	if draft.Checksum, err = c.uploadChecksum(); err != nil {
		return err
	}
	asked := c.r.Header.Get("X-Amz-Checksum-Algorithm") != ""
	u, err := c.bucket.Begin(*draft, asked)
	if err != nil {
		return err
	}
	c.setEncryption(draft)
	if asked {
		c.set("X-Amz-Checksum-Algorithm", draft.Checksum.Algorithm)
		c.set("X-Amz-Checksum-Type", draft.Checksum.Type)
	}
	return c.document(struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
		Bucket   string   `xml:"Bucket"`
		Key      string   `xml:"Key"`
		UploadID string   `xml:"UploadId"`
	}{Bucket: c.bucketName, Key: c.key, UploadID: u.ID})
}

// uploadChecksum reads which checksum the whole object shall have: CRC-64/NVME
// over all bytes where nothing is said, else composite unless FULL_OBJECT is
// asked for, which only CRCs have (S3 User Guide, Checking object integrity).
func (c *call) uploadChecksum() (store.Checksum, error) {
	name, kind := c.r.Header.Get("X-Amz-Checksum-Algorithm"), c.r.Header.Get("X-Amz-Checksum-Type")
	if kind != "" && !strings.EqualFold(kind, fullObject) && !strings.EqualFold(kind, composite) {
		return store.Checksum{}, invalidRequest("Value for x-amz-checksum-type header is invalid.")
	}
	if name == "" {
		if kind != "" {
			return store.Checksum{}, invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
		}
		return store.Checksum{Algorithm: "CRC64NVME", Type: fullObject}, nil
	}
	algorithm, err := askedAlgorithm(name)
	if err != nil {
		return store.Checksum{}, err
	}
	kind = strings.ToUpper(kind)
	if kind == "" {
		kind = composite
		if algorithm == "CRC64NVME" {
			kind = fullObject
		}
	}
	impossible := kind == fullObject && !strings.HasPrefix(algorithm, "CRC") || kind == composite && algorithm == "CRC64NVME"
	if impossible {
		return store.Checksum{}, invalidRequest("The " + kind + " checksum type cannot be used with the " +
			strings.ToLower(algorithm) + " checksum algorithm.")
	}
	return store.Checksum{Algorithm: algorithm, Type: kind}, nil
}

func (c *call) partNumber() (int, error) {
	text := c.query.Get("partNumber")
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > maxParts {
		return 0, invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text)
	}
	return number, nil
}

func (c *call) uploadPart() error {
	number, err := c.partNumber()
	if err != nil {
		return err
	}
	if err := c.checkLength(); err != nil {
		return err
	}
	upload, err := c.bucket.Upload(c.key, c.query.Get("uploadId"))
	if err != nil {
		return err
	}
	if err := c.checkPartKey(upload); err != nil {
		return err
	}
	part, err := c.receivePart(upload, number, nil)
	if err != nil {
		return err
	}
	c.w.Header().Set("Etag", quoted(hexOf(part.MD5)))
	setChecksum(c.w.Header(), part.Checksum)
	c.w.Header().Del("X-Amz-Checksum-Type")
	c.setEncryption(&upload.Draft)
	return c.empty(http.StatusOK)
}

// receivePart stores a part, from the request's body or from other where that
// is given.
func (c *call) receivePart(u *store.Upload, number int, other io.Reader) (*store.UploadPart, error) {
	want := u.Draft.Checksum.Algorithm
	if other == nil && u.ChecksumAsked && u.Draft.Checksum.Type == composite && !c.declaresChecksum() {
		return nil, invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(want) +
			", actual checksum Type: null")
	}
	var got received
	var err error
	if other == nil {
		got, err = c.receive(want, !u.ChecksumAsked)
	} else {
		got, err = c.absorb(other, want)
	}
	if err != nil {
		return nil, err
	}
	if got.checksum.Algorithm != want {
		got.body.Release()
		return nil, invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(want) +
			", actual checksum Type: " + strings.ToLower(got.checksum.Algorithm))
	}
	part := &store.UploadPart{Number: number, Body: got.body, MD5: etagBytes(got.md5, u.Draft.Encryption), Checksum: got.checksum}
	return part, c.bucket.AddPart(c.key, u.ID, part)
}

// absorb reads bytes that are in the store already into a body of their own.
func (c *call) absorb(r io.Reader, algorithm string) (received, error) {
	etag, sum := md5.New(), newSum(algorithm) //nolint:gosec // S3's ETag
	body, err := c.api.Store.Depot.Write(r, io.MultiWriter(etag, sum))
	if err != nil {
		return received{}, err
	}
	return received{body: body, md5: etag.Sum(nil), checksum: store.Checksum{
		Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: fullObject,
	}}, nil
}

func (c *call) abortUpload() error {
	if err := c.bucket.Abort(c.key, c.query.Get("uploadId")); err != nil {
		return err
	}
	return c.empty(http.StatusNoContent)
}
