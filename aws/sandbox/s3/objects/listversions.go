package objects

import (
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

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
	defer page.Release()
	w := xmltree.NewWriter("ListVersionsResult", 512*(1+len(page.Entries)+len(page.Prefixes)))
	defer w.Release()
	w.Leaf("Name", c.BucketName)
	w.Leaf("Prefix", encode(q.Prefix))
	w.Leaf("KeyMarker", encode(q.After))
	w.Leaf("VersionIdMarker", q.AfterVersion)
	if page.Truncated {
		w.Some("NextKeyMarker", encode(page.NextKey))
		w.Some("NextVersionIdMarker", page.NextVersion)
	}
	w.Number("MaxKeys", int64(q.Max))
	w.Some("Delimiter", encode(q.Delimiter))
	w.Some("EncodingType", c.Query.Get("encoding-type"))
	w.Truth("IsTruncated", page.Truncated)
	owner := store.CanonicalID(c.Bucket.Owner)
	for _, e := range page.Entries {
		// The two kinds stand in one order.
		kind := "Version"
		if e.Marker {
			kind = "DeleteMarker"
		}
		w.Open(kind)
		w.Leaf("Key", encode(e.Key))
		w.Plain("VersionId", e.ID)
		w.Truth("IsLatest", e.Latest)
		w.Stamp("LastModified", e.Modified)
		if !e.Marker {
			listContent(w, e.Version)
			w.Plain("StorageClass", ClassOf(e.Version))
		}
		listOwner(w, c, e.Version, owner)
		w.Close(kind)
	}
	ListPrefixes(w, page.Prefixes, encode)
	return c.Bytes("application/xml", w.Document())
}
