package s3

import (
	"encoding/xml"
)

// versionEntry is a Version or a DeleteMarker element; the two kinds stand in
// one order, so they are one type with different names.
type versionEntry struct {
	name         string   // of the element
	Key          string   `xml:"Key"`
	VersionID    string   `xml:"VersionId"`
	IsLatest     bool     `xml:"IsLatest"`
	LastModified string   `xml:"LastModified"`
	ETag         string   `xml:"ETag,omitempty"`
	Algorithm    []string `xml:"ChecksumAlgorithm,omitempty"`
	Type         string   `xml:"ChecksumType,omitempty"`
	Size         *int64   `xml:"Size"`
	StorageClass string   `xml:"StorageClass,omitempty"`
	Owner        owner    `xml:"Owner"`
}

// MarshalXML implements xml.Marshaler.
func (e versionEntry) MarshalXML(encoder *xml.Encoder, start xml.StartElement) error {
	type fields versionEntry
	start.Name = xml.Name{Local: e.name}
	return encoder.EncodeElement(fields(e), start)
}

func (c *call) listVersions() error {
	q, encode, err := c.listQuery("max-keys")
	if err != nil {
		return err
	}
	q.After, q.AfterVersion = c.query.Get("key-marker"), c.query.Get("version-id-marker")
	q.PassPrefix = q.AfterVersion == ""
	if c.query.Has("version-id-marker") {
		switch {
		case q.AfterVersion == "":
			return invalidArgument("A version-id marker cannot be empty.", "version-id-marker", "")
		case q.After == "":
			return invalidArgument("A version-id marker cannot be specified without a key marker.",
				"version-id-marker", q.AfterVersion)
		case !isVersionID(q.AfterVersion):
			return invalidArgument("Invalid version id specified", "version-id-marker", q.AfterVersion)
		}
	}
	page := c.bucket.AllVersions(q)
	answer := struct {
		XMLName           xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
		Name              string   `xml:"Name"`
		Prefix            string   `xml:"Prefix"`
		KeyMarker         string   `xml:"KeyMarker"`
		VersionIDMarker   string   `xml:"VersionIdMarker"`
		NextKeyMarker     string   `xml:"NextKeyMarker,omitempty"`
		NextVersionMarker string   `xml:"NextVersionIdMarker,omitempty"`
		MaxKeys           int      `xml:"MaxKeys"`
		Delimiter         string   `xml:"Delimiter,omitempty"`
		EncodingType      string   `xml:"EncodingType,omitempty"`
		IsTruncated       bool     `xml:"IsTruncated"`
		Entries           []versionEntry
		CommonPrefixes    []commonPrefixes `xml:"CommonPrefixes"`
	}{
		Name: c.bucketName, Prefix: encode(q.Prefix), KeyMarker: encode(q.After), VersionIDMarker: q.AfterVersion,
		MaxKeys: q.Max, Delimiter: encode(q.Delimiter), EncodingType: c.query.Get("encoding-type"),
		IsTruncated: page.Truncated,
	}
	if page.Truncated {
		answer.NextKeyMarker, answer.NextVersionMarker = encode(page.NextKey), page.NextVersion
	}
	for _, e := range page.Entries {
		entry := versionEntry{
			name: "DeleteMarker", Key: encode(e.Key), VersionID: e.ID, IsLatest: e.Latest,
			LastModified: stamp(e.Modified), Owner: owner{canonicalID(c.bucket.Owner)},
		}
		if !e.Marker {
			entry.name = "Version"
			entry.ETag, entry.Size, entry.StorageClass = quoted(e.ETag), &e.Size, classOf(e.Version)
			entry.Type = e.Checksum.Type
			if e.Checksum.Algorithm != "" {
				entry.Algorithm = []string{e.Checksum.Algorithm}
			}
		}
		answer.Entries = append(answer.Entries, entry)
	}
	for _, p := range page.Prefixes {
		answer.CommonPrefixes = append(answer.CommonPrefixes, commonPrefixes{encode(p)})
	}
	return c.document(answer)
}
