package s3

import (
	"encoding/xml"
	"strconv"
	"strings"
)

type partEntry struct {
	Number       int    `xml:"PartNumber"`
	LastModified string `xml:"LastModified"`
	ETag         string `xml:"ETag"`
	Size         int64  `xml:"Size"`
	checksums
}

func (c *call) listParts() error {
	id := c.query.Get("uploadId")
	upload, err := c.bucket.Upload(c.key, id)
	if err != nil {
		return err
	}
	parts, err := c.bucket.Parts(c.key, id)
	if err != nil {
		return err
	}
	q, _, err := c.listQuery("max-parts")
	if err != nil {
		return err
	}
	after := 0
	if text := c.query.Get("part-number-marker"); text != "" {
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			return invalidArgument("Provided part-number-marker not an integer or within integer range", "part-number-marker", text)
		}
	}
	who := owner{canonicalID(c.bucket.Owner)}
	answer := struct {
		XMLName      xml.Name    `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
		Bucket       string      `xml:"Bucket"`
		Key          string      `xml:"Key"`
		UploadID     string      `xml:"UploadId"`
		Initiator    owner       `xml:"Initiator"`
		Owner        owner       `xml:"Owner"`
		StorageClass string      `xml:"StorageClass"`
		Marker       int         `xml:"PartNumberMarker"`
		NextMarker   int         `xml:"NextPartNumberMarker"`
		MaxParts     int         `xml:"MaxParts"`
		IsTruncated  bool        `xml:"IsTruncated"`
		Algorithm    string      `xml:"ChecksumAlgorithm,omitempty"`
		Type         string      `xml:"ChecksumType,omitempty"`
		Parts        []partEntry `xml:"Part"`
	}{
		Bucket: c.bucketName, Key: c.key, UploadID: id, Initiator: who, Owner: who, StorageClass: classOf(&upload.Draft),
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
			p.Number, stamp(p.Modified), quoted(hexOf(p.MD5)), p.Body.Size(), checksumElements(upload.Told(p)),
		})
		answer.NextMarker = p.Number
	}
	return c.document(answer)
}

type uploadEntry struct {
	Key          string `xml:"Key"`
	UploadID     string `xml:"UploadId"`
	Initiator    owner  `xml:"Initiator"`
	Owner        owner  `xml:"Owner"`
	StorageClass string `xml:"StorageClass"`
	Initiated    string `xml:"Initiated"`
	Algorithm    string `xml:"ChecksumAlgorithm,omitempty"`
	Type         string `xml:"ChecksumType,omitempty"`
}

func (c *call) listUploads() error {
	q, encode, err := c.listQuery("max-uploads")
	if err != nil {
		return err
	}
	keyMarker, idMarker := c.query.Get("key-marker"), c.query.Get("upload-id-marker")
	if idMarker != "" && keyMarker != "" {
		if len(idMarker) != 64 || !isVersionID(idMarker[:32]) || !isVersionID(idMarker[32:]) {
			return invalidArgument("Invalid uploadId marker", "upload-id-marker", idMarker)
		}
	}
	who := owner{canonicalID(c.bucket.Owner)}
	answer := struct {
		XMLName        xml.Name         `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
		Bucket         string           `xml:"Bucket"`
		KeyMarker      string           `xml:"KeyMarker"`
		IDMarker       string           `xml:"UploadIdMarker"`
		NextKeyMarker  string           `xml:"NextKeyMarker,omitempty"`
		NextIDMarker   string           `xml:"NextUploadIdMarker,omitempty"`
		Prefix         string           `xml:"Prefix"`
		Delimiter      string           `xml:"Delimiter,omitempty"`
		EncodingType   string           `xml:"EncodingType,omitempty"`
		MaxUploads     int              `xml:"MaxUploads"`
		IsTruncated    bool             `xml:"IsTruncated"`
		Uploads        []uploadEntry    `xml:"Upload"`
		CommonPrefixes []commonPrefixes `xml:"CommonPrefixes"`
	}{
		Bucket: c.bucketName, KeyMarker: encode(keyMarker), IDMarker: idMarker, Prefix: encode(q.Prefix),
		Delimiter: encode(q.Delimiter), EncodingType: c.query.Get("encoding-type"), MaxUploads: q.Max,
	}
	passed := idMarker == "" // whether the marker's upload was passed within its key
	lastPrefix := ""
	for _, u := range c.bucket.Uploads() {
		if !strings.HasPrefix(u.Key, q.Prefix) || u.Key < keyMarker {
			continue
		}
		if u.Key == keyMarker && keyMarker != "" {
			skip := idMarker == "" || !passed
			passed = passed || u.ID == idMarker
			if skip {
				continue
			}
		}
		prefix := ""
		if q.Delimiter != "" {
			if head, _, found := strings.Cut(u.Key[len(q.Prefix):], q.Delimiter); found {
				prefix = q.Prefix + head + q.Delimiter
			}
		}
		if prefix != "" && (prefix == lastPrefix || prefix == keyMarker) {
			continue
		}
		if len(answer.Uploads)+len(answer.CommonPrefixes) == q.Max {
			answer.IsTruncated = q.Max > 0
			break
		}
		if prefix != "" {
			lastPrefix = prefix
			answer.CommonPrefixes = append(answer.CommonPrefixes, commonPrefixes{encode(prefix)})
			answer.NextKeyMarker, answer.NextIDMarker = encode(prefix), ""
			continue
		}
		entry := uploadEntry{
			Key: encode(u.Key), UploadID: u.ID, Initiator: who, Owner: who, StorageClass: classOf(&u.Draft),
			Initiated: stamp(u.Initiated),
		}
		if u.ChecksumAsked {
			entry.Algorithm, entry.Type = u.Draft.Checksum.Algorithm, u.Draft.Checksum.Type
		}
		answer.Uploads = append(answer.Uploads, entry)
		answer.NextKeyMarker, answer.NextIDMarker = encode(u.Key), u.ID
	}
	return c.document(answer)
}
