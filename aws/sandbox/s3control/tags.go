package s3control

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/tagtext"
	"bothways/aws/sandbox/xmltree"
)

// mostTags is how many tags a job or a bucket has at most (S3 API Reference,
// PutJobTagging and TagResource).
const mostTags = 50

// readTags reads a list of tags with elements of that name; there may be none.
func readTags(list *xmltree.Node, element string) ([]store.Tag, error) {
	if list == nil {
		return nil, nil
	}
	if !list.Only([]string{element}) {
		return nil, malformed()
	}
	var tags []store.Tag
	seen := map[string]bool{}
	for _, n := range list.Children {
		key, value := n.Child("Key"), n.Child("Value")
		if key == nil || value == nil || !n.Only(nil, "Key", "Value") {
			return nil, malformed()
		}
		wrong := ""
		switch {
		case strings.HasPrefix(strings.ToLower(key.Text), "aws:"):
			wrong = "System tags cannot be added/updated by requester"
		case !tagtext.Key(key.Text):
			wrong = "The TagKey you have provided is invalid"
		case !tagtext.Value(value.Text):
			wrong = "The TagValue you have provided is invalid"
		case seen[key.Text]:
			wrong = "Cannot provide multiple Tags with the same key"
		}
		if wrong != "" {
			return nil, refusal.New(http.StatusBadRequest, "InvalidTag", wrong)
		}
		seen[key.Text] = true
		tags = append(tags, store.Tag{Key: key.Text, Value: value.Text})
	}
	if len(tags) > mostTags {
		return nil, tooManyTags()
	}
	return tags, nil
}

func tooManyTags() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "TooManyTagsException", "There can be at most 50 tags")
}

// tagNodes writes tags as elements of a list.
func tagNodes(list, element string, tags []store.Tag) *xmltree.Node {
	node := xmltree.Of(list)
	for _, t := range tags {
		node.Children = append(node.Children, xmltree.Of(element, xmltree.Leaf("Key", t.Key), xmltree.Leaf("Value", t.Value)))
	}
	return node
}

func getJobTags(c *call) error {
	j, err := c.job("s3:GetJobTagging", nil)
	if err != nil {
		return err
	}
	return c.answer(xmltree.Of("GetJobTaggingResult", tagNodes("Tags", "member", j.Tags)))
}

func putJobTags(c *call) error {
	doc, wrong := c.document("PutJobTaggingRequest")
	var tags []store.Tag
	if wrong == nil {
		tags, wrong = readTags(doc.Child("Tags"), "member")
	}
	said := map[string]string{}
	saidOfTags(said, tags)
	if _, err := c.job("s3:PutJobTagging", said); err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	if _, err := c.Jobs.SetTags(c.account, c.region, c.subject, tags); err != nil {
		return refusalOf(err, "")
	}
	return c.answer(xmltree.Of("PutJobTaggingResult"))
}

func deleteJobTags(c *call) error {
	if _, err := c.job("s3:DeleteJobTagging", nil); err != nil {
		return err
	}
	if _, err := c.Jobs.SetTags(c.account, c.region, c.subject, nil); err != nil {
		return refusalOf(err, "")
	}
	return c.answer(xmltree.Of("DeleteJobTaggingResult"))
}
