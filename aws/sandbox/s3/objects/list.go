package objects

import (
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

type contents struct {
	Key          request.Text   `xml:"Key"`
	LastModified string         `xml:"LastModified"`
	ETag         string         `xml:"ETag"`
	Algorithm    []string       `xml:"ChecksumAlgorithm,omitempty"`
	Type         string         `xml:"ChecksumType,omitempty"`
	Size         int64          `xml:"Size"`
	Owner        *request.Owner `xml:"Owner,omitempty"`
	StorageClass string         `xml:"StorageClass"`
}

// CommonPrefixes is an element of a list: one prefix that keys were rolled up to.
type CommonPrefixes struct {
	Prefix request.Text `xml:"Prefix"`
}

type listResult struct {
	XMLName        xml.Name         `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name           string           `xml:"Name"`
	Prefix         request.Text     `xml:"Prefix"`
	Marker         *request.Text    `xml:"Marker"`
	NextMarker     request.Text     `xml:"NextMarker,omitempty"`
	StartAfter     request.Text     `xml:"StartAfter,omitempty"`
	Token          string           `xml:"ContinuationToken,omitempty"`
	NextToken      string           `xml:"NextContinuationToken,omitempty"`
	KeyCount       *int             `xml:"KeyCount"`
	MaxKeys        int              `xml:"MaxKeys"`
	Delimiter      request.Text     `xml:"Delimiter,omitempty"`
	EncodingType   string           `xml:"EncodingType,omitempty"`
	IsTruncated    bool             `xml:"IsTruncated"`
	Contents       []contents       `xml:"Contents"`
	CommonPrefixes []CommonPrefixes `xml:"CommonPrefixes"`
}

// listObjects serves both versions of ListObjects.
func listObjects(c *request.Call) error {
	second := c.Query.Get("list-type") == "2"
	q, encode, err := ListQuery(c, "max-keys")
	if err != nil {
		return err
	}
	answer := listResult{
		Name: c.BucketName, Prefix: encode(q.Prefix), MaxKeys: q.Max, Delimiter: encode(q.Delimiter),
		EncodingType: c.Query.Get("encoding-type"),
	}
	fetchOwner := !second || c.Query.Get("fetch-owner") == "true"
	if second {
		q.After = c.Query.Get("start-after")
		answer.StartAfter = encode(q.After)
		if answer.Token = c.Query.Get("continuation-token"); c.Query.Has("continuation-token") {
			after, err := base64.URLEncoding.DecodeString(answer.Token)
			if err != nil || answer.Token == "" {
				return request.InvalidArgument("The continuation token provided is incorrect", "continuation-token", answer.Token)
			}
			q.After = string(after)
		}
	} else {
		q.After, q.PassPrefix = c.Query.Get("marker"), true
		marker := encode(q.After)
		answer.Marker = &marker
	}
	page := c.Bucket.Objects(q)
	for _, e := range page.Entries {
		entry := contents{
			Key: encode(e.Key), LastModified: request.Stamp(e.Modified), ETag: request.Quoted(e.ETag), Size: e.Size,
			StorageClass: ClassOf(e.Version), Type: e.Checksum.Type,
		}
		if e.Checksum.Algorithm != "" {
			entry.Algorithm = []string{e.Checksum.Algorithm}
		}
		if fetchOwner {
			entry.Owner = &request.Owner{ID: store.CanonicalID(c.Bucket.OwnerOf(e.Version))}
		}
		answer.Contents = append(answer.Contents, entry)
	}
	for _, p := range page.Prefixes {
		answer.CommonPrefixes = append(answer.CommonPrefixes, CommonPrefixes{encode(p)})
	}
	answer.IsTruncated = page.Truncated
	if second {
		count := len(page.Entries) + len(page.Prefixes)
		answer.KeyCount = &count
		if page.Truncated {
			answer.NextToken = base64.URLEncoding.EncodeToString([]byte(page.NextKey))
		}
	} else if page.Truncated && q.Delimiter != "" {
		// S3 sends the next marker only with a delimiter (S3 API Reference,
		// ListObjects).
		answer.NextMarker = encode(page.NextKey)
	}
	return c.Document(answer)
}

// ListQuery reads the parameters that all listings share. The function that
// it returns encodes keys as the request asks.
func ListQuery(c *request.Call, maxName string) (store.Query, func(string) request.Text, error) {
	encode := func(s string) request.Text { return request.Text(s) }
	switch encoding := c.Query.Get("encoding-type"); encoding {
	case "":
	case "url":
		encode = func(s string) request.Text {
			return request.Text(strings.ReplaceAll(url.QueryEscape(s), "%2F", "/"))
		}
	default:
		return store.Query{}, nil, request.InvalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encoding)
	}
	limit := 1000
	if text := c.Query.Get(maxName); text != "" {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return store.Query{}, nil, request.InvalidArgument("Provided "+maxName+" not an integer or within integer range", maxName, text)
		}
		if n < 0 {
			return store.Query{}, nil, request.InvalidArgument("Argument "+maxName+" must be an integer between 0 and 2147483647", maxName, text)
		}
		limit = min(limit, int(n))
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
