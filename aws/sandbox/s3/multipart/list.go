package multipart

import (
	"encoding/xml"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
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
		if after, err = request.Within("part-number-marker", text, 0, request.Largest); err != nil {
			return err
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
	page := c.Bucket.UploadPage(q)
	w := xmltree.NewWriter("ListMultipartUploadsResult", 640*(1+len(page.Uploads)+len(page.Prefixes)))
	w.Leaf("Bucket", c.BucketName)
	w.Leaf("KeyMarker", encode(keyMarker))
	w.Leaf("UploadIdMarker", idMarker)
	w.Some("NextKeyMarker", encode(page.NextKey))
	w.Some("NextUploadIdMarker", page.NextID)
	w.Leaf("Prefix", encode(q.Prefix))
	w.Some("Delimiter", encode(q.Delimiter))
	w.Some("EncodingType", c.Query.Get("encoding-type"))
	w.Number("MaxUploads", int64(q.Max))
	w.Truth("IsTruncated", page.Truncated)
	who := store.CanonicalID(c.Bucket.Owner)
	for _, u := range page.Uploads {
		w.Open("Upload")
		w.Leaf("Key", encode(u.Key))
		w.Leaf("UploadId", u.ID)
		for _, role := range []string{"Initiator", "Owner"} {
			w.Open(role)
			w.Leaf("ID", who)
			w.Close(role)
		}
		w.Leaf("StorageClass", objects.ClassOf(&u.Draft))
		w.Stamp("Initiated", u.Initiated)
		if u.ChecksumAsked {
			w.Some("ChecksumAlgorithm", u.Draft.Checksum.Algorithm)
			w.Some("ChecksumType", u.Draft.Checksum.Type)
		}
		w.Close("Upload")
	}
	objects.ListPrefixes(w, page.Prefixes, encode)
	return c.Bytes("application/xml", w.Document())
}
