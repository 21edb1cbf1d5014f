package buckets

import (
	"encoding/xml"
	"errors"
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func listBuckets(c *request.Call) error {
	type bucket struct {
		Name         string `xml:"Name"`
		CreationDate string `xml:"CreationDate"`
		BucketRegion string `xml:"BucketRegion"`
		BucketARN    string `xml:"BucketArn"`
	}
	answer := struct {
		XMLName xml.Name      `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
		Owner   request.Owner `xml:"Owner"`
		Buckets struct {
			List []bucket `xml:"Bucket"`
		} `xml:"Buckets"`
		Token  string `xml:"ContinuationToken,omitempty"`
		Prefix string `xml:"Prefix,omitempty"`
	}{Owner: request.Owner{ID: store.CanonicalID(c.Caller.Identity.AccountID)}, Prefix: c.Query.Get("prefix")}
	limit := 10000
	if text := c.Query.Get("max-buckets"); text != "" {
		n, err := request.Within("max-buckets", text, 1, 10000)
		if err != nil {
			return err
		}
		limit = n
	}
	token := c.Query.Get("continuation-token")
	region := c.Query.Get("bucket-region")
	for _, b := range c.Backend.Store.Owned(c.Caller.Identity.AccountID) {
		if b.Name <= token && token != "" || region != "" && b.Region != region ||
			len(b.Name) < len(answer.Prefix) || b.Name[:len(answer.Prefix)] != answer.Prefix {
			continue
		}
		if len(answer.Buckets.List) == limit {
			answer.Token = answer.Buckets.List[limit-1].Name
			break
		}
		answer.Buckets.List = append(answer.Buckets.List, bucket{b.Name, request.Stamp(b.Created), b.Region, b.ARN()})
	}
	return c.Document(answer)
}

func headBucket(c *request.Call) error {
	c.Set("X-Amz-Bucket-Arn", c.Bucket.ARN())
	c.Set("X-Amz-Access-Point-Alias", "false")
	c.Set("Content-Type", "application/xml")
	c.W.WriteHeader(http.StatusOK)
	return nil
}

func deleteBucket(c *request.Call) error {
	if err := c.Backend.Store.Delete(c.BucketName); err != nil {
		if !errors.Is(err, store.ErrNotEmpty) {
			return err
		}
		message := "The bucket you tried to delete is not empty"
		if c.Bucket.Versioning() != store.NeverSet {
			message += ". You must delete all versions in the bucket."
		}
		return refusal.New(http.StatusConflict, "BucketNotEmpty", message, refusal.With("BucketName", c.BucketName))
	}
	return c.Empty(http.StatusNoContent)
}

func getLocation(c *request.Call) error {
	if doc, found := c.Bucket.Setting("location"); found {
		return c.Bytes("application/xml", doc)
	}
	if c.Bucket.Region == "us-east-1" {
		return c.Bytes("application/xml", locationDocument(""))
	}
	return c.Bytes("application/xml", locationDocument(c.Bucket.Region))
}

func locationDocument(constraint string) []byte {
	return xmltree.Leaf("LocationConstraint", constraint).Document()
}
