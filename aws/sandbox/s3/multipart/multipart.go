package multipart

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"strings"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// minPart is the least size in bytes of all parts but the last (S3 User Guide,
// Amazon S3 multipart upload limits).
const minPart = 5 << 20

func createUpload(c *request.Call) error {
	draft, err := objects.Draft(c)
	if err != nil {
		return err
	}
	if draft.Checksum, err = uploadChecksum(c); err != nil {
		return err
	}
	asked := c.R.Header.Get("X-Amz-Checksum-Algorithm") != ""
	u, err := c.Bucket.Begin(*draft, asked, c.SaidOfObject())
	if err != nil {
		return err
	}
	objects.SetEncryption(c, draft)
	if asked {
		c.Set("X-Amz-Checksum-Algorithm", draft.Checksum.Algorithm)
		c.Set("X-Amz-Checksum-Type", draft.Checksum.Type)
	}
	return c.Document(struct {
		XMLName  xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
		Bucket   string       `xml:"Bucket"`
		Key      request.Text `xml:"Key"`
		UploadID string       `xml:"UploadId"`
	}{Bucket: c.BucketName, Key: request.Text(c.Key), UploadID: u.ID})
}

// uploadChecksum reads which checksum the whole object shall have: CRC-64/NVME
// over all bytes where nothing is said, else composite unless FULL_OBJECT is
// asked for, which only CRCs have (S3 User Guide, Checking object integrity).
func uploadChecksum(c *request.Call) (store.Checksum, error) {
	name, kind := c.R.Header.Get("X-Amz-Checksum-Algorithm"), c.R.Header.Get("X-Amz-Checksum-Type")
	if kind != "" && !strings.EqualFold(kind, checksum.FullObject) && !strings.EqualFold(kind, checksum.Composite) {
		return store.Checksum{}, request.InvalidRequest("Value for x-amz-checksum-type header is invalid.")
	}
	if name == "" {
		if kind != "" {
			return store.Checksum{}, request.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
		}
		return store.Checksum{Algorithm: "CRC64NVME", Type: checksum.FullObject}, nil
	}
	algorithm, err := checksum.Asked(name)
	if err != nil {
		return store.Checksum{}, err
	}
	kind = strings.ToUpper(kind)
	if kind == "" {
		kind = checksum.Composite
		if algorithm == "CRC64NVME" {
			kind = checksum.FullObject
		}
	}
	impossible := kind == checksum.FullObject && !strings.HasPrefix(algorithm, "CRC") || kind == checksum.Composite && algorithm == "CRC64NVME"
	if impossible {
		return store.Checksum{}, request.InvalidRequest("The " + kind + " checksum type cannot be used with the " +
			strings.ToLower(algorithm) + " checksum algorithm.")
	}
	return store.Checksum{Algorithm: algorithm, Type: kind}, nil
}

func uploadPart(c *request.Call) error {
	number, err := objects.PartNumber(c)
	if err != nil {
		return err
	}
	if err := objects.CheckLength(c); err != nil {
		return err
	}
	upload, err := c.Bucket.Upload(c.Key, c.Query.Get("uploadId"))
	if err != nil {
		return err
	}
	if err := objects.CheckPartKey(c, upload); err != nil {
		return err
	}
	if err := objects.CheckPartsKey(c, upload); err != nil {
		return err
	}
	part, err := receivePart(c, upload, number, nil)
	if err != nil {
		return err
	}
	c.W.Header().Set("Etag", request.Quoted(checksum.Hex(part.MD5)))
	sum := part.Checksum
	for _, sent := range c.Caller.Body.Checksums() {
		sum.Algorithm, sum.Value = sent.Algorithm, sent.Value // the client gets back what it sent
	}
	checksum.Set(c.W.Header(), sum)
	c.W.Header().Del("X-Amz-Checksum-Type")
	objects.SetEncryption(c, &upload.Draft)
	return c.Empty(http.StatusOK)
}

// receivePart stores a part, from the request's body or from other where that
// is given.
func receivePart(c *request.Call, u *store.Upload, number int, other io.Reader) (*store.UploadPart, error) {
	want := u.Draft.Checksum.Algorithm
	if other == nil && u.ChecksumAsked && u.Draft.Checksum.Type == checksum.Composite && !checksum.Declared(c) {
		return nil, request.InvalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(want) +
			", actual checksum Type: null")
	}
	var got checksum.Received
	var err error
	if other == nil {
		got, err = checksum.Receive(c, want, !u.ChecksumAsked)
	} else {
		got, err = absorb(c, other, want)
	}
	if err != nil {
		return nil, err
	}
	if got.Checksum.Algorithm != want {
		got.Body.Release()
		return nil, request.InvalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(want) +
			", actual checksum Type: " + strings.ToLower(got.Checksum.Algorithm))
	}
	part := &store.UploadPart{Number: number, Body: got.Body, MD5: objects.ETagBytes(got.MD5, u.Draft.Encryption), Checksum: got.Checksum}
	return part, c.Bucket.AddPart(c.Key, u.ID, part)
}

// absorb reads bytes that are in the store already into a body of their own.
func absorb(c *request.Call, r io.Reader, algorithm string) (checksum.Received, error) {
	etag, sum := md5.New(), sigv4.NewDigest(algorithm) //nolint:gosec // S3's ETag
	body, err := c.Backend.Store.Bodies.Write(r, io.MultiWriter(etag, sum))
	if err != nil {
		return checksum.Received{}, err
	}
	return checksum.Received{Body: body, MD5: etag.Sum(nil), Checksum: store.Checksum{
		Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(sum.Sum(nil)), Type: checksum.FullObject,
	}}, nil
}

func abortUpload(c *request.Call) error {
	if err := c.Bucket.Abort(c.Key, c.Query.Get("uploadId")); err != nil {
		return err
	}
	return c.Empty(http.StatusNoContent)
}
