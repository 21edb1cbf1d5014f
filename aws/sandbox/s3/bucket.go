package s3

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strconv"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

type owner struct {
	ID string `xml:"ID"`
}

func (c *call) listBuckets() error {
	type bucket struct {
		Name         string `xml:"Name"`
		CreationDate string `xml:"CreationDate"`
		BucketRegion string `xml:"BucketRegion"`
		BucketARN    string `xml:"BucketArn"`
	}
	answer := struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
		Owner   owner    `xml:"Owner"`
		Buckets struct {
			List []bucket `xml:"Bucket"`
		} `xml:"Buckets"`
		Token  string `xml:"ContinuationToken,omitempty"`
		Prefix string `xml:"Prefix,omitempty"`
	}{Owner: owner{canonicalID(c.caller.Identity.AccountID)}, Prefix: c.query.Get("prefix")}
	limit := 10000
	if text := c.query.Get("max-buckets"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 10000 {
			return invalidArgument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets", text)
		}
		limit = n
	}
	token := c.query.Get("continuation-token")
	region := c.query.Get("bucket-region")
	for _, b := range c.api.Store.Owned(c.caller.Identity.AccountID) {
		if b.Name <= token && token != "" || region != "" && b.Region != region ||
			len(b.Name) < len(answer.Prefix) || b.Name[:len(answer.Prefix)] != answer.Prefix {
			continue
		}
		if len(answer.Buckets.List) == limit {
			answer.Token = answer.Buckets.List[limit-1].Name
			break
		}
		answer.Buckets.List = append(answer.Buckets.List, bucket{b.Name, stamp(b.Created), b.Region, b.ARN()})
	}
	return c.document(answer)
}

func (c *call) headBucket() error {
	c.set("X-Amz-Bucket-Arn", c.bucket.ARN())
	c.set("X-Amz-Access-Point-Alias", "false")
	c.set("Content-Type", "application/xml")
	c.w.WriteHeader(http.StatusOK)
	return nil
}

func (c *call) deleteBucket() error {
	if err := c.api.Store.Delete(c.bucketName); err != nil {
		if !errors.Is(err, store.ErrNotEmpty) {
			return err
		}
		message := "The bucket you tried to delete is not empty"
		if c.bucket.Versioning() != store.NeverSet {
			message += ". You must delete all versions in the bucket."
		}
		return refusal.New(http.StatusConflict, "BucketNotEmpty", message, refusal.With("BucketName", c.bucketName))
	}
	return c.empty(http.StatusNoContent)
}

func (c *call) getLocation() error {
	if doc, found := c.bucket.Setting("location"); found {
		return c.bytes("application/xml", doc)
	}
	if c.bucket.Region == "us-east-1" {
		return c.bytes("application/xml", locationDocument(""))
	}
	return c.bytes("application/xml", locationDocument(c.bucket.Region))
}

func locationDocument(constraint string) []byte {
	location := &xmltree.Node{Name: "LocationConstraint", Text: constraint}
	return location.Document()
}

// canonicalID is the canonical user id of an account: 64 hexadecimal digits
// that depend on the account alone.
func canonicalID(accountID string) string {
	const filler = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c"
	return filler + accountID
}
