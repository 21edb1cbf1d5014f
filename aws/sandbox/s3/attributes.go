package s3

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// getAttributes serves GetObjectAttributes, which tells only what
// x-amz-object-attributes lists.
func (c *call) getAttributes() error {
	wanted := map[string]bool{}
	for _, line := range c.r.Header.Values("X-Amz-Object-Attributes") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			switch name {
			case "ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize":
				wanted[name] = true
			default:
				return invalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", name)
			}
		}
	}
	if len(wanted) == 0 {
		return invalidRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")
	}
	v, err := c.find()
	if err != nil {
		return err
	}
	if err := c.checkReadable(v); err != nil {
		return err
	}
	type sum struct {
		checksums
		Type string `xml:"ChecksumType"`
	}
	type part struct {
		checksums
		Number int   `xml:"PartNumber"`
		Size   int64 `xml:"Size"`
	}
	type objectParts struct {
		Total       int    `xml:"PartsCount"`
		Marker      int    `xml:"PartNumberMarker"`
		NextMarker  int    `xml:"NextPartNumberMarker"`
		MaxParts    int    `xml:"MaxParts"`
		IsTruncated bool   `xml:"IsTruncated"`
		Parts       []part `xml:"Part"`
	}
	answer := struct {
		XMLName      xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
		ETag         string       `xml:"ETag,omitempty"`
		Checksum     *sum         `xml:"Checksum"`
		ObjectParts  *objectParts `xml:"ObjectParts"`
		StorageClass string       `xml:"StorageClass,omitempty"`
		ObjectSize   *int64       `xml:"ObjectSize"`
	}{}
	if wanted["ETag"] {
		answer.ETag = v.ETag
	}
	if wanted["Checksum"] && v.Checksum.Algorithm != "" {
		answer.Checksum = &sum{checksumElements(v.Checksum), v.Checksum.Type}
	}
	if wanted["StorageClass"] {
		answer.StorageClass = classOf(v)
	}
	if wanted["ObjectSize"] {
		answer.ObjectSize = &v.Size
	}
	if wanted["ObjectParts"] && len(v.Parts) > 0 {
		after, limit, err := c.partPage()
		if err != nil {
			return err
		}
		list := &objectParts{Total: len(v.Parts), Marker: after, MaxParts: limit}
		for _, p := range v.Parts {
			if p.Number <= after {
				continue
			}
			if len(list.Parts) == limit {
				list.IsTruncated = true
				break
			}
			list.Parts = append(list.Parts, part{checksumElements(p.Checksum), p.Number, p.Size})
			list.NextMarker = p.Number
		}
		answer.ObjectParts = list
	}
	c.set("Last-Modified", httpDate(v.Modified))
	c.setVersionID(v)
	return c.document(answer)
}

// partPage reads which parts of an object are asked for.
func (c *call) partPage() (after, limit int, err error) {
	limit = 1000
	if text := c.r.Header.Get("X-Amz-Max-Parts"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, 0, invalidArgument("Provided max-parts not an integer or within integer range", "max-parts", text)
		}
		limit = min(limit, n)
	}
	if text := c.r.Header.Get("X-Amz-Part-Number-Marker"); text != "" {
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			return 0, 0, invalidArgument("Provided part-number-marker not an integer or within integer range",
				"part-number-marker", text)
		}
	}
	return after, limit, nil
}
