package request

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/tagtext"
	"bothways/aws/sandbox/xmltree"
)

// ReadTagNodes reads the Tag elements within parent.
func ReadTagNodes(parent *xmltree.Node, limit int) ([]store.Tag, error) {
	tags := make([]store.Tag, 0, len(parent.Children))
	for _, n := range parent.Children {
		if n.Name != "Tag" || !n.Only(nil, "Key", "Value") || n.Child("Key") == nil || n.Child("Value") == nil {
			return nil, MalformedXML()
		}
		tags = append(tags, store.Tag{Key: n.Child("Key").Text, Value: n.Child("Value").Text})
	}
	return tags, checkTags(tags, limit)
}

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
		case !tagtext.Key(t.Key):
			return invalid("The TagKey you have provided is invalid", t.Key)
		case !tagtext.Value(t.Value):
			return invalid("The TagValue you have provided is invalid", t.Key)
		case seen[t.Key]:
			return invalid("Cannot provide multiple Tags with the same key", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}

// HeaderTags reads the x-amz-tagging header, written like a query.
func (c *Call) HeaderTags() ([]store.Tag, error) {
	text := c.R.Header.Get("X-Amz-Tagging")
	if text == "" {
		return nil, nil
	}
	malformed := InvalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "+
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
