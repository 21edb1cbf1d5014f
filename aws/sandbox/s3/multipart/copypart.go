package multipart

import (
	"encoding/xml"
	"time"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// copyPart makes a part of another object's bytes.
func copyPart(c *request.Call) error {
	number, err := objects.PartNumber(c)
	if err != nil {
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
	from, v, err := objects.CopySource(c)
	if err != nil {
		return err
	}
	defer v.Body.Release()
	offset, length := int64(0), v.Size
	if text := c.R.Header.Get("X-Amz-Copy-Source-Range"); text != "" {
		if offset, length, err = objects.ReadCopyRange(text, v.Size); err != nil {
			return err
		}
	}
	if length > objects.MaxPut {
		return objects.ErrCopyTooLarge()
	}
	reader := v.Body.Reader(offset, length)
	defer reader.Close()
	part, err := receivePart(c, upload, number, reader)
	if err != nil {
		c.Broken(from, v, err)
		return err
	}
	if from.Versioning() != store.NeverSet {
		c.Set("X-Amz-Copy-Source-Version-Id", v.ID)
	}
	objects.SetEncryption(c, &upload.Draft)
	return c.Document(objects.CopyResult{
		XMLName:      xml.Name{Space: "http://s3.amazonaws.com/doc/2006-03-01/", Local: "CopyPartResult"},
		LastModified: request.Stamp(time.Now()), ETag: request.Quoted(checksum.Hex(part.MD5)), Elements: checksum.ElementsOf(upload.Told(part)),
	})
}
