package objects

import (
	"net/http"

	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func getObjectACL(c *request.Call) error {
	v, err := findKept(c)
	if err != nil {
		return err
	}
	if err := checkOwned(c, v, store.ReadACP); err != nil {
		return err
	}
	setVersionID(c, v)
	return buckets.TellACL(c, c.Bucket.OwnerOf(v), c.Bucket.Grants(v))
}

func putObjectACL(c *request.Call) error {
	v, err := findKept(c)
	if err != nil {
		return err
	}
	if err := checkOwned(c, v, store.WriteACP); err != nil {
		return err
	}
	grants, err := buckets.TakeACL(c, c.Bucket.OwnerOf(v))
	if err != nil || grants == nil {
		return err
	}
	v, err = c.Bucket.Update(c.Key, v.ID, func(v *store.Version) { v.ACL = grants })
	if err != nil {
		return err
	}
	c.Backend.Engine.Edited(c.Bucket, v)
	setVersionID(c, v)
	return c.Empty(http.StatusOK)
}
