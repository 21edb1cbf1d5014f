package objects

import (
	"encoding/base64"
	"net/url"
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// listObjects serves both versions of ListObjects.
func listObjects(c *request.Call) error {
	second := c.Query.Get("list-type") == "2"
	q, encode, err := ListQuery(c, "max-keys")
	if err != nil {
		return err
	}
	var token, startAfter string
	if second {
		startAfter = c.Query.Get("start-after")
		q.After = startAfter
		if token = c.Query.Get("continuation-token"); c.Query.Has("continuation-token") {
			after, err := base64.URLEncoding.DecodeString(token)
			if err != nil || token == "" {
				return request.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token)
			}
			q.After = string(after)
		}
	} else {
		q.After, q.PassPrefix = c.Query.Get("marker"), true
	}
	page := c.Bucket.Objects(q)
	defer page.Release()
	w := xmltree.NewWriter("ListBucketResult", 512*(1+len(page.Entries)+len(page.Prefixes)))
	defer w.Release()
	w.Leaf("Name", c.BucketName)
	w.Leaf("Prefix", encode(q.Prefix))
	if second {
		w.Some("StartAfter", encode(startAfter))
		w.Some("ContinuationToken", token)
		if page.Truncated {
			w.Leaf("NextContinuationToken", base64.URLEncoding.EncodeToString([]byte(page.NextKey)))
		}
		w.Number("KeyCount", int64(len(page.Entries)+len(page.Prefixes)))
	} else {
		w.Leaf("Marker", encode(q.After))
		if page.Truncated && q.Delimiter != "" {
			// S3 sends the next marker only with a delimiter (S3 API Reference,
			// ListObjects).
			w.Leaf("NextMarker", encode(page.NextKey))
		}
	}
	w.Number("MaxKeys", int64(q.Max))
	w.Some("Delimiter", encode(q.Delimiter))
	w.Some("EncodingType", c.Query.Get("encoding-type"))
	w.Truth("IsTruncated", page.Truncated)
	fetchOwner, owner := !second || c.Query.Get("fetch-owner") == "true", store.CanonicalID(c.Bucket.Owner)
	for _, e := range page.Entries {
		w.Open("Contents")
		w.Leaf("Key", encode(e.Key))
		w.Stamp("LastModified", e.Modified)
		listContent(w, e.Version)
		if fetchOwner {
			listOwner(w, c, e.Version, owner)
		}
		w.Plain("StorageClass", ClassOf(e.Version))
		w.Close("Contents")
	}
	ListPrefixes(w, page.Prefixes, encode)
	return c.Bytes("application/xml", w.Document())
}

// listContent writes what an entry of a list says of its content.
func listContent(w *xmltree.Writer, v *store.Version) {
	w.Quoted("ETag", v.ETag)
	w.Some("ChecksumAlgorithm", v.Checksum.Algorithm)
	w.Some("ChecksumType", v.Checksum.Type)
	w.Number("Size", v.Size)
}

// listOwner writes whose an entry is; bucket is the id of the bucket's owner, whose
// most are.
func listOwner(w *xmltree.Writer, c *request.Call, v *store.Version, bucket string) {
	id := bucket
	if v.Owner != "" {
		id = store.CanonicalID(c.Bucket.OwnerOf(v))
	}
	w.Open("Owner")
	w.Plain("ID", id)
	w.Close("Owner")
}

// ListPrefixes writes the prefixes that keys were rolled up to.
func ListPrefixes(w *xmltree.Writer, prefixes []string, encode func(string) string) {
	for _, p := range prefixes {
		w.Open("CommonPrefixes")
		w.Leaf("Prefix", encode(p))
		w.Close("CommonPrefixes")
	}
}

// ListQuery reads the parameters that all listings share. The function that
// it returns encodes keys as the request asks.
func ListQuery(c *request.Call, maxName string) (store.Query, func(string) string, error) {
	encode := func(s string) string { return s }
	switch encoding := c.Query.Get("encoding-type"); encoding {
	case "":
	case "url":
		encode = func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") }
	default:
		return store.Query{}, nil, request.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encoding)
	}
	limit := 1000
	if text := c.Query.Get(maxName); text != "" {
		n, err := request.Within(maxName, text, 0, request.Largest)
		if err != nil {
			return store.Query{}, nil, err
		}
		limit = min(limit, n)
	}
	return store.Query{Prefix: c.Query.Get("prefix"), Delimiter: c.Query.Get("delimiter"), Max: limit}, encode, nil
}

// ClassOf returns the storage class as lists tell it.
func ClassOf(v *store.Version) string {
	if v.StorageClass == "" {
		return "STANDARD"
	}
	return v.StorageClass
}
