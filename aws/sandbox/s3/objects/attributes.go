package objects

import (
	"encoding/xml"
	"strings"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// attributes are what GetObjectAttributes answers.
type attributes struct {
	XMLName      xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesResponse"`
	ETag         string       `xml:"ETag,omitempty"`
	Checksum     *typedSum    `xml:"Checksum"`
	ObjectParts  *objectParts `xml:"ObjectParts"`
	StorageClass string       `xml:"StorageClass,omitempty"`
	ObjectSize   *int64       `xml:"ObjectSize"`
}

type typedSum struct {
	checksum.Elements
	Type string `xml:"ChecksumType"`
}

// objectParts is how many parts an object has, and where each of them has a
// checksum of its own that the object's is made of, a page of them.
type objectParts struct {
	Total int `xml:"PartsCount"`
	*partsPage
}

type partsPage struct {
	Marker      int          `xml:"PartNumberMarker"`
	NextMarker  int          `xml:"NextPartNumberMarker"`
	MaxParts    int          `xml:"MaxParts"`
	IsTruncated bool         `xml:"IsTruncated"`
	Parts       []objectPart `xml:"Part"`
}

type objectPart struct {
	checksum.Elements
	Number int   `xml:"PartNumber"`
	Size   int64 `xml:"Size"`
}

// getAttributes serves GetObjectAttributes, which sends only what
// x-amz-object-attributes lists.
func getAttributes(c *request.Call) error {
	wanted, err := wantedAttributes(c)
	if err != nil {
		return err
	}
	after, limit, err := partPage(c)
	if err != nil {
		return err
	}
	v, err := find(c)
	if err != nil {
		return err
	}
	if err := checkReadable(c, v); err != nil {
		return err
	}
	var answer attributes
	if wanted["ETag"] {
		answer.ETag = v.ETag
	}
	if wanted["Checksum"] && v.Checksum.Algorithm != "" {
		sum := v.Checksum
		sum.Value, _, _ = strings.Cut(sum.Value, "-") // here S3 leaves out the number of parts
		answer.Checksum = &typedSum{checksum.ElementsOf(sum), sum.Type}
	}
	if wanted["StorageClass"] {
		answer.StorageClass = ClassOf(v)
	}
	if wanted["ObjectSize"] {
		answer.ObjectSize = &v.Size
	}
	if wanted["ObjectParts"] && len(v.Parts) > 0 {
		answer.ObjectParts = partsOf(v, after, limit)
	}
	c.Set("Last-Modified", request.HTTPDate(v.Modified))
	setVersionID(c, v)
	return c.Document(answer)
}

func wantedAttributes(c *request.Call) (map[string]bool, error) {
	wanted := map[string]bool{}
	for _, line := range c.R.Header.Values("X-Amz-Object-Attributes") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			switch name {
			case "ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize":
				wanted[name] = true
			default:
				return nil, request.InvalidArgument("Invalid attribute name specified.", "x-amz-object-attributes", name)
			}
		}
	}
	if len(wanted) == 0 {
		return nil, request.InvalidRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is " +
			"either missing or empty")
	}
	return wanted, nil
}

// partsOf returns the page of an object's parts that is asked for. S3 lists
// them for composite checksums alone (S3 API Reference, GetObjectAttributes).
func partsOf(v *store.Version, after, limit int) *objectParts {
	if v.Checksum.Type != checksum.Composite {
		return &objectParts{Total: len(v.Parts)}
	}
	page := &partsPage{Marker: after, MaxParts: limit}
	for _, p := range v.Parts {
		if p.Number <= after {
			continue
		}
		if len(page.Parts) == limit {
			page.IsTruncated = true
			break
		}
		page.Parts = append(page.Parts, objectPart{checksum.ElementsOf(p.Checksum), p.Number, p.Size})
		page.NextMarker = p.Number
	}
	return &objectParts{len(v.Parts), page}
}

// partPage reads which parts of an object are asked for.
func partPage(c *request.Call) (after, limit int, err error) {
	limit = 1000
	if text := c.R.Header.Get("X-Amz-Max-Parts"); text != "" {
		n, err := request.Within("max-parts", text, 0, request.Largest)
		if err != nil {
			return 0, 0, err
		}
		limit = min(limit, n)
	}
	if text := c.R.Header.Get("X-Amz-Part-Number-Marker"); text != "" {
		if after, err = request.Within("part-number-marker", text, 0, request.Largest); err != nil {
			return 0, 0, err
		}
	}
	return after, limit, nil
}
