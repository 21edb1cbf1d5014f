package s3control

import (
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// tagged finds the bucket whose tags a request is about, and asks for an action
// on it. Other resources that S3 Control tags are not in the sandbox.
func (c *call) tagged(action string, said map[string]string) (*store.Bucket, error) {
	name, wrong := bucketOf(c.subject)
	b, found := c.Store.Bucket(name)
	if !found {
		if err := c.allowed(action, c.subject, said); err != nil {
			return nil, err
		}
		if wrong != nil {
			return nil, notHere("tags of " + c.subject + ": they are of buckets")
		}
		return nil, refusal.New(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
	}
	conditions := c.conditions(said)
	conditions["aws:ResourceAccount"], conditions["s3:ResourceAccount"] = b.Owner, b.Owner
	for _, tag := range b.Tags() {
		conditions["aws:ResourceTag/"+tag.Key] = tag.Value
	}
	_, document := b.Policy()
	decision := c.Accounts.AuthorizeResource(c.caller, action, b.ARN(), conditions, document, b.Owner)
	switch {
	case !decision.Allow:
		return nil, denied(decision.Reason)
	case c.account != b.Owner:
		return nil, denied("")
	case b.Region != c.region:
		return nil, refusal.New(http.StatusMovedPermanently, "PermanentRedirect",
			"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
	}
	return b, nil
}

// tagResource adds tags to a bucket, or replaces those of the same keys.
func tagResource(c *call) error {
	doc, wrong := c.document("TagResourceRequest")
	var tags []store.Tag
	if wrong == nil {
		tags, wrong = readTags(doc.Child("Tags"), "Tag")
	}
	said := map[string]string{}
	saidOfTags(said, tags)
	b, err := c.tagged("s3:TagResource", said)
	if err == nil {
		err = wrong
	}
	if err != nil {
		return err
	}
	err = b.UpdateTags(func(have []store.Tag) ([]store.Tag, error) {
		for _, tag := range tags {
			if i := slices.IndexFunc(have, func(t store.Tag) bool { return t.Key == tag.Key }); i >= 0 {
				have[i] = tag
			} else {
				have = append(have, tag)
			}
		}
		if len(have) > mostTags {
			return nil, tooManyTags()
		}
		return have, nil
	})
	if err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// untagResource takes tags away by their keys; there need be none.
func untagResource(c *call) error {
	keys := c.r.URL.Query()["tagKeys"]
	b, err := c.tagged("s3:UntagResource", map[string]string{"aws:TagKeys": strings.Join(keys, iam.Several)})
	if err != nil {
		return err
	}
	err = b.UpdateTags(func(have []store.Tag) ([]store.Tag, error) {
		return slices.DeleteFunc(have, func(t store.Tag) bool { return slices.Contains(keys, t.Key) }), nil
	})
	if err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

func listTags(c *call) error {
	b, err := c.tagged("s3:ListTagsForResource", nil)
	if err != nil {
		return err
	}
	return c.answer(xmltree.Of("ListTagsForResourceResult", tagNodes("Tags", "Tag", b.Tags())))
}
