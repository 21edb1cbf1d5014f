package objects

import (
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
)

func getObjectACL(c *request.Call) error {
	if _, err := findKept(c); err != nil {
		return err
	}
	return buckets.GetACL(c)
}

func putObjectACL(c *request.Call) error {
	if _, err := findKept(c); err != nil {
		return err
	}
	return buckets.PutACL(c)
}
