package s3

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// wantedPart is a part as CompleteMultipartUpload lists it.
type wantedPart struct {
	number   int
	etag     string
	checksum string
}

func (c *call) completeUpload() error {
	id := c.query.Get("uploadId")
	upload, err := c.bucket.Upload(c.key, id)
	if err != nil {
		return err
	}
	wanted, err := c.readParts(upload.Draft.Checksum.Algorithm)
	if err != nil {
		return err
	}
	v, err := c.bucket.Complete(c.key, id, func(u *store.Upload, have map[int]*store.UploadPart) (*store.Version, error) {
		return c.assemble(u, have, wanted)
	}, c.checkWrite, c.api.Engine.Decider(c.bucket))
	if err != nil {
		return err
	}
	c.api.Engine.Committed(c.bucket, v)
	c.setVersionID(v)
	c.setEncryption(v)
	return c.document(struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
		Location string   `xml:"Location"`
		Bucket   string   `xml:"Bucket"`
		Key      string   `xml:"Key"`
		ETag     string   `xml:"ETag"`
		Type     string   `xml:"ChecksumType,omitempty"`
		checksums
	}{
		Location: "https://" + c.bucketName + ".s3." + c.bucket.Region + ".amazonaws.com/" + c.key,
		Bucket:   c.bucketName, Key: c.key, ETag: quoted(v.ETag),
		Type: v.Checksum.Type, checksums: checksumElements(v.Checksum),
	})
}

func (c *call) readParts(algorithm string) ([]wantedPart, error) {
	doc, err := c.readDocument()
	if err != nil {
		return nil, err
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "CompleteMultipartUpload" || !root.Only([]string{"Part"}) || len(root.Children) == 0 {
		return nil, malformedXML()
	}
	var parts []wantedPart
	for _, n := range root.Children {
		number, err := strconv.Atoi(n.Value("PartNumber"))
		if err != nil || n.Child("ETag") == nil {
			return nil, malformedXML()
		}
		if len(parts) > 0 && number <= parts[len(parts)-1].number {
			return nil, fault(http.StatusBadRequest, "InvalidPartOrder",
				"The list of parts was not in ascending order. Parts must be ordered by part number.")
		}
		parts = append(parts, wantedPart{number, strings.Trim(n.Value("ETag"), `"`), n.Value("Checksum" + algorithm)})
	}
	return parts, nil
}

// assemble joins the wanted parts by reference to their bytes.
func (c *call) assemble(u *store.Upload, have map[int]*store.UploadPart, wanted []wantedPart) (*store.Version, error) {
	etags := md5.New() //nolint:gosec // S3's ETag
	v := u.Draft
	var parts []*store.UploadPart
	var bodies []*store.Body
	for i, want := range wanted {
		part := have[want.number]
		if part == nil || hexOf(part.MD5) != want.etag || want.checksum != "" && want.checksum != part.Checksum.Value {
			return nil, fault(http.StatusBadRequest, "InvalidPart",
				"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "+
					"entity tag may not match the part's entity tag.",
				detail("UploadId", u.ID), detail("PartNumber", strconv.Itoa(want.number)), detail("ETag", want.etag))
		}
		if i < len(wanted)-1 && part.Body.Size() < minPart {
			return nil, fault(http.StatusBadRequest, "EntityTooSmall",
				"Your proposed upload is smaller than the minimum allowed size",
				detail("ProposedSize", strconv.FormatInt(part.Body.Size(), 10)),
				detail("MinSizeAllowed", strconv.Itoa(minPart)),
				detail("PartNumber", strconv.Itoa(want.number)), detail("ETag", want.etag))
		}
		etags.Write(part.MD5)
		parts, bodies = append(parts, part), append(bodies, part.Body)
		v.Parts = append(v.Parts, store.Part{Number: want.number, Size: part.Body.Size(), Checksum: part.Checksum})
		v.Size += part.Body.Size()
	}
	sum, err := joinChecksums(u.Draft.Checksum.Algorithm, u.Draft.Checksum.Type, parts)
	if err != nil {
		return nil, err
	}
	if given := c.r.Header.Get("X-Amz-Checksum-" + sum.Algorithm); given != "" && given != sum.Value {
		return nil, fault(http.StatusBadRequest, "BadDigest",
			"The "+strings.ToLower(sum.Algorithm)+" you specified did not match the calculated checksum.")
	}
	if size := c.r.Header.Get("X-Amz-Mp-Object-Size"); size != "" && size != strconv.FormatInt(v.Size, 10) {
		return nil, invalidRequest("The provided 'x-amz-mp-object-size' header value " + size +
			" does not match what was computed: " + strconv.FormatInt(v.Size, 10))
	}
	v.ETag = hexOf(etags.Sum(nil)) + "-" + strconv.Itoa(len(parts))
	v.Checksum = sum
	v.Body = store.Join(bodies)
	return &v, nil
}
