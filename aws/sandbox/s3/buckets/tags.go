package buckets

import (
	"encoding/xml"
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// Tagging is the answer to reading tags.
type Tagging struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	Set     TagSet   `xml:"TagSet"`
}

// TagSet is sent even where it is empty.
type TagSet struct {
	Tags []store.Tag `xml:"Tag"`
}

// ReadTagging reads a Tagging document with at most limit tags.
func ReadTagging(c *request.Call, limit int) ([]store.Tag, error) {
	root, err := c.ReadXML("Tagging", request.MalformedXML())
	if err != nil {
		return nil, err
	}
	if !root.Only(nil, "TagSet") || root.Child("TagSet") == nil {
		return nil, request.MalformedXML()
	}
	return request.ReadTagNodes(root.Child("TagSet"), limit)
}

func getBucketTags(c *request.Call) error {
	tags := c.Bucket.Tags()
	if len(tags) == 0 {
		return refusal.New(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist", refusal.With("BucketName", c.BucketName))
	}
	return c.Document(Tagging{Set: TagSet{tags}})
}

func putBucketTags(c *request.Call) error {
	tags, err := ReadTagging(c, 50)
	if err != nil {
		return err
	}
	c.Bucket.SetTags(tags)
	return c.Empty(http.StatusNoContent)
}

func deleteBucketTags(c *request.Call) error {
	c.Bucket.SetTags(nil)
	return c.Empty(http.StatusNoContent)
}
