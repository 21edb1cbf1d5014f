package objects

import (
	"encoding/xml"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// versionEntry is a Version or a DeleteMarker element; the two kinds stand in
// one order, so they are one type with different names.
type versionEntry struct {
	name         string        // of the element
	Key          request.Text  `xml:"Key"`
	VersionID    string        `xml:"VersionId"`
	IsLatest     bool          `xml:"IsLatest"`
	LastModified string        `xml:"LastModified"`
	ETag         string        `xml:"ETag,omitempty"`
	Algorithm    []string      `xml:"ChecksumAlgorithm,omitempty"`
	Type         string        `xml:"ChecksumType,omitempty"`
	Size         *int64        `xml:"Size"`
	StorageClass string        `xml:"StorageClass,omitempty"`
	Owner        request.Owner `xml:"Owner"`
}

// MarshalXML implements xml.Marshaler.
func (e versionEntry) MarshalXML(encoder *xml.Encoder, start xml.StartElement) error {
	type fields versionEntry
	start.Name = xml.Name{Local: e.name}
	return encoder.EncodeElement(fields(e), start)
}

func listVersions(c *request.Call) error {
	q, encode, err := ListQuery(c, "max-keys")
	if err != nil {
		return err
	}
	q.After, q.AfterVersion = c.Query.Get("key-marker"), c.Query.Get("version-id-marker")
	q.PassPrefix = q.AfterVersion == ""
	if c.Query.Has("version-id-marker") {
		switch {
		case q.AfterVersion == "":
			return request.InvalidArgument("A version-id marker cannot be empty.", "version-id-marker", "")
		case q.After == "":
			return request.InvalidArgument("A version-id marker cannot be specified without a key marker.",
				"version-id-marker", q.AfterVersion)
		case !IsVersionID(q.AfterVersion):
			return request.InvalidArgument("Invalid version id specified", "version-id-marker", q.AfterVersion)
		}
	}
	page := c.Bucket.AllVersions(q)
	answer := struct {
		XMLName           xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
		Name              string       `xml:"Name"`
		Prefix            request.Text `xml:"Prefix"`
		KeyMarker         request.Text `xml:"KeyMarker"`
		VersionIDMarker   string       `xml:"VersionIdMarker"`
		NextKeyMarker     request.Text `xml:"NextKeyMarker,omitempty"`
		NextVersionMarker string       `xml:"NextVersionIdMarker,omitempty"`
		MaxKeys           int          `xml:"MaxKeys"`
		Delimiter         request.Text `xml:"Delimiter,omitempty"`
		EncodingType      string       `xml:"EncodingType,omitempty"`
		IsTruncated       bool         `xml:"IsTruncated"`
		Entries           []versionEntry
		CommonPrefixes    []CommonPrefixes `xml:"CommonPrefixes"`
	}{
		Name: c.BucketName, Prefix: encode(q.Prefix), KeyMarker: encode(q.After), VersionIDMarker: q.AfterVersion,
		MaxKeys: q.Max, Delimiter: encode(q.Delimiter), EncodingType: c.Query.Get("encoding-type"),
		IsTruncated: page.Truncated,
	}
	if page.Truncated {
		answer.NextKeyMarker, answer.NextVersionMarker = encode(page.NextKey), page.NextVersion
	}
	for _, e := range page.Entries {
		entry := versionEntry{
			name: "DeleteMarker", Key: encode(e.Key), VersionID: e.ID, IsLatest: e.Latest,
			LastModified: request.Stamp(e.Modified), Owner: request.Owner{ID: store.CanonicalID(c.Bucket.OwnerOf(e.Version))},
		}
		if !e.Marker {
			entry.name = "Version"
			entry.ETag, entry.Size, entry.StorageClass = request.Quoted(e.ETag), &e.Size, ClassOf(e.Version)
			entry.Type = e.Checksum.Type
			if e.Checksum.Algorithm != "" {
				entry.Algorithm = []string{e.Checksum.Algorithm}
			}
		}
		answer.Entries = append(answer.Entries, entry)
	}
	for _, p := range page.Prefixes {
		answer.CommonPrefixes = append(answer.CommonPrefixes, CommonPrefixes{encode(p)})
	}
	return c.Document(answer)
}
