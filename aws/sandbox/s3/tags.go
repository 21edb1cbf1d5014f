package s3

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// tagging is the answer to reading tags.
type tagging struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	Set     tagSet   `xml:"TagSet"`
}

// tagSet is told even where it is empty.
type tagSet struct {
	Tags []store.Tag `xml:"Tag"`
}

// readTagging reads a Tagging document with at most limit tags.
func (c *call) readTagging(limit int) ([]store.Tag, error) {
	doc, err := c.readDocument()
	if err != nil {
		return nil, err
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "Tagging" || !root.Only(nil, "TagSet") || root.Child("TagSet") == nil {
		return nil, malformedXML()
	}
	return readTagNodes(root.Child("TagSet"), limit)
}

// readTagNodes reads the Tag elements within parent.
func readTagNodes(parent *xmltree.Node, limit int) ([]store.Tag, error) {
	tags := make([]store.Tag, 0, len(parent.Children))
	for _, n := range parent.Children {
		if n.Name != "Tag" || !n.Only(nil, "Key", "Value") || n.Child("Key") == nil || n.Child("Value") == nil {
			return nil, malformedXML()
		}
		tags = append(tags, store.Tag{Key: n.Child("Key").Text, Value: n.Child("Value").Text})
	}
	return tags, checkTags(tags, limit)
}

// tagText holds the characters that tags may have.
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// checkTags follows the S3 User Guide's page on object tags:
// 10 tags an object, 50 a bucket, keys of 1 to 128 and values of at most 256
// characters.
func checkTags(tags []store.Tag, limit int) error {
	invalid := func(message, key string) error {
		return refusal.New(http.StatusBadRequest, "InvalidTag", message, refusal.With("TagKey", key))
	}
	if len(tags) > limit {
		if limit == 10 {
			return refusal.New(http.StatusBadRequest, "BadRequest", "Object tags cannot be greater than 10")
		}
		return refusal.New(http.StatusBadRequest, "BadRequest", "Bucket tag count cannot be greater than 50")
	}
	seen := map[string]bool{}
	for _, t := range tags {
		switch {
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return invalid(`User-defined tag keys can't start with "aws:". This prefix is reserved for system tags. `+
				`Remove "aws:" from your tag keys and try again.`, t.Key)
		case t.Key == "" || utf8.RuneCountInString(t.Key) > 128 || !tagText.MatchString(t.Key):
			return invalid("The TagKey you have provided is invalid", t.Key)
		case utf8.RuneCountInString(t.Value) > 256 || !tagText.MatchString(t.Value):
			return invalid("The TagValue you have provided is invalid", t.Key)
		case seen[t.Key]:
			return invalid("Cannot provide multiple Tags with the same key", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}

// headerTags reads the x-amz-tagging header, written like a query.
func (c *call) headerTags() ([]store.Tag, error) {
	text := c.r.Header.Get("X-Amz-Tagging")
	if text == "" {
		return nil, nil
	}
	malformed := invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "+
		"parameters without tag name duplicates.", "x-amz-tagging", text)
	var tags []store.Tag
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(key)
		content, err2 := url.QueryUnescape(value)
		duplicate := slices.ContainsFunc(tags, func(t store.Tag) bool { return t.Key == name })
		if err != nil || err2 != nil || duplicate || !utf8.ValidString(name+content) {
			return nil, malformed
		}
		tags = append(tags, store.Tag{Key: name, Value: content})
	}
	return tags, checkTags(tags, 10)
}

func (c *call) getBucketTags() error {
	tags := c.bucket.Tags()
	if len(tags) == 0 {
		return refusal.New(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist", refusal.With("BucketName", c.bucketName))
	}
	return c.document(tagging{Set: tagSet{tags}})
}

func (c *call) putBucketTags() error {
	tags, err := c.readTagging(50)
	if err != nil {
		return err
	}
	c.bucket.SetTags(tags)
	return c.empty(http.StatusNoContent)
}

func (c *call) deleteBucketTags() error {
	c.bucket.SetTags(nil)
	return c.empty(http.StatusNoContent)
}

func (c *call) getObjectTags() error {
	v, err := c.find()
	if err != nil {
		return err
	}
	c.setVersionID(v)
	return c.document(tagging{Set: tagSet{v.Tags}})
}

func (c *call) putObjectTags() error {
	tags, err := c.readTagging(10)
	if err != nil {
		return err
	}
	return c.retag(tags, http.StatusOK)
}

func (c *call) deleteObjectTags() error { return c.retag(nil, http.StatusNoContent) }

func (c *call) retag(tags []store.Tag, status int) error {
	v, err := c.find()
	if err != nil {
		return err
	}
	v, err = c.bucket.Update(c.key, v.ID, func(v *store.Version) { v.Tags = tags })
	if err != nil {
		return err
	}
	c.api.Engine.Edited(c.bucket, v)
	c.setVersionID(v)
	return c.empty(status)
}
