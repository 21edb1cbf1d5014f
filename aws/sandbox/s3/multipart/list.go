package multipart

import (
	"encoding/xml"
	"strconv"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

type partEntry struct {
	Number       int    `xml:"PartNumber"`
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Size         int64  `xml:"Size"`
	checksum.Elements
}

func listParts(c *request.Call) error {
	id := c.Query.Get("uploadId")
	upload, err := c.Bucket.Upload(c.Key, id)
	if err != nil {
		return err
	}
	parts, err := c.Bucket.Parts(c.Key, id)
	if err != nil {
		return err
	}
	q, _, err := objects.ListQuery(c, "max-parts")
	if err != nil {
		return err
	}
	after := 0
	if text := c.Query.Get("part-number-marker"); text != "" {
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			return request.InvalidArgument("Provided part-number-marker not an integer or within integer range", "part-number-marker", text)
		}
	}
	who := request.Owner{ID: store.CanonicalID(c.Bucket.Owner)}
	answer := struct {
		XMLName      xml.Name      `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
		Bucket       string        `xml:"Bucket"`
		Key          request.Text  `xml:"Key"`
		UploadID     string        `xml:"UploadId"`
		Initiator    request.Owner `xml:"Initiator"`
		Owner        request.Owner `xml:"Owner"`
		StorageClass string        `xml:"StorageClass"`
		Marker       int           `xml:"PartNumberMarker"`
		NextMarker   int           `xml:"NextPartNumberMarker"`
		MaxParts     int           `xml:"MaxParts"`
		IsTruncated  bool          `xml:"IsTruncated"`
		Algorithm    string        `xml:"ChecksumAlgorithm,omitempty"`
		Type         string        `xml:"ChecksumType,omitempty"`
		Parts        []partEntry   `xml:"Part"`
	}{
		Bucket: c.BucketName, Key: request.Text(c.Key), UploadID: id, Initiator: who, Owner: who, StorageClass: objects.ClassOf(&upload.Draft),
		Marker: after, MaxParts: q.Max,
	}
	if upload.ChecksumAsked {
		answer.Algorithm, answer.Type = upload.Draft.Checksum.Algorithm, upload.Draft.Checksum.Type
	}
	for _, p := range parts {
		if p.Number <= after {
			continue
		}
		if len(answer.Parts) == q.Max {
			answer.IsTruncated = true
			break
		}
		answer.Parts = append(answer.Parts, partEntry{
			p.Number, request.Stamp(p.Modified), request.Quoted(checksum.Hex(p.MD5)), p.Body.Size(), checksum.ElementsOf(upload.Told(p)),
		})
		answer.NextMarker = p.Number
	}
	return c.Document(answer)
}

type uploadEntry struct {
	Key          request.Text  `xml:"Key"`
	UploadID     string        `xml:"UploadId"`
	Initiator    request.Owner `xml:"Initiator"`
	Owner        request.Owner `xml:"Owner"`
	StorageClass string        `xml:"StorageClass"`
	Initiated    string        `xml:"Initiated"`
	Algorithm    string        `xml:"ChecksumAlgorithm,omitempty"`
	Type         string        `xml:"ChecksumType,omitempty"`
}

func listUploads(c *request.Call) error {
	q, encode, err := objects.ListQuery(c, "max-uploads")
	if err != nil {
		return err
	}
	keyMarker, idMarker := c.Query.Get("key-marker"), c.Query.Get("upload-id-marker")
	q.After, q.AfterVersion = keyMarker, idMarker
	if idMarker != "" && keyMarker != "" {
		if len(idMarker) != 64 || !objects.IsVersionID(idMarker[:32]) || !objects.IsVersionID(idMarker[32:]) {
			return request.InvalidArgument("Invalid uploadId marker", "upload-id-marker", idMarker)
		}
	}
	who := request.Owner{ID: store.CanonicalID(c.Bucket.Owner)}
	answer := struct {
		XMLName        xml.Name                 `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
		Bucket         string                   `xml:"Bucket"`
		KeyMarker      request.Text             `xml:"KeyMarker"`
		IDMarker       string                   `xml:"UploadIdMarker"`
		NextKeyMarker  request.Text             `xml:"NextKeyMarker,omitempty"`
		NextIDMarker   string                   `xml:"NextUploadIdMarker,omitempty"`
		Prefix         request.Text             `xml:"Prefix"`
		Delimiter      request.Text             `xml:"Delimiter,omitempty"`
		EncodingType   string                   `xml:"EncodingType,omitempty"`
		MaxUploads     int                      `xml:"MaxUploads"`
		IsTruncated    bool                     `xml:"IsTruncated"`
		Uploads        []uploadEntry            `xml:"Upload"`
		CommonPrefixes []objects.CommonPrefixes `xml:"CommonPrefixes"`
	}{
		Bucket: c.BucketName, KeyMarker: encode(keyMarker), IDMarker: idMarker, Prefix: encode(q.Prefix),
		Delimiter: encode(q.Delimiter), EncodingType: c.Query.Get("encoding-type"), MaxUploads: q.Max,
	}
	page := c.Bucket.UploadPage(q)
	answer.IsTruncated = page.Truncated
	answer.NextKeyMarker, answer.NextIDMarker = encode(page.NextKey), page.NextID
	for _, u := range page.Uploads {
		entry := uploadEntry{
			Key: encode(u.Key), UploadID: u.ID, Initiator: who, Owner: who, StorageClass: objects.ClassOf(&u.Draft),
			Initiated: request.Stamp(u.Initiated),
		}
		if u.ChecksumAsked {
			entry.Algorithm, entry.Type = u.Draft.Checksum.Algorithm, u.Draft.Checksum.Type
		}
		answer.Uploads = append(answer.Uploads, entry)
	}
	for _, prefix := range page.Prefixes {
		answer.CommonPrefixes = append(answer.CommonPrefixes, objects.CommonPrefixes{Prefix: encode(prefix)})
	}
	return c.Document(answer)
}
