package objects

import (
	"net/http"

	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func getObjectTags(c *request.Call) error {
	v, err := findKept(c)
	if err != nil {
		return err
	}
	setVersionID(c, v)
	return c.Document(buckets.Tagging{Set: buckets.TagSet{Tags: v.Tags}})
}

// saidOfTags is what the tags to be say to conditions (Service Authorization
// Reference, Actions defined by Amazon S3: PutObjectTagging).
func saidOfTags(c *request.Call) map[string]string {
	tags, _ := buckets.ReadTagging(c, 10) // refused later, if at all
	return request.SaidOfTags(tags)
}

func putObjectTags(c *request.Call) error {
	tags, err := buckets.ReadTagging(c, 10)
	if err != nil {
		return err
	}
	return retag(c, tags, http.StatusOK)
}

func deleteObjectTags(c *request.Call) error { return retag(c, nil, http.StatusNoContent) }

func retag(c *request.Call, tags []store.Tag, status int) error {
	v, err := findKept(c)
	if err != nil {
		return err
	}
	v, err = c.Bucket.Update(c.Key, v.ID, func(v *store.Version) { v.Tags = tags })
	if err != nil {
		return err
	}
	c.Backend.Engine.Edited(c.Bucket, v)
	setVersionID(c, v)
	return c.Empty(status)
}
